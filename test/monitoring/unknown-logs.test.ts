import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';

const WARNING = Match.stringLikeRegexp('The log of Stack/Function is not known.*cdk-jobworks:dashboard\\.unknownLogs');

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  EnvironmentProfile.dev().applyTo(stack);
});

const fn = (logGroup?: logs.ILogGroup) => new lambda.Function(stack, 'Function', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => ({});'), logGroup,
});
const pipelineOf = (processor: lambda.Function) => new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(processor), api: JobApi.none() });

test('a page without the log of the function that does the work says so, once it is asked for', () => {
  const pipeline = pipelineOf(fn());
  Annotations.fromStack(stack).hasNoWarning('*', WARNING);
  pipeline.monitor();
  Annotations.fromStack(stack).hasWarning('/Stack/Jobs', WARNING);
});

test('that of a worker as well', () => {
  new QueuedLambdaWorker(stack, 'Mails', { function: fn() }).monitor();
  Annotations.fromStack(stack).hasWarning('/Stack/Mails', WARNING);
});

test('a declared log is on the page, and there is nothing to say', () => {
  pipelineOf(fn(new logs.LogGroup(stack, 'Logs'))).monitor();
  Annotations.fromStack(stack).hasNoWarning('*', WARNING);
});
