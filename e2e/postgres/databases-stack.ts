import { join } from 'node:path';
import { type App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  EnvironmentProfile, NatGateways, PostgresEngine, PostgresProxy, PostgresRole, ProxiedPostgres, SecureNetwork, SqlMigrations,
} from '../../src/index';
import { ENVIRONMENT } from '../../src/runtime/wire/environment';

/** A stack each: an instance without a proxy, one behind a proxy, and a cluster with a reader behind one. */
export type Kind = 'Direct' | 'Proxied' | 'Cluster';

/** A database and functions that read it; one of them was granted nothing. */
export class DatabaseStack extends Stack {
  private readonly database: ProxiedPostgres;

  constructor(app: App, kind: Kind, migrations?: SqlMigrations) {
    super(app, kind);
    const profile = kind === 'Direct' ? EnvironmentProfile.dev() : EnvironmentProfile.staging();
    const network = new SecureNetwork(this, 'Network', { profile, natGateways: NatGateways.one() });
    this.database = new ProxiedPostgres(this, 'Database', {
      profile,
      network,
      migrations,
      engine: kind === 'Cluster' ? PostgresEngine.auroraServerlessV2({ minCapacity: 0.5, maxCapacity: 1, readers: 1 }) : undefined,
      proxy: kind === 'Direct' ? PostgresProxy.none() : PostgresProxy.pooled({ borrowTimeout: Duration.seconds(5) }),
    });
    this.database.grantConnect(this.reader('Reader'), { role: PostgresRole.APP });
    if (kind === 'Cluster') this.database.grantConnect(this.reader('FromReaders'), { role: PostgresRole.READONLY, toReaders: true });
    if (kind === 'Proxied') this.withoutPermission(this.reader('Stranger'));
    new CfnOutput(this, `${kind}Secret`, { value: this.database.masterSecret.secretArn });
    new CfnOutput(this, `${kind}Rotation`, { value: this.database.rotationFunction!.functionName });
  }

  private reader(id: string): lambda.Function {
    const fn = new lambda.Function(this, id, {
      code: lambda.Code.fromAsset(join(__dirname, 'reader')),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: Duration.seconds(20),
      reservedConcurrentExecutions: 2,
    });
    new CfnOutput(this, `${this.node.id}${id}`, { value: fn.functionName });
    return fn;
  }

  /** Knows everything that a function needs, and may not. */
  private withoutPermission(fn: lambda.Function): void {
    fn.addLayers(this.node.findChild('JobWorksPostgresLayer') as lambda.LayerVersion);
    const known = {
      [ENVIRONMENT.databaseHost]: this.database.proxy!.endpoint,
      [ENVIRONMENT.databasePort]: '5432',
      [ENVIRONMENT.databaseName]: this.database.databaseName,
      [ENVIRONMENT.databaseRole]: 'app',
      [ENVIRONMENT.databaseCa]: '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem',
      [ENVIRONMENT.databaseMaxConnections]: '1',
    };
    for (const [name, value] of Object.entries(known)) fn.addEnvironment(name, value);
  }
}
