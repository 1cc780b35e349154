import { join } from 'node:path';
import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, RetryPolicy, SubmitLimit,
} from 'cdk-jobworks';

const app = new App();
const stack = new Stack(app, 'DrawingAnalysis');
const profile = environmentProfile(app.node.tryGetContext('environment'));
profile.applyTo(stack);
const isDev = profile.name === 'dev';

// `-c shortTimeouts=true` is for trying it out without waiting for minutes. Nothing but these durations differs.
const shortTimeouts = String(app.node.tryGetContext('shortTimeouts')) === 'true';
const times = shortTimeouts
  ? { timeout: Duration.seconds(5), firstDelay: Duration.seconds(1) }
  : { timeout: Duration.minutes(15), firstDelay: Duration.seconds(10) };

const analyse = new lambda.Function(stack, 'Analyse', {
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  memorySize: Number(app.node.tryGetContext('memorySize') ?? 3072), // MB
  timeout: times.timeout,
  logGroup: new logs.LogGroup(stack, 'AnalyseLogs', { retention: profile.logRetention }),
});

const files = new s3.Bucket(stack, 'Files', {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  lifecycleRules: [{ transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }] }],
});

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
  bucket: files, // for uploads, and for what is too large for the table
  payloadSchema: PayloadSchema.fromFile(join(__dirname, 'drawing.schema.json')),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 3, firstDelay: times.firstDelay }),
  retention: Duration.days(30),
  maximumConcurrency: 20,
  alarms: {
    firstDeadLettered: { threshold: 1 },
    deadLettered: { threshold: 5 },
    failureRate: { threshold: 10 },
    worker: { oldestMessageAge: { threshold: Duration.minutes(20).toSeconds() }, errors: { threshold: 10 } },
  },
});

const alarms = new sns.Topic(stack, 'Alarms'); // subscribe whoever is on call
pipeline.addAlarmAction(new SnsAction(alarms));

new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('acme').keyId, description: 'aws apigateway get-api-key --include-value --api-key …' });
new CfnOutput(stack, 'AlarmTopicArn', { value: alarms.topicArn });

function environmentProfile(name = 'prod'): EnvironmentProfile {
  switch (name) {
    case 'dev': return EnvironmentProfile.dev();
    case 'staging': return EnvironmentProfile.staging();
    case 'prod': return EnvironmentProfile.prod();
    default: throw new Error(`environment must be dev, staging or prod, not "${name}"`);
  }
}
