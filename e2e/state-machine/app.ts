import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { STEPS } from './names';
import { JobProcessingPipeline, JobProcessor, JobSteps, RetryPolicy } from '../../src/index';

/** Three functions as a state machine that runs the jobs of a pipeline. */
const stack = new Stack(new App(), STEPS.stack);
const step = (name: string) => new lambda.Function(stack, name[0].toUpperCase() + name.slice(1), {
  code: lambda.Code.fromAsset(join(__dirname, 'handler')),
  handler: `index.${name}`,
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  timeout: Duration.seconds(30),
});
const steps = new JobSteps(stack, 'Steps', {
  functions: [step('read'), step('extract'), step('complete')],
  maxAttempts: 1, // the attempts of the job are tried here, not those of a step
  timeout: Duration.minutes(2),
});
const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
  processor: JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: STEPS.maxConcurrency }),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: STEPS.maxAttempts, firstDelay: Duration.seconds(1), maxDelay: Duration.seconds(2) }),
});
new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'TableName', { value: pipeline.table.tableName });
