import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, RetryPolicy } from 'cdk-jobworks';

const app = new App();
const stack = new Stack(app, 'DrawingAnalysis');
environmentProfile(app.node.tryGetContext('environment')).applyTo(stack);

// `-c shortTimeouts=true` is for trying it out without waiting for minutes. Nothing but these durations differs.
const shortTimeouts = String(app.node.tryGetContext('shortTimeouts')) === 'true';
const times = shortTimeouts
  ? { timeout: Duration.seconds(8), firstDelay: Duration.seconds(1) }
  : { timeout: Duration.minutes(15), firstDelay: Duration.seconds(10) };

const analyse = new lambda.Function(stack, 'Analyse', {
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.handler',
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  memorySize: Number(app.node.tryGetContext('memorySize') ?? 3072), // MB
  timeout: times.timeout,
  tracing: lambda.Tracing.ACTIVE,
});

const pipeline = new JobProcessingPipeline(stack, 'Drawings', {
  pipelineName: 'drawings',
  processor: JobProcessor.inFunction(analyse),
  api: JobApi.rest({
    submitPath: '/process-drawing',
    statusPath: '/status/{job_id}',
    authentication: ApiAuthentication.apiKeys({ submitRatePerSecond: 1, submitBurst: 10 }),
  }),
  payloadSchema: PayloadSchema.fromFile(join(__dirname, 'drawing.schema.json')),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 3, firstDelay: times.firstDelay }),
  retention: Duration.days(30),
  maximumConcurrency: 20,
  alarms: {
    failureRate: { threshold: 10 },
    worker: {
      firstDeadLetter: { threshold: 1 },
      deadLetters: { threshold: 5 },
      oldestMessageAge: { threshold: Duration.minutes(20).toSeconds() },
      errors: { threshold: 10 },
    },
  },
});

new CfnOutput(stack, 'ApiUrl', { value: pipeline.api!.url });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('acme').keyId, description: 'aws apigateway get-api-key --include-value --api-key …' });

function environmentProfile(name = 'prod'): EnvironmentProfile {
  switch (name) {
    case 'dev': return EnvironmentProfile.dev();
    case 'staging': return EnvironmentProfile.staging();
    case 'prod': return EnvironmentProfile.prod();
    default: throw new Error(`environment must be dev, staging or prod, not "${name}"`);
  }
}
