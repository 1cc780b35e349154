import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DatabaseInsightsMode } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  BackupCopy, EnvironmentProfile, NetworkEndpoint, PostgresEngine, PostgresProxy, PostgresRole, ProxiedPostgres, SecureNetwork, SqlMigrations,
} from '../src';
import { integApp } from './app';

/**
 * Both engines in each environment, and everything that can be said of each; network, databases and functions in stacks of their own. What holds
 * data (server, key, secret) must keep its logical id.
 */
const app = integApp();
const networkStack = new Stack(app, 'ProxiedPostgresNetworkStack');
const instances = new Stack(app, 'ProxiedPostgresInstancesStack');
const clusters = new Stack(app, 'ProxiedPostgresAuroraStack');
const functions = new Stack(app, 'ProxiedPostgresFunctionsStack');

const { dev, staging, prod } = EnvironmentProfile;
const network = new SecureNetwork(networkStack, 'Network', { profile: staging() });
const functionIn = (scope: Stack, id: string) => new LambdaFunction(scope, id, {
  runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => {};'),
});

const environments = { Dev: dev(), Staging: staging(), Prod: prod() };
for (const [id, profile] of Object.entries(environments)) {
  const instance = new ProxiedPostgres(instances, id, { profile, network });
  instance.grantConnect(functionIn(instances, `${id}Function`), { role: PostgresRole.APP, concurrency: 5 });
  const cluster = new ProxiedPostgres(clusters, id, { profile, network, engine: PostgresEngine.auroraServerlessV2() });
  cluster.grantConnect(functionIn(clusters, `${id}Function`), { role: PostgresRole.APP, concurrency: 5 });
}

const largest = new ProxiedPostgres(instances, 'Maximal', {
  profile: prod(),
  network,
  engine: PostgresEngine.instance({ instanceType: InstanceType.of(InstanceClass.R7G, InstanceSize.XLARGE), readers: 2 }),
  proxy: PostgresProxy.pooled({ maxConnectionsPercent: 80, maxIdleConnectionsPercent: 20, borrowTimeout: Duration.seconds(10) }),
  databaseName: 'invoices',
  migrations: SqlMigrations.onlyExtensions('vector', 'pg_trgm'),
  parameters: { log_min_duration_statement: '1000' },
  backupRetention: Duration.days(35),
  backupCopy: BackupCopy.replication({
    region: 'eu-central-1', encryptionKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012',
  }),
  databaseInsights: DatabaseInsightsMode.ADVANCED,
  alarms: { cpu: { threshold: 70 }, deadlocks: { enabled: false } },
});
largest.allowSessionManagerAccess();
largest.alarms.connections!.addAlarmAction(new SnsAction(new Topic(instances, 'Topic', { enforceSSL: true })));
largest.grantConnect(functionIn(functions, 'Writes'), { role: PostgresRole.APP, concurrency: 5, services: [NetworkEndpoint.SQS] });
largest.grantConnect(functionIn(functions, 'Reads'), { role: PostgresRole.READONLY, concurrency: 5, toReaders: true });

const grown = new ProxiedPostgres(clusters, 'Maximal', {
  profile: prod(),
  network,
  engine: PostgresEngine.auroraServerlessV2({ minCapacity: 2, maxCapacity: 32, readers: 2 }),
  backupCopy: BackupCopy.dailyToVault({ vaultArn: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs' }),
});
grown.allowSessionManagerAccess();
grown.grantConnect(functionIn(functions, 'ReadsCluster'), { role: PostgresRole.READONLY, concurrency: 5, toReaders: true });

const paused = new ProxiedPostgres(clusters, 'Paused', {
  profile: dev(), network, engine: PostgresEngine.auroraServerlessV2({ minCapacity: 0 }), rotateMasterSecret: false,
});
paused.grantConnect(functionIn(functions, 'Direct'), { role: PostgresRole.APP, concurrency: 5 });

new IntegTest(app, 'ProxiedPostgres', { testCases: [instances, clusters] });
