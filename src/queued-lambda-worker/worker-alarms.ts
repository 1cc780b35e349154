import { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmOptions } from '../alarms/alarm-options';
import { checkAlarmOptions, createAlarm, type AlarmDefaults, type AlarmDefinition } from '../internal/alarm-factory';
import type { PropRules } from '../internal/prop-rules';

/** Tunes or removes the alarms of a `QueuedLambdaWorker`, one by one. */
export interface QueuedLambdaWorkerAlarmOptions {
  /**
   * The first message that was given up on. Threshold in messages.
   *
   * @default - 1 message or more in one minute
   */
  readonly firstDeadLetter?: AlarmOptions;

  /**
   * Many messages that were given up on: something is broken, not one message. Threshold in messages, itself still fine.
   *
   * @default - more than 5 messages in one minute
   */
  readonly deadLetters?: AlarmOptions;

  /**
   * The oldest message waits for too long, judged only while messages are waiting. Threshold in seconds.
   *
   * @default - the profile's age (20 minutes in production), or the visibility timeout where that is longer, for 3 minutes
   */
  readonly oldestMessageAge?: AlarmOptions;

  /**
   * Too large a share of the invocations fail. Threshold in percent. Rings only when at least 3 invocations failed in the period, so that
   * one crash in a quiet hour wakes nobody; what never succeeds becomes a dead letter, which has alarms of its own.
   *
   * @default - from the profile's share (10 % in production) over 5 minutes
   */
  readonly errors?: AlarmOptions;

  /**
   * Invocations are throttled, which uses up receives of their messages. Threshold in invocations.
   *
   * @default - 1 or more over 5 minutes
   */
  readonly throttles?: AlarmOptions;

  /**
   * The slowest invocation comes near the function's timeout. Threshold in milliseconds.
   *
   * @default - 90 % of the timeout or more over 5 minutes
   */
  readonly duration?: AlarmOptions;

  /**
   * The function uses nearly all of its reserved concurrency; only where it has some. Threshold in concurrent invocations.
   *
   * @default - 90 % of the reserved concurrency or more over 5 minutes
   */
  readonly reservedConcurrency?: AlarmOptions;
}

/** The alarms of a `QueuedLambdaWorker`: those that were not removed and have something to judge. */
export interface QueuedLambdaWorkerAlarms {
  /**
   * The first message that was given up on.
   *
   * @default - removed, or the dead-letter queue is not known
   */
  readonly firstDeadLetter?: Alarm;

  /**
   * Many messages that were given up on.
   *
   * @default - removed, or the dead-letter queue is not known
   */
  readonly deadLetters?: Alarm;

  /**
   * The oldest message waits for too long.
   *
   * @default - removed
   */
  readonly oldestMessageAge?: Alarm;

  /**
   * Too many invocations fail.
   *
   * @default - removed
   */
  readonly errors?: Alarm;

  /**
   * Invocations are throttled.
   *
   * @default - removed
   */
  readonly throttles?: Alarm;

  /**
   * The slowest invocation comes near the timeout.
   *
   * @default - removed, or the timeout is known only at deployment
   */
  readonly duration?: Alarm;

  /**
   * Nearly all of the reserved concurrency is in use.
   *
   * @default - removed, or no concurrency is reserved
   */
  readonly reservedConcurrency?: Alarm;
}

/** Invocations that must have failed in a period before their share is judged. */
export const ERRORS_FLOOR = 3;

/** Over what time each alarm judges where that is not tuned; 5 minutes, once, where nothing is said. */
function alarmDefaults(): Record<keyof QueuedLambdaWorkerAlarmOptions, AlarmDefaults> {
  const period = Duration.minutes(1);
  return {
    firstDeadLetter: { period },
    deadLetters: { period },
    oldestMessageAge: { period, evaluationPeriods: 3 },
    errors: { percent: true },
    throttles: {},
    duration: {},
    reservedConcurrency: {},
  };
}

/** What the alarms of a worker judge, and the limits that follow from its settings. */
export interface WorkerMeasures {
  /** What the worker is called in the descriptions. */
  readonly label: string;
  readonly deadLetters?: (options: MetricOptions) => IMetric;
  readonly oldestMessageAge: (options: MetricOptions) => IMetric;
  /** The share of failed invocations, with a floor under which none is reported. */
  readonly errorRate: (options: MetricOptions) => IMetric;
  readonly throttles: (options: MetricOptions) => IMetric;
  readonly duration: (options: MetricOptions) => IMetric;
  readonly concurrentExecutions: (options: MetricOptions) => IMetric;
  readonly oldestMessageAgeSeconds: number;
  readonly errorRatePercent: number;
  /** The function's timeout, where it is known before deployment. */
  readonly timeoutSeconds?: number;
  /** What is reserved of the account's concurrency, where that is known before deployment. */
  readonly reservedConcurrency?: number;
}

/** Creates the alarms of a worker inside a scope of their own. */
export function createWorkerAlarms(
  scope: Construct, measures: WorkerMeasures, options: QueuedLambdaWorkerAlarmOptions = {},
): QueuedLambdaWorkerAlarms {
  const alarm = (id: string, definition: AlarmDefinition, tuned?: AlarmOptions) => createAlarm(scope, id, definition, tuned);
  const defaults = alarmDefaults();
  const { label, deadLetters, timeoutSeconds, reservedConcurrency } = measures;

  return {
    firstDeadLetter: deadLetters && alarm('FirstDeadLetter', {
      metric: deadLetters,
      threshold: 1,
      ...defaults.firstDeadLetter,
      description: `${label}: a message was given up on. See it in the dead-letter queue, and the worker's log for why.`,
    }, options.firstDeadLetter),

    deadLetters: deadLetters && alarm('DeadLetters', {
      metric: deadLetters,
      threshold: 5,
      onlyAbove: true,
      ...defaults.deadLetters,
      description: `${label}: many messages were given up on. Mend the cause, then redrive the dead-letter queue.`,
    }, options.deadLetters),

    oldestMessageAge: alarm('OldestMessageAge', {
      metric: measures.oldestMessageAge,
      threshold: measures.oldestMessageAgeSeconds,
      ...defaults.oldestMessageAge,
      description: `${label}: messages wait for too long, in seconds. The worker is down, too slow, or allowed too little concurrency.`,
    }, options.oldestMessageAge),

    errors: alarm('Errors', {
      metric: measures.errorRate,
      threshold: measures.errorRatePercent,
      ...defaults.errors,
      description: `${label}: too many invocations fail, in percent. See the worker's log.`,
    }, options.errors),

    throttles: alarm('Throttles', {
      metric: measures.throttles,
      threshold: 1,
      ...defaults.throttles,
      description: `${label}: invocations are throttled. Lower the maximum concurrency or raise the function's or the account's limit.`,
    }, options.throttles),

    duration: timeoutSeconds === undefined ? undefined : alarm('Duration', {
      metric: measures.duration,
      threshold: timeoutSeconds * 900, // 90 % of it, in milliseconds
      ...defaults.duration,
      description: `${label}: an invocation comes near the timeout of ${timeoutSeconds} s, in milliseconds. Raise the timeout or do less at once.`,
    }, options.duration),

    reservedConcurrency: reservedConcurrency === undefined ? undefined : alarm('ReservedConcurrency', {
      metric: measures.concurrentExecutions,
      threshold: reservedConcurrency * 0.9,
      ...defaults.reservedConcurrency,
      description: `${label}: 90 % of the ${reservedConcurrency} reserved concurrent invocations are in use. Raise the reservation before it throttles.`,
    }, options.reservedConcurrency),
  };
}

/** The rules that tuned alarms may break. */
export function checkWorkerAlarms(rules: PropRules, options: QueuedLambdaWorkerAlarmOptions = {}): void {
  for (const [name, defaults] of Object.entries(alarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, options[name as keyof QueuedLambdaWorkerAlarmOptions], defaults);
  }
}
