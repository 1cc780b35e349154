import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { failureRate, pipelineMetric } from './pipeline-metrics';
import type { AlarmOptions } from '../alarms/alarm-options';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm } from '../internal/alarm-factory';
import { seconds } from '../internal/prop-rules';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import type { QueuedLambdaWorkerAlarmOptions } from '../queued-lambda-worker/worker-alarms';

/** Alarms of a pipeline as a whole; each can be tuned or removed. */
export interface JobProcessingPipelineAlarmOptions {
  /**
   * Of the jobs that ended, too large a share failed, in percent. Rings only when at least 10 jobs ended in the period.
   *
   * @default - from 10 % (25 % with `EnvironmentProfile.dev()`) over 5 minutes
   */
  readonly failureRate?: AlarmOptions;

  /**
   * A job that the system gave up: its attempts were used up or its deadline passed. Threshold in jobs.
   *
   * @default - from the first in 5 minutes
   */
  readonly firstDeadLettered?: AlarmOptions;

  /**
   * Many jobs that the system gave up: something is broken, not one job. Threshold in jobs, itself still fine.
   *
   * @default - more than 5 in 5 minutes
   */
  readonly deadLettered?: AlarmOptions;

  /**
   * The API answered with a 5xx: callers could not submit jobs.
   *
   * @default - from the first in 5 minutes
   */
  readonly apiErrors?: AlarmOptions;

  /**
   * Alarms of the queue and the function that works through it.
   *
   * @default - all, as `QueuedLambdaWorker` has them
   */
  readonly worker?: QueuedLambdaWorkerAlarmOptions;
}

/** The alarms of a pipeline as a whole: those that were not removed and have something to judge. */
export interface JobProcessingPipelineAlarms {
  /**
   * Too large a share of the jobs failed.
   *
   * @default - removed
   */
  readonly failureRate?: cloudwatch.Alarm;

  /**
   * A job that the system gave up.
   *
   * @default - removed
   */
  readonly firstDeadLettered?: cloudwatch.Alarm;

  /**
   * Many jobs that the system gave up.
   *
   * @default - removed
   */
  readonly deadLettered?: cloudwatch.Alarm;

  /**
   * The API answered with a 5xx.
   *
   * @default - removed, or there is no API
   */
  readonly apiErrors?: cloudwatch.Alarm;
}

/** Jobs that must have ended in a period before their failure rate is judged. */
const FAILURE_RATE_FLOOR = 10;

/** What the alarms of a pipeline judge. */
export interface JudgedPipeline {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly api?: apigateway.RestApi;
}

/** The alarms of a pipeline as a whole, as defined and as tuned. */
export function createPipelineAlarms(
  scope: Construct, { pipelineName, profile, api }: JudgedPipeline, options: JobProcessingPipelineAlarmOptions,
): JobProcessingPipelineAlarms {
  const deadLettered = (metricOptions: cloudwatch.MetricOptions) => pipelineMetric(pipelineName, 'deadLettered', 'Sum', metricOptions);
  return {
    failureRate: createAlarm(scope, 'FailureRateAlarm', {
      metric: (metricOptions) => failureRate(pipelineName, FAILURE_RATE_FLOOR, metricOptions),
      threshold: profile.errorRatePercent,
      description: `${pipelineName}: too large a share of the jobs failed, in percent. Look at the errors of failed jobs in the worker's log.`,
    }, options.failureRate),
    firstDeadLettered: createAlarm(scope, 'FirstDeadLetteredAlarm', {
      metric: deadLettered,
      threshold: 1,
      description: `${pipelineName}: a job was given up, its attempts used up or its deadline passed. See "attempt ended" and "no attempt" in the worker's log.`,
    }, options.firstDeadLettered),
    deadLettered: createAlarm(scope, 'DeadLetteredAlarm', {
      metric: deadLettered,
      threshold: 5,
      onlyAbove: true,
      description: `${pipelineName}: many jobs were given up. Mend the cause, then submit them again.`,
    }, options.deadLettered),
    apiErrors: api && createAlarm(scope, 'ApiErrorsAlarm', {
      metric: (metricOptions) => api.metricServerError(metricOptions),
      threshold: 1,
      description: `${pipelineName}: the API answered with a 5xx, so jobs could not be submitted or read. Look at the access log and the functions' logs.`,
    }, options.apiErrors),
  };
}

/**
 * What a pipeline's worker is alarmed on, where that is not what any worker is.
 *
 * Near its timeout an attempt is asked to stop and its successor goes on, which is no reason to wake anybody: only one that did not stop is.
 * The age of a message counts from its first delivery on, so it is judged against the time that all attempts and pauses may take.
 */
export function workerAlarmOptions(
  options: QueuedLambdaWorkerAlarmOptions | undefined,
  { profile, retryPolicy, timeout, shutdown }: { profile: EnvironmentProfile; retryPolicy: RetryPolicy; timeout: Duration; shutdown: Duration },
): QueuedLambdaWorkerAlarmOptions {
  const attempts = retryPolicy.maxAttempts * (seconds(timeout) ?? 0);
  return {
    ...options,
    duration: { threshold: timeout.toMilliseconds() - shutdown.toMilliseconds() / 2, ...options?.duration },
    oldestMessageAge: {
      threshold: Math.max(profile.oldestMessageAge.toSeconds(), attempts + pauses(retryPolicy)),
      ...options?.oldestMessageAge,
    },
  };
}

/** The longest that all pauses between attempts may take, in seconds. */
function pauses({ maxAttempts, firstDelay, maxDelay }: RetryPolicy): number {
  const first = seconds(firstDelay) ?? 0;
  const longest = seconds(maxDelay) ?? first;
  return Array.from({ length: maxAttempts - 1 }, (_, index) => Math.min(longest, first * 2 ** index)).reduce((sum, pause) => sum + pause, 0);
}
