import { join } from 'node:path';
import { type App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  EnvironmentProfile, JobProcessingPipeline, JobProcessor, JobStore, NatGateways, PostgresProxy, ProxiedPostgres, RetryPolicy, SecureNetwork,
  type SqlMigrations,
} from '../../src/index';

/** How the pipelines are sized; tests calculate with it. */
export const SIZES = {
  timeoutSeconds: 3,
  maxAttempts: 3,
  maximumConcurrency: 10,
  /** What the engine takes, and what the proxy has of it. */
  maxConnections: 25,
  poolPercent: 80,
  pool: 20,
} as const;

/** Two pipelines whose records are in one database behind a proxy: handlers that do as they are told, and one whose rows end with its jobs. */
export class PostgresPipelineStack extends Stack {
  constructor(app: App, id: string, migrations: SqlMigrations) {
    super(app, id);
    const profile = EnvironmentProfile.staging();
    const network = new SecureNetwork(this, 'Network', { profile, natGateways: NatGateways.one() });
    const database = new ProxiedPostgres(this, 'Database', {
      profile, network, migrations, proxy: PostgresProxy.pooled({ maxConnectionsPercent: SIZES.poolPercent }),
    });
    this.pipeline('Jobs', database, join(__dirname, '../pipelines/handler'));
    this.pipeline('Rows', database, join(__dirname, 'rows'));
    new CfnOutput(this, 'ProxyHost', { value: database.proxy!.endpoint });
  }

  private pipeline(id: string, database: ProxiedPostgres, code: string): void {
    const { maxAttempts, maximumConcurrency, timeoutSeconds } = SIZES;
    const pipeline = new JobProcessingPipeline(this, id, {
      pipelineName: `Postgres.${id}`,
      profile: EnvironmentProfile.dev(),
      store: JobStore.postgres(database),
      processor: JobProcessor.inFunction(new lambda.Function(this, `${id}Handler`, {
        code: lambda.Code.fromAsset(code),
        handler: 'index.handler',
        runtime: lambda.Runtime.NODEJS_24_X,
        architecture: lambda.Architecture.ARM_64,
        timeout: Duration.seconds(timeoutSeconds),
      })),
      retryPolicy: RetryPolicy.exponential({ maxAttempts, firstDelay: Duration.seconds(1), maxDelay: Duration.seconds(2) }),
      maximumConcurrency,
    });
    new CfnOutput(this, `${id}Url`, { value: pipeline.apiUrl! });
  }
}
