import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import {
  AlarmChannel, ApiAuthentication, ConfigParameters, CostGuard, DashboardSection, EnvironmentProfile, GradualDeployment,
  JobApi, JobFiles, JobProcessingPipeline, JobProcessor, ObservabilityDashboard, PayloadSchema, RetryPolicy, SmokeTest, SubmitLimit,
} from 'cdk-jobworks';

export const app = new App(); // for its tests
const context = (name: string) => app.node.tryGetContext(name);
const stack = new Stack(app, 'DrawingAnalysis');
const profile = EnvironmentProfile.named(context('environment'));
profile.applyTo(stack);
const isDev = profile.name === 'dev';

// `-c shortTimeouts=true` is for trying it out without waiting for minutes. Nothing but these durations differs.
const shortTimeouts = String(context('shortTimeouts')) === 'true';
const times = shortTimeouts
  ? { timeout: Duration.seconds(5), work: Duration.seconds(2), firstDelay: Duration.seconds(1) }
  : { timeout: Duration.minutes(15), work: Duration.seconds(30), firstDelay: Duration.seconds(10) };

const analyse = new lambda.Function(stack, 'Analyse', {
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  memorySize: Number(context('memorySize') ?? 3072), // MB
  timeout: times.timeout,
  logGroup: new logs.LogGroup(stack, 'AnalyseLogs', { retention: profile.logRetention }),
});

const config = new ConfigParameters(stack, 'Config', { parameters: { 'dollars-per-million-tokens': '3' } });
config.grantRead(analyse);

const files = new JobFiles(stack, 'Files', { transferAcceleration: !isDev }); // for uploads, and for what is too large for the table
const operations = new ObservabilityDashboard(stack, 'Operations', { title: 'Drawings', notify: [AlarmChannel.email(context('alarmEmail'))] });

const pipeline = new JobProcessingPipeline(stack, 'Drawings', {
  pipelineName: 'drawings',
  processor: JobProcessor.inFunction(analyse),
  api: JobApi.rest({
    submitPath: '/process-drawing',
    statusPath: '/status/{job_id}',
    authentication: ApiAuthentication.apiKeys(),
    submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 1, burst: 10 }),
    maxUploadSize: Size.mebibytes(10),
    ...(!isDev && { provisionedConcurrency: 2, statusCaching: { ttl: Duration.seconds(1) } }), // both are billed by the hour
  }),
  bucket: files.bucket,
  payloadSchema: PayloadSchema.fromFile(join(__dirname, 'drawing.schema.json')),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 3, firstDelay: times.firstDelay }),
  retention: Duration.days(30),
  maximumConcurrency: 20,
  alarms: { worker: { oldestMessageAge: { threshold: Duration.minutes(20).toSeconds() } } }, // not only when all attempts could be over
  expectedLoad: { jobsPerDay: 5_000, jobDuration: times.work, peakFactor: 4 },
  ...(!isDev && {
    deployment: GradualDeployment.canary({
      smokeTest: SmokeTest.job({ payload: { name: 'gasket.dxf', dxf: readFileSync(join(__dirname, 'samples/gasket.dxf'), 'utf8') } }),
      notify: operations.ticketTopic,
    }),
  }),
});

Annotations.of(pipeline).acknowledgeWarning('cdk-jobworks:deployment.provisionedConcurrency', 'it is the worker that changes most, and it has its canary');
const left = [pipeline.metric('TokensUsed', { label: 'tokens used' })];
const right = [pipeline.metric('TokenCost', { label: 'cost, US dollars' })];
operations.add(pipeline, files, { // and what only this app counts
  monitor: () => ({
    title: 'Model',
    rows: [{ section: DashboardSection.COST, widgets: [new GraphWidget({ title: 'Tokens of the model', width: 24, left, right })] }],
  }),
});
new CostGuard(stack, 'Costs', { system: 'drawing-analysis', ticketTopic: operations.ticketTopic, pageTopic: operations.pageTopic });

new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('acme').keyId, description: 'aws apigateway get-api-key --include-value --api-key …' });
