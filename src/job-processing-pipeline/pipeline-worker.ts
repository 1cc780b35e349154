import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { seconds, type PropNames } from '../internal/prop-rules';
import type { QueuedLambdaWorkerProps } from '../queued-lambda-worker/queued-lambda-worker-props';
import { settle } from '../queued-lambda-worker/worker-settings';

/**
 * Each message is hidden for the time of its own attempt when that begins, so this slows nothing down that did begin. It is for a function that
 * is throttled or cannot start: each time uses up a receive, and with a few seconds between them the fuse would end every job within a minute
 * of an incident. With 5 minutes between them, and 3 attempts, it takes 55.
 */
const SHORTEST_VISIBILITY_SECONDS = 300;

/** The worker inside a pipeline, as far as the pipeline's own props say it: what its rules judge before anything is created. */
export function workerProps(
  { processor, maximumConcurrency, alarms }: JobProcessingPipelineProps, { retryPolicy }: Pick<PipelineSettings, 'retryPolicy'>,
): QueuedLambdaWorkerProps {
  const kind = processor._kind;
  return {
    ...kind.workerProps,
    batchSize: 1,
    visibilityTimeout: Duration.seconds(Math.max(2 * (seconds(kind.attemptTimeout) ?? 0), SHORTEST_VISIBILITY_SECONDS)),
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
