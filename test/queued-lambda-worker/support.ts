import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerProps } from '../../src/queued-lambda-worker/queued-lambda-worker-props';

/** The least that a worker with a new function needs. */
export const CODE = {
  get code() {
    return lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');
  },
  handler: 'index.handler',
};

export function newStack(id = 'Stack'): Stack {
  return new Stack(new App(), id);
}

/** A function of the app, as a user makes one. */
export function functionOf(stack: Stack, props: Omit<lambda.FunctionProps, 'code' | 'handler' | 'runtime'> = {}): lambda.Function {
  return new lambda.Function(stack, 'Existing', { ...CODE, runtime: lambda.Runtime.NODEJS_24_X, ...props });
}

/** A worker in a stack of its own, with what it becomes. */
export function synthesise(props: QueuedLambdaWorkerProps = {}, stack = newStack()): { worker: QueuedLambdaWorker; template: Template } {
  const worker = new QueuedLambdaWorker(stack, 'Worker', props.function ? props : { ...CODE, ...props });
  return { worker, template: Template.fromStack(stack) };
}

/** The message with which a worker refuses its props. */
export function refusal(props: QueuedLambdaWorkerProps, stack = newStack()): string {
  try {
    new QueuedLambdaWorker(stack, 'Worker', props);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The props were accepted.');
}
