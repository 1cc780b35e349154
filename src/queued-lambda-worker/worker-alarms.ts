import { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmOptions } from '../alarms/alarm-options';
import { createFunctionAlarms, functionAlarmDefaults, type FunctionMeasures } from '../alarms/create-function-alarms';
import type { FunctionAlarmOptions } from '../alarms/function-alarm-options';
import { checkAlarmOptions, createAlarm, NOTHING_USUAL, type AlarmDefaults, type AlarmDefinition } from '../internal/alarm-factory';
import type { PropRules } from '../internal/prop-rules';

/** Tunes or removes the alarms of a `QueuedLambdaWorker`, one by one. */
export interface QueuedLambdaWorkerAlarmOptions extends FunctionAlarmOptions {
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
   * @default - removed, or no concurrency is reserved, or less than 2
   */
  readonly reservedConcurrency?: Alarm;
}

/** Over what time each alarm judges where that is not tuned; 5 minutes, once, where nothing is said. */
function alarmDefaults(): Record<keyof QueuedLambdaWorkerAlarmOptions, AlarmDefaults> {
  const period = Duration.minutes(1);
  return {
    firstDeadLetter: { period, noBand: NOTHING_USUAL },
    deadLetters: { period, noBand: NOTHING_USUAL },
    oldestMessageAge: { period, evaluationPeriods: 3 },
    ...functionAlarmDefaults(),
  };
}

/** What the alarms of a worker judge, and the limits that follow from its settings. */
export interface WorkerMeasures extends Omit<FunctionMeasures, 'help' | 'kind'> {
  readonly deadLetters?: (options: MetricOptions) => IMetric;
  readonly oldestMessageAge: (options: MetricOptions) => IMetric;
  readonly oldestMessageAgeSeconds: number;
}

/** Creates the alarms of a worker inside a scope of their own. */
export function createWorkerAlarms(
  scope: Construct, measures: WorkerMeasures, options: QueuedLambdaWorkerAlarmOptions = {},
): QueuedLambdaWorkerAlarms {
  const alarm = (id: string, definition: AlarmDefinition, tuned?: AlarmOptions) => createAlarm(scope, id, definition, tuned);
  const defaults = alarmDefaults();
  const { label: subject, deadLetters } = measures;

  return {
    firstDeadLetter: deadLetters && alarm('FirstDeadLetter', {
      metric: deadLetters,
      threshold: 1,
      ...defaults.firstDeadLetter,
      id: ['worker', 'firstDeadLetter'],
      subject,
      meaning: 'a message was given up on',
      action: "See it in the dead-letter queue, and the worker's log for why.",
    }, options.firstDeadLetter),

    deadLetters: deadLetters && alarm('DeadLetters', {
      metric: deadLetters,
      threshold: 5,
      onlyAbove: true,
      ...defaults.deadLetters,
      id: ['worker', 'deadLetters'],
      subject,
      meaning: 'many messages were given up on',
      action: 'Mend the cause, then redrive the dead-letter queue.',
    }, options.deadLetters),

    oldestMessageAge: alarm('OldestMessageAge', {
      metric: measures.oldestMessageAge,
      threshold: measures.oldestMessageAgeSeconds,
      ...defaults.oldestMessageAge,
      id: ['worker', 'oldestMessageAge'],
      subject,
      meaning: 'messages wait for too long, in seconds',
      action: 'The worker is down, too slow, or allowed too little concurrency: see its errors and throttles.',
    }, options.oldestMessageAge),

    ...createFunctionAlarms(scope, {
      ...measures,
      kind: 'worker',
      help: {
        errors: "See the worker's log",
        throttles: "Lower the maximum concurrency or raise the function's or the account's limit",
      },
    }, options),
  };
}

/** The rules that tuned alarms may break. */
export function checkWorkerAlarms(rules: PropRules, options: QueuedLambdaWorkerAlarmOptions = {}): void {
  for (const [name, defaults] of Object.entries(alarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, options[name as keyof QueuedLambdaWorkerAlarmOptions], defaults);
  }
}
