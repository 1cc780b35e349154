import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { seconds, type PropNames } from '../internal/prop-rules';
import type { QueuedLambdaWorkerProps } from '../queued-lambda-worker/queued-lambda-worker-props';
import { settle } from '../queued-lambda-worker/worker-settings';

/** The worker inside a pipeline, as far as the pipeline's own props say it: what its rules judge before anything is created. */
export function workerProps(
  { processor, maximumConcurrency, alarms }: JobProcessingPipelineProps, { retryPolicy }: Pick<PipelineSettings, 'retryPolicy'>,
): QueuedLambdaWorkerProps {
  const kind = processor._kind;
  return {
    ...kind.workerProps,
    batchSize: 1,
    // Each message is hidden for the time of its own attempt when that begins. This is for a worker that never got so far, and for throttling.
    visibilityTimeout: Duration.seconds(2 * (seconds(kind.attemptTimeout) ?? 0)),
    maximumConcurrency,
    // The record counts attempts. This is a fuse for deliveries whose worker never started.
    maxReceiveCount: 2 * retryPolicy.maxAttempts + 5,
    alarms: alarms?.worker,
  };
}

/** The same, when its function is there. */
export function workerPropsWith(fn: lambda.Function, props: QueuedLambdaWorkerProps): QueuedLambdaWorkerProps {
  const { batchSize, visibilityTimeout, maxReceiveCount } = props;
  return { function: fn, batchSize, visibilityTimeout, maxReceiveCount, maximumConcurrency: settle(props).maximumConcurrency };
}

/** What the worker's props are to the user of a pipeline. */
export const WORKER_PROP_NAMES: PropNames = {
  'alarms.': 'alarms.worker.',
  'maxReceiveCount': 'the receives of a message (2 × retryPolicy.maxAttempts + 5)',
  'retentionPeriod': 'the retention of the queue',
  'visibilityTimeout': 'the timeout of the function',
};
