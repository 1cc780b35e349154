import { join } from 'node:path';
import { Annotations, App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import {
  AlarmChannel, ApiAuthentication, CostGuard, EnvironmentProfile, JobApi, JobFiles, JobProcessingPipeline, JobProcessor, JobSteps, JobStore,
  ObservabilityDashboard, PayloadSchema, PostgresProxy, PostgresRole, ProxiedPostgres, RetryPolicy, SecureNetwork, SqlMigrations, SubmitLimit,
} from 'cdk-jobworks';
import { BASIC_POLICY, explain } from './reasons';

export const app = new App(); // for its tests
const context = (name: string) => String(app.node.tryGetContext(name) ?? '');
const stack = new Stack(app, 'InvoiceExtraction');
const profile = EnvironmentProfile.named(context('environment'));
profile.applyTo(stack);

const network = new SecureNetwork(stack, 'Network', { profile });
const database = new ProxiedPostgres(stack, 'Database', {
  profile,
  network,
  proxy: PostgresProxy.pooled(), // in dev, too
  migrations: SqlMigrations.fromDirectory(join(__dirname, 'sql')),
});

const ocr = step('Ocr', { memorySize: 1024, timeout: Duration.minutes(2) });
const extract = step('Extract', { memorySize: 512, timeout: Duration.minutes(5) });
const complete = step('Complete', { memorySize: 256, timeout: Duration.seconds(30) });
database.grantConnect(complete, { role: PostgresRole.APP });
const steps = new JobSteps(stack, 'Steps', {
  functions: [ocr, extract, complete],
  onFailure: complete,
  maxAttempts: 3, // of each step
  timeout: Duration.minutes(30),
});

const files = new JobFiles(stack, 'Files');
const pipeline = new JobProcessingPipeline(stack, 'Invoices', {
  pipelineName: 'invoices',
  processor: JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 25 }),
  store: JobStore.postgres(database),
  bucket: files.bucket,
  payloadSchema: PayloadSchema.fromFile(join(__dirname, 'invoice.schema.json')),
  retryPolicy: RetryPolicy.none(), // steps are tried again, each for itself: what a model has done is not asked for twice
  api: JobApi.http({
    authentication: ApiAuthentication.apiKeys(),
    submitLimit: SubmitLimit.exact({ perMinute: 60 }), // of each customer
    ratePerSecond: 200, // of all customers; 125 requests at once are expected
    cors: { allowOrigins: [context('webClient')] },
    maxUploadSize: Size.mebibytes(10),
    reservedConcurrency: 25, // to submit, and as much to read: 50 for job management
    ...(profile.name !== 'dev' && { provisionedConcurrency: 2, maxProvisionedConcurrency: 15 }), // billed by the hour
  }),
});

pipeline.grantReadFiles(ocr);
Annotations.of(pipeline).acknowledgeWarning('cdk-jobworks:api.keysInBrowsers', 'the page has no key: it asks its user for one');

const operations = new ObservabilityDashboard(stack, 'Operations', {
  title: 'Invoices',
  monitored: [pipeline, steps, database, network, files],
  notify: [AlarmChannel.email(context('alarmEmail'))],
});
new CostGuard(stack, 'Costs', {
  system: 'invoice-extraction', monthlyBudgetDollars: Number(context('monthlyBudgetUsd')), ticketTopic: operations.ticketTopic,
});
new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'FilesPrefix', { value: pipeline.filesPrefix, description: 'in the bucket, before the pdf_url of a job' });

function step(id: string, size: Pick<lambda.FunctionProps, 'memorySize' | 'timeout'>): lambda.Function {
  const fn = new lambda.Function(stack, id, {
    ...size,
    reservedConcurrentExecutions: 25,
    code: lambda.Code.fromAsset(join(__dirname, 'handler')),
    handler: `${id.toLowerCase()}.handler`,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    tracing: lambda.Tracing.ACTIVE,
    loggingFormat: lambda.LoggingFormat.JSON,
    logGroup: new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH }),
  });
  explain(fn, 'the policy of AWS has what logs need, and X-Ray knows no resources', BASIC_POLICY, 'AwsSolutions-IAM5[Resource::*]');
  explain(fn, 'the state machine waits for the answer: there is no event to lose', 'Serverless-LambdaDLQ');
  return fn;
}
