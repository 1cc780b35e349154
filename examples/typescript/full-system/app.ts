import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import {
  AlarmChannel, ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, JobStore, NetworkEndpoint, ObservabilityDashboard,
  PayloadSchema, PostgresRole, ProxiedPostgres, QueuedLambdaWorker, RetryPolicy, SecureNetwork, SqlMigrations,
} from 'cdk-jobworks';
import type { Construct } from 'constructs';

/** Statements of accounts: jobs come by an API into PostgreSQL, customers are told by a queue, and one page shows it all. */
class Statements extends Stack {
  constructor(scope: Construct, id: string, profile: EnvironmentProfile) {
    super(scope, id);
    profile.applyTo(this);

    const network = new SecureNetwork(this, 'Network', { profile });
    const database = new ProxiedPostgres(this, 'Database', { profile, network, migrations: SqlMigrations.fromDirectory(join(__dirname, 'sql')) });

    const pipeline = new JobProcessingPipeline(this, 'Statements', {
      pipelineName: `statements-${profile.name}`,
      processor: JobProcessor.inFunction(this.fn('statement', profile)),
      store: JobStore.postgres(database),
      api: JobApi.http({ authentication: ApiAuthentication.apiKeys(), reservedConcurrency: 10 }), // 60 jobs a minute for each customer
      payloadSchema: PayloadSchema.fromFile(join(__dirname, 'statement.schema.json')),
      maximumConcurrency: 5,
    });

    const notify = this.fn('notify', profile);
    const notifications = new QueuedLambdaWorker(this, 'Notifications', {
      function: notify,
      maximumConcurrency: 5,
      visibilityTimeout: Duration.seconds(30), // so soon is tried again what could not be sent
      retryPolicy: RetryPolicy.attempts(5),
    });
    database.grantConnect(notify, { role: PostgresRole.APP, concurrency: 5 });

    const statement = pipeline.worker.function as lambda.Function;
    notifications.grantSendMessages(statement);
    statement.addEnvironment('NOTIFICATIONS_URL', notifications.queue.queueUrl);
    database.grantConnect(statement, { role: PostgresRole.APP, concurrency: 5, services: [NetworkEndpoint.SQS], maxConnections: 2 });

    new ObservabilityDashboard(this, 'Operations', {
      monitored: [pipeline, notifications, database, network],
      notify: [AlarmChannel.email('on-call@example.com')],
    });
    new CfnOutput(this, 'ApiUrl', { value: pipeline.apiUrl! });
  }

  private fn(name: string, profile: EnvironmentProfile): lambda.Function {
    return new lambda.Function(this, name, {
      code: lambda.Code.fromAsset(join(__dirname, 'handler')),
      handler: `${name}.handler`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(20),
      tracing: lambda.Tracing.ACTIVE,
      logGroup: new logs.LogGroup(this, `${name}-logs`, { retention: profile.logRetention }),
    });
  }
}

export const app = new App(); // for its tests
new Statements(app, 'Statements-Dev', EnvironmentProfile.dev());
new Statements(app, 'Statements-Staging', EnvironmentProfile.staging());
new Statements(app, 'Statements-Prod', EnvironmentProfile.prod());
