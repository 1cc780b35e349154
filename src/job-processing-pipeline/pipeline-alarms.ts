import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { deadLettersLeft, endsLost, failureRate, pipelineMetric } from './pipeline-metrics';
import type { AlarmOptions } from '../alarms/alarm-options';
import { createConcurrencyAlarm } from '../alarms/create-function-alarms';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm, type AlarmDefaults } from '../internal/alarm-factory';
import { readFunction } from '../internal/existing-function';
import { concurrentExecutions } from '../internal/function-metrics';
import { known, seconds } from '../internal/prop-rules';
import type { JobGateway } from '../job-api/job-gateway';
import type { EndsOfAttempts, ProcessorKind } from '../job-processor/processor-kind';
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
   * A job that the system gave up: its attempts were used up, its deadline passed, or the queue gave up its message. Threshold in jobs.
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
   * The function that submits jobs uses nearly all of its reserved concurrency; only where the API has `reservedConcurrency` of 2 or more. Threshold
   * in concurrent invocations.
   *
   * @default - from 90 % of the reserved concurrency in 5 minutes
   */
  readonly submitConcurrency?: AlarmOptions;

  /**
   * The function that tells the status of jobs uses nearly all of its reserved concurrency, as `submitConcurrency`.
   *
   * @default - from 90 % of the reserved concurrency in 5 minutes
   */
  readonly statusConcurrency?: AlarmOptions;

  /**
   * Dead letters lie in their queue, though a function ends their jobs within seconds: that function is broken. Threshold in messages.
   * It judges how many there are and not how old the oldest is, as SQS counts no age for a message that was received three times.
   *
   * @default - 1 or more for 20 minutes, which no attempt outlives
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  readonly deadLettersLeft?: AlarmOptions;

  /**
   * The function that ends the jobs of dead letters failed as a whole. Threshold in invocations.
   *
   * @default - from the first in 5 minutes
   */
  readonly deadLetterErrors?: AlarmOptions;

  /**
   * The function that fails overdue jobs failed: jobs may wait for ever. Threshold in invocations.
   *
   * @default - 2 or more in 15 minutes, of which there are 3: one that failed is made up for by the next
   */
  readonly sweeperErrors?: AlarmOptions;

  /**
   * The function that is told how executions end failed, or could not be called: jobs end some minutes late, when the sweeper asks for them. Only
   * with `JobProcessor.runStateMachine()`. Threshold in invocations.
   *
   * @default - 3 or more in 5 minutes: as often as it is tried for one event
   */
  readonly executionEndErrors?: AlarmOptions;

  /**
   * Alarms of the queue and the function that works through it.
   *
   * @default - all, as `QueuedLambdaWorker` has them, except those of dead letters: here their jobs are ended, and counted as given up
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

  /**
   * The function that submits jobs uses nearly all of its reserved concurrency.
   *
   * @default - removed, or the API has no `reservedConcurrency` of 2 or more
   */
  readonly submitConcurrency?: cloudwatch.Alarm;

  /**
   * The function that tells the status of jobs uses nearly all of its reserved concurrency.
   *
   * @default - removed, or the API has no `reservedConcurrency` of 2 or more
   */
  readonly statusConcurrency?: cloudwatch.Alarm;

  /**
   * Dead letters are left lying.
   *
   * @default - removed
   */
  readonly deadLettersLeft?: cloudwatch.Alarm;

  /**
   * The function that ends the jobs of dead letters failed.
   *
   * @default - removed
   */
  readonly deadLetterErrors?: cloudwatch.Alarm;

  /**
   * The function that fails overdue jobs failed.
   *
   * @default - removed
   */
  readonly sweeperErrors?: cloudwatch.Alarm;

  /**
   * The function that is told how executions end failed, or could not be called.
   *
   * @default - removed, or no state machine runs the jobs
   */
  readonly executionEndErrors?: cloudwatch.Alarm;
}

/** Jobs that must have ended in a period before their failure rate is judged. */
const FAILURE_RATE_FLOOR = 10;

/** Over what time an alarm judges where that is neither tuned nor 5 minutes, once. */
export function pipelineAlarmDefaults(): Record<Exclude<keyof JobProcessingPipelineAlarmOptions, 'worker'>, AlarmDefaults> {
  return {
    failureRate: { percent: true },
    firstDeadLettered: {},
    deadLettered: {},
    apiErrors: {},
    submitConcurrency: {},
    statusConcurrency: {},
    deadLettersLeft: { period: Duration.minutes(1), evaluationPeriods: 20 },
    deadLetterErrors: {},
    sweeperErrors: { period: Duration.minutes(15) },
    executionEndErrors: {},
  };
}

/** What the alarms of a pipeline judge. */
export interface JudgedPipeline {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly api?: Pick<JobGateway, 'metricServerError'>;
  readonly submitFunction: lambda.IFunction;
  readonly statusFunction: lambda.IFunction;
  readonly deadLetterQueue: sqs.IQueue;
  readonly deadLetterFunction: lambda.IFunction;
  readonly sweeperFunction: lambda.IFunction;
  /** Only where jobs end outside of the function that takes them. */
  readonly ends?: EndsOfAttempts;
}

/** The alarms of a pipeline as a whole, as defined and as tuned. */
export function createPipelineAlarms(
  scope: Construct, judged: JudgedPipeline, options: JobProcessingPipelineAlarmOptions = {},
): JobProcessingPipelineAlarms {
  const { pipelineName, profile, api, ends } = judged;
  const defaults = pipelineAlarmDefaults();
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
      description: `${pipelineName}: many jobs were given up. Mend the cause, then retry all that failed since.`,
    }, options.deadLettered),
    apiErrors: api && createAlarm(scope, 'ApiErrorsAlarm', {
      metric: (metricOptions) => api.metricServerError(metricOptions),
      threshold: 1,
      description: `${pipelineName}: the API answered with a 5xx, so jobs could not be submitted or read. Look at the access log and the functions' logs.`,
    }, options.apiErrors),
    submitConcurrency: concurrencyAlarm(scope, 'SubmitConcurrencyAlarm', judged.submitFunction,
      `${pipelineName}: the function that submits jobs uses 90 % of its reserved concurrency. Raise reservedConcurrency of the API before callers get a 5xx.`,
      options.submitConcurrency),
    statusConcurrency: concurrencyAlarm(scope, 'StatusConcurrencyAlarm', judged.statusFunction,
      `${pipelineName}: the function that tells the status of jobs uses 90 % of its reserved concurrency. Raise reservedConcurrency of the API.`,
      options.statusConcurrency),
    deadLettersLeft: createAlarm(scope, 'DeadLettersLeftAlarm', {
      metric: (metricOptions) => deadLettersLeft(judged.deadLetterQueue, metricOptions),
      threshold: 1,
      ...defaults.deadLettersLeft,
      description: `${pipelineName}: dead letters are left lying, and their jobs are not ended. The function that does so is broken: look at its log.`,
    }, options.deadLettersLeft),
    deadLetterErrors: createAlarm(scope, 'DeadLetterErrorsAlarm', {
      metric: (metricOptions) => judged.deadLetterFunction.metricErrors(metricOptions),
      threshold: 1,
      description: `${pipelineName}: the function that ends the jobs of dead letters failed. It tries again; look at its log if it goes on.`,
    }, options.deadLetterErrors),
    sweeperErrors: createAlarm(scope, 'SweeperErrorsAlarm', {
      metric: (metricOptions) => judged.sweeperFunction.metricErrors(metricOptions),
      threshold: 2,
      ...defaults.sweeperErrors,
      description: `${pipelineName}: overdue jobs could not be failed, so that some may wait for ever. Look at the log of the sweeper.`,
    }, options.sweeperErrors),
    executionEndErrors: ends && createAlarm(scope, 'ExecutionEndErrorsAlarm', {
      metric: (metricOptions) => endsLost(ends, metricOptions),
      threshold: 3,
      description: `${pipelineName}: ends of executions are not dealt with; the sweeper does so some minutes later. Look at the log of ExecutionEnded.`,
    }, options.executionEndErrors),
  };
}

/** The functions of an API share what is reserved with all their versions. */
function concurrencyAlarm(
  scope: Construct, id: string, fn: lambda.IFunction, description: string, options: AlarmOptions | undefined,
): cloudwatch.Alarm | undefined {
  const { unqualified, reservedConcurrency } = readFunction(fn);
  return createConcurrencyAlarm(scope, id, known(reservedConcurrency), {
    metric: (metricOptions) => concurrentExecutions(unqualified, metricOptions), description,
  }, options);
}

/**
 * What a pipeline's worker is alarmed on, where that is not what any worker is.
 *
 * The age of a message counts from its first delivery on, so it is judged against the time that all attempts and pauses may take. What becomes
 * a dead letter is counted as a job that was given up, and gone in a moment; who tunes the worker's own alarms of it has them all the same.
 */
export function workerAlarmOptions(
  options: QueuedLambdaWorkerAlarmOptions | undefined,
  { profile, retryPolicy, processor }: { profile: EnvironmentProfile; retryPolicy: RetryPolicy; processor: ProcessorKind },
): QueuedLambdaWorkerAlarmOptions {
  const attempts = retryPolicy.maxAttempts * (seconds(processor.attemptTimeout) ?? 0);
  return {
    firstDeadLetter: { enabled: false },
    deadLetters: { enabled: false },
    ...options,
    duration: { ...(processor.slowAfter && { threshold: processor.slowAfter.toMilliseconds() }), ...options?.duration },
    oldestMessageAge: {
      threshold: Math.max(profile.oldestMessageAge.toSeconds(), attempts + pauses(retryPolicy)),
      ...options?.oldestMessageAge,
    },
  };
}

/** An alarm of the worker says what timeout its function has: where that calls another, it is the other's that is near. */
export function describeDuration(alarm: cloudwatch.Alarm | undefined, pipelineName: string, { calledTimeout }: ProcessorKind): void {
  if (alarm && calledTimeout) {
    (alarm.node.defaultChild as cloudwatch.CfnAlarm).alarmDescription = `${pipelineName}: a call comes near the timeout of ${calledTimeout.toSeconds()} s that the function `
      + 'which is called has, in milliseconds. Raise the timeout or do less at once.';
  }
}

/** The longest that all pauses between attempts may take, in seconds. */
function pauses(policy: RetryPolicy): number {
  return Array.from({ length: policy.maxAttempts - 1 }, (_, index) => pauseAfter(policy, index + 1)).reduce((sum, pause) => sum + pause, 0);
}

/** The longest pause after an attempt, which are counted from 1, in seconds. */
export function pauseAfter({ firstDelay, maxDelay }: RetryPolicy, attempt: number): number {
  const first = seconds(firstDelay) ?? 0;
  return Math.min(seconds(maxDelay) ?? first, first * 2 ** (attempt - 1));
}
