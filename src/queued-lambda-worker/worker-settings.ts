import { Duration } from 'aws-cdk-lib';
import { readQueue, type ExistingQueue } from './existing-queue';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import { RetryPolicy } from './retry-policy';
import { readFunction, type ExistingFunction } from '../internal/existing-function';
import { known, seconds } from '../internal/prop-rules';

/** Lambda's longest timeout. */
export const MAX_TIMEOUT_SECONDS = 900;
/** The longest batching window. */
export const MAX_WINDOW_SECONDS = 300;
/** What AWS recommends, so that a throttled batch can be tried again before its messages come back. */
const VISIBILITY_FACTOR = 6;
/** A queue causes so many invocations at a time at least. */
export const LEAST_CONCURRENCY = 2;
/** How many invocations one provisioned poller can cause at a time. */
export const INVOCATIONS_PER_POLLER = 10;

/** What a worker is made with: the props, what existing resources say, and the defaults that follow. */
export interface WorkerSettings {
  readonly existingFunction?: ExistingFunction;
  readonly existingQueue?: ExistingQueue;
  readonly fifo: boolean;
  /** The function's timeout; not known for an imported function whose user has not said it. */
  readonly timeout?: Duration;
  readonly reservedConcurrency?: number;
  readonly batchSize: number;
  readonly batchingWindow?: Duration;
  /** How long a message is hidden; not known for an imported queue whose user has not said it. */
  readonly visibilityTimeout?: Duration;
  readonly retentionPeriod: Duration;
  readonly deadLetterRetentionPeriod: Duration;
  readonly maxReceiveCount: number;
  readonly maximumConcurrency?: number;
  readonly minimumPollers?: number;
  readonly maximumPollers?: number;
}

/** Settles every setting, right or wrong: the rules judge them afterwards. */
export function settle(props: QueuedLambdaWorkerProps): WorkerSettings {
  const existingFunction = props.function && readFunction(props.function);
  const existingQueue = props.queue && readQueue(props.queue);

  const fifo = props.queue?.fifo ?? props.fifo ?? false;
  const timeout = existingFunction ? existingFunction.timeout ?? props.timeout : props.timeout ?? Duration.seconds(30);
  const reservedConcurrency = existingFunction?.reservedConcurrency ?? props.reservedConcurrency;
  const batchSize = props.batchSize ?? 10;
  const batchingWindow = props.batchingWindow ?? ((known(batchSize) ?? 0) > 10 && !fifo ? Duration.seconds(1) : undefined);

  return {
    existingFunction,
    existingQueue,
    fifo,
    timeout,
    reservedConcurrency,
    batchSize,
    batchingWindow,
    visibilityTimeout: existingQueue
      ? existingQueue.visibilityTimeout ?? props.visibilityTimeout
      : props.visibilityTimeout ?? recommendedVisibility(timeout, batchingWindow),
    retentionPeriod: props.retentionPeriod ?? Duration.days(4),
    deadLetterRetentionPeriod: props.deadLetterRetentionPeriod ?? Duration.days(14),
    maxReceiveCount: props.maxReceiveCount ?? (props.retryPolicy ?? RetryPolicy.attempts(3)).maxAttempts,
    maximumConcurrency: props.maximumConcurrency ?? followingConcurrency(props, reservedConcurrency),
    minimumPollers: props.minimumPollers,
    maximumPollers: props.maximumPollers,
  };
}

/** Whether dedicated pollers are asked for. */
export function isProvisioned(props: { readonly minimumPollers?: number; readonly maximumPollers?: number }): boolean {
  return props.minimumPollers !== undefined || props.maximumPollers !== undefined;
}

/** What is not known before deployment is taken as its longest. */
function recommendedVisibility(timeout?: Duration, window?: Duration): Duration {
  const longestRun = seconds(timeout) ?? MAX_TIMEOUT_SECONDS;
  const longestWindow = window ? seconds(window) ?? MAX_WINDOW_SECONDS : 0;
  return Duration.seconds(VISIBILITY_FACTOR * longestRun + longestWindow);
}

/**
 * Pollers do not know of reserved concurrency; unless they are told, they fetch messages that the function then throttles. The fewest they can
 * be told to cause is 2.
 */
function followingConcurrency(props: QueuedLambdaWorkerProps, reservedConcurrency: number | undefined): number | undefined {
  const reserved = known(reservedConcurrency);
  return reserved === undefined || isProvisioned(props) ? undefined : Math.min(Math.max(reserved, LEAST_CONCURRENCY), 1000);
}
