import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { known, seconds, type PropNames } from '../internal/prop-rules';
import type { QueuedLambdaWorker } from '../queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerProps } from '../queued-lambda-worker/queued-lambda-worker-props';
import { MOST_ATTEMPTS, type RetryPolicy } from '../queued-lambda-worker/retry-policy';
import type { QueuedLambdaWorkerAlarms } from '../queued-lambda-worker/worker-alarms';
import { MAX_TIMEOUT_SECONDS, settle } from '../queued-lambda-worker/worker-settings';

/**
 * What works through the queue of a pipeline, with its alarms and metrics.
 *
 * It lets nobody send messages, as a `QueuedLambdaWorker` does: a message is not checked as a submission is, and names the owner of its job
 * itself. Let others submit by `JobProcessingPipeline.grantSubmit()`.
 */
export class PipelineWorker {
  /** @internal */
  public static _of(worker: QueuedLambdaWorker): PipelineWorker {
    return new PipelineWorker(worker);
  }

  /** The function that gets the messages: that of `JobProcessor.inFunction()`, or the runner that calls yours. With `deployment` its alias. */
  public readonly function: lambda.IFunction;
  /** What takes messages from the queue and calls the function; operators pause it. */
  public readonly eventSourceMapping: lambda.IEventSourceMapping;
  /** The alarms of queue and function, by what they watch. */
  public readonly alarms: QueuedLambdaWorkerAlarms;

  private constructor(private readonly worker: QueuedLambdaWorker) {
    this.function = worker.function;
    this.eventSourceMapping = worker.eventSourceMapping;
    this.alarms = worker.alarms;
  }

  /**
   * How many jobs wait to be taken. One that waits for its next attempt is not among them before the time of that has come.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the largest number seen over 5 minutes
   */
  public metricVisibleMessages(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricVisibleMessages(options);
  }

  /**
   * How long the oldest job has waited since its message was sent, in seconds, with its attempts so far; 0 while none waits.
   *
   * @param options period, colour and the like
   * @returns the metric, as the highest age seen over 5 minutes
   */
  public metricOldestMessageAge(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.worker.metricOldestMessageAge(options);
  }

  /**
   * The share of invocations that failed as a whole, in percent: crashes and timeouts. An attempt that failed by an error is not one of them.
   *
   * @param options period, colour and the like
   * @returns the metric, as the share over 5 minutes
   */
  public metricErrorRate(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.worker.metricErrorRate(options);
  }

  /**
   * How many invocations were refused for want of concurrency.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricThrottles(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricThrottles(options);
  }

  /**
   * How long an invocation took, in milliseconds: one attempt.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the longest over 5 minutes
   */
  public metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricDuration(options);
  }

  /**
   * How many attempts ran at the same time.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the highest number over 5 minutes
   */
  public metricConcurrentExecutions(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.worker.metricConcurrentExecutions(options);
  }
}

/**
 * Each message is hidden for the time of its own attempt when that begins, so this slows nothing down that did begin. It is for a function that
 * is throttled or cannot start: each time uses up a receive, and with a few seconds between them the fuse would end every job within a minute
 * of an incident. With 5 minutes between them, and 3 attempts, it takes 55.
 */
const SHORTEST_VISIBILITY_SECONDS = 300;

/** Where each attempt holds something that there is little of, and nobody has said how many run at once. */
const DEFAULT_SCARCE_CONCURRENCY = 20;

/** Days for which the queue keeps a message: no job outlives its message, and no message its job's record. */
export const QUEUE_RETENTION_DAYS = 4;

/** The worker inside a pipeline, as far as the pipeline's own props say it: what its rules judge before anything is created. */
export function workerProps(
  { processor, maximumConcurrency, alarms }: JobProcessingPipelineProps, { retryPolicy, store }: Pick<PipelineSettings, 'retryPolicy' | 'store'>,
): QueuedLambdaWorkerProps {
  const kind = processor._kind;
  const visibility = Math.max(2 * (seconds(kind.attemptTimeout) ?? MAX_TIMEOUT_SECONDS), SHORTEST_VISIBILITY_SECONDS);
  const isOpen = settle(kind.workerProps).maximumConcurrency === undefined;
  const scarce = store.isScarce && isOpen ? kind.scarceConcurrency ?? DEFAULT_SCARCE_CONCURRENCY : undefined;
  return {
    ...kind.workerProps,
    batchSize: 1,
    visibilityTimeout: Duration.seconds(visibility),
    maximumConcurrency: maximumConcurrency ?? scarce,
    // The record counts attempts. This is a fuse for deliveries whose worker never started.
    maxReceiveCount: receives(retryPolicy, visibility),
    alarms: alarms?.worker,
  };
}

/** Two for each attempt, and 5 more. Of attempts that are known at deployment alone as many as there may be, if they fit into the retention. */
function receives({ maxAttempts }: RetryPolicy, visibility: number): number {
  const attempts = known(maxAttempts);
  return attempts === undefined ? Math.min(2 * MOST_ATTEMPTS + 5, Math.floor(QUEUE_RETENTION_DAYS * 86_400 / visibility)) : 2 * attempts + 5;
}

/** The same, when its function is there. */
export function workerPropsWith(fn: lambda.IFunction, props: QueuedLambdaWorkerProps): QueuedLambdaWorkerProps {
  const { batchSize, visibilityTimeout, maxReceiveCount } = props;
  return { function: fn, batchSize, visibilityTimeout, maxReceiveCount, maximumConcurrency: settle(props).maximumConcurrency };
}

/** What the worker's props are to the user of a pipeline; those of its queue are the pipeline's own affair, whose rules come before. */
export const WORKER_PROP_NAMES: PropNames = { 'alarms.': 'alarms.worker.' };
