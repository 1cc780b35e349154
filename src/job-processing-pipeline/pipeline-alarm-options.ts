import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmOptions } from '../alarms/alarm-options';
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
   * The backlog grows, and at the current rate it would take too long to work it off: more jobs come in than are done. Threshold in seconds.
   * Judged only while more messages are sent than done with, and jobs end; where none ends, `noJobsFinished` says so.
   *
   * @default - from the profile's age of messages (20 minutes in production), three times over 5 minutes, or an attempt's time if that is longer
   */
  readonly backlog?: AlarmOptions;

  /**
   * Jobs wait, and none has ended: workers are stopped, or all of them hang. Threshold in jobs that wait all the time.
   *
   * @default - from 1 for 30 minutes, or 10 minutes more than an attempt may take where that is longer
   */
  readonly noJobsFinished?: AlarmOptions;

  /**
   * The API answered with a 5xx: a caller could not submit a job.
   *
   * @default - from the first in 5 minutes
   */
  readonly apiErrors?: AlarmOptions;

  /**
   * Of the calls of the API, too large a share were answered with a 5xx, in percent. Rings only when at least 3 were in the period.
   *
   * @default - from 10 % (25 % with `EnvironmentProfile.dev()`) over 5 minutes
   */
  readonly apiErrorRate?: AlarmOptions;

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
  readonly failureRate?: Alarm;

  /**
   * A job that the system gave up.
   *
   * @default - removed
   */
  readonly firstDeadLettered?: Alarm;

  /**
   * Many jobs that the system gave up.
   *
   * @default - removed
   */
  readonly deadLettered?: Alarm;

  /**
   * The backlog grows, and would take too long to work off.
   *
   * @default - removed
   */
  readonly backlog?: Alarm;

  /**
   * Jobs wait, and none has ended.
   *
   * @default - removed
   */
  readonly noJobsFinished?: Alarm;

  /**
   * The API answered with a 5xx.
   *
   * @default - removed, or there is no API
   */
  readonly apiErrors?: Alarm;

  /**
   * The API answered too large a share of the calls with a 5xx.
   *
   * @default - removed, or there is no API
   */
  readonly apiErrorRate?: Alarm;

  /**
   * The function that submits jobs uses nearly all of its reserved concurrency.
   *
   * @default - removed, or the API has no `reservedConcurrency` of 2 or more
   */
  readonly submitConcurrency?: Alarm;

  /**
   * The function that tells the status of jobs uses nearly all of its reserved concurrency.
   *
   * @default - removed, or the API has no `reservedConcurrency` of 2 or more
   */
  readonly statusConcurrency?: Alarm;

  /**
   * Dead letters are left lying.
   *
   * @default - removed
   */
  readonly deadLettersLeft?: Alarm;

  /**
   * The function that ends the jobs of dead letters failed.
   *
   * @default - removed
   */
  readonly deadLetterErrors?: Alarm;

  /**
   * The function that fails overdue jobs failed.
   *
   * @default - removed
   */
  readonly sweeperErrors?: Alarm;

  /**
   * The function that is told how executions end failed, or could not be called.
   *
   * @default - removed, or no state machine runs the jobs
   */
  readonly executionEndErrors?: Alarm;
}
