import { Duration } from 'aws-cdk-lib';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PropNames } from '../internal/prop-rules';
import { attemptTimeout } from '../job-processor/connect-processor';
import type { QueuedLambdaWorkerProps } from '../queued-lambda-worker/queued-lambda-worker-props';
import { RetryPolicy } from '../queued-lambda-worker/retry-policy';

/** The worker inside a pipeline, as far as the pipeline's own props say it: what its rules judge before anything is created. */
export function workerProps({ processor, maximumConcurrency, retryPolicy, alarms }: JobProcessingPipelineProps): QueuedLambdaWorkerProps {
  const { maxAttempts } = retryPolicy ?? RetryPolicy.exponential();
  return {
    function: processor._function,
    batchSize: 1,
    // The layer hides each message for the time of its own attempt. This is for a worker that never got so far, and for throttling.
    visibilityTimeout: Duration.seconds(2 * attemptTimeout(processor._function).toSeconds()),
    maximumConcurrency,
    // The record counts attempts. This is a fuse for deliveries whose worker never started.
    maxReceiveCount: 2 * maxAttempts + 5,
    alarms: alarms?.worker,
  };
}

/** What the worker's props are to the user of a pipeline. */
export const WORKER_PROP_NAMES: PropNames = {
  'alarms.': 'alarms.worker.',
  'maxReceiveCount': 'the receives of a message (2 × retryPolicy.maxAttempts + 5)',
  'retentionPeriod': 'the retention of the queue',
  'visibilityTimeout': 'the timeout of the function',
};
