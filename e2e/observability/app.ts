import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnQueue, IQueue } from 'aws-cdk-lib/aws-sqs';
import { OPERATIONS } from './names';
import {
  AlarmChannel, JobApi, JobProcessingPipeline, JobProcessor, JobSteps, ObservabilityDashboard, QueuedLambdaWorker, RetryPolicy,
} from '../../src/index';

/**
 * Three pipelines and a worker as their users have them, with the alarms as they are by default, and one dashboard over all of it that tells an
 * endpoint. Nothing is tuned for the tests but how long an attempt may take, when what failed is tried again, and that functions have concurrency of
 * their own.
 */
const app = new App();
const stack = new Stack(app, OPERATIONS.stack);
const { pipelines, timeoutSeconds, maxAttempts, reservedConcurrency } = OPERATIONS;
const retryPolicy = RetryPolicy.exponential({ maxAttempts, firstDelay: Duration.seconds(1), maxDelay: Duration.seconds(1) });

const fn = (id: string, handler: string, reservedConcurrentExecutions?: number) => new lambda.Function(stack, id, {
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: `index.${handler}`,
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  timeout: Duration.seconds(timeoutSeconds),
  reservedConcurrentExecutions,
  logGroup: new LogGroup(stack, `${id}Logs`),
});

const jobs = new JobProcessingPipeline(stack, 'Jobs', {
  pipelineName: pipelines.jobs,
  processor: JobProcessor.inFunction(fn('Handler', 'handler', reservedConcurrency)),
  maximumConcurrency: reservedConcurrency,
  api: JobApi.rest({ reservedConcurrency }),
  retryPolicy,
});
const late = new JobProcessingPipeline(stack, 'Late', {
  pipelineName: pipelines.late,
  processor: JobProcessor.inFunction(fn('LateHandler', 'handler')),
  maximumConcurrency: OPERATIONS.lateConcurrency,
  api: JobApi.none(),
  retryPolicy,
});
const steps = new JobProcessingPipeline(stack, 'Steps', {
  pipelineName: pipelines.steps,
  processor: JobProcessor.runStateMachine(new JobSteps(stack, 'Machine', {
    functions: [fn('Step', 'step')], maxAttempts: 1, timeout: Duration.minutes(2),
  }).stateMachine, { maxConcurrency: 10 }),
  api: JobApi.none(),
  retryPolicy,
});
const mails = new QueuedLambdaWorker(stack, 'Mails', {
  label: 'mails',
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: 'index.mail',
  runtime: lambda.Runtime.NODEJS_24_X,
  timeout: Duration.seconds(timeoutSeconds),
  maxReceiveCount: OPERATIONS.maxReceiveCount,
});

new ObservabilityDashboard(stack, 'Dashboard', {
  monitored: [jobs, late, steps, mails],
  notify: [AlarmChannel.https(String(app.node.tryGetContext('onCall') ?? 'https://on-call.example.com/alarms'))],
});

for (const queue of [jobs.deadLetterQueue, mails.queue]) soonVisible(queue);

for (const [name, pipeline] of Object.entries({ Jobs: jobs, Late: late, Steps: steps })) {
  new CfnOutput(stack, `${name}Submit`, { value: pipeline.submitFunction.functionName });
  new CfnOutput(stack, `${name}Operate`, { value: pipeline.operateFunction.functionName });
  new CfnOutput(stack, `${name}Queue`, { value: pipeline.queue.queueUrl });
  new CfnOutput(stack, `${name}DeadLetters`, { value: pipeline.deadLetterQueue.queueUrl });
  new CfnOutput(stack, `${name}Worker`, { value: pipeline.worker.function.functionName });
}
new CfnOutput(stack, 'ApiUrl', { value: jobs.apiUrl! });
new CfnOutput(stack, 'MailsQueue', { value: mails.queue.queueUrl });
new CfnOutput(stack, 'MailsDeadLetters', { value: mails.deadLetterQueue!.queueUrl });

/** What a function failed to do is tried again after a second, and not after minutes. */
function soonVisible(queue: IQueue): void {
  (queue.node.defaultChild as CfnQueue).visibilityTimeout = 1;
}
