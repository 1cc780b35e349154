import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, RetryPolicy } from '../src';
import { integApp } from './app';

/** A pipeline with nothing but a processor, and beside it one that says everything: what is kept (table, queues, key) must keep its logical id. */
const app = integApp();
const stack = new Stack(app, 'JobProcessingPipelineStack');

const handler = (id: string) => new LambdaFunction(stack, id, {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async (job) => ({ got: job.payload });'),
  timeout: Duration.seconds(30),
});

new JobProcessingPipeline(stack, 'Minimal', { processor: JobProcessor.inFunction(handler('MinimalHandler')) });

const maximal = new JobProcessingPipeline(stack, 'Maximal', {
  processor: JobProcessor.inFunction(handler('MaximalHandler')),
  profile: EnvironmentProfile.staging(),
  pipelineName: 'maximal',
  payloadSchema: PayloadSchema.fromObject({ type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } }),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(2) }),
  deadline: Duration.hours(6),
  retention: Duration.days(90),
  maximumConcurrency: 10,
  api: JobApi.rest({
    authentication: ApiAuthentication.apiKeys(),
    submitPath: '/process',
    statusPath: '/status/{job_id}',
    stageName: 'prod',
  }),
  alarms: { failureRate: { threshold: 20 }, worker: { throttles: { enabled: false } } },
});
maximal.addCustomer('acme');

new IntegTest(app, 'JobProcessingPipeline', { testCases: [stack] });
