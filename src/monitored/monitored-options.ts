import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AlarmOptions } from '../alarms/alarm-options';
import type { FunctionAlarmOptions } from '../alarms/function-alarm-options';

/** How a function is watched. */
export interface MonitoredFunctionOptions {
  /**
   * What it is called.
   *
   * @default - its path
   */
  readonly title?: string;

  /**
   * Tunes or removes its alarms.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: FunctionAlarmOptions;
}

/** Tunes or removes the alarms of a queue, one by one. */
export interface MonitoredQueueAlarmOptions {
  /**
   * The oldest message waits for too long, judged only while messages are waiting. Threshold in seconds.
   *
   * @default - from the profile's age (20 minutes in production) for 3 minutes
   */
  readonly oldestMessageAge?: AlarmOptions;

  /**
   * The first dead letter. Only with `deadLetterQueue`. Threshold in messages.
   *
   * @default - 1 message or more in one minute
   */
  readonly firstDeadLetter?: AlarmOptions;

  /**
   * Many dead letters. Only with `deadLetterQueue`. Threshold in messages, itself still fine.
   *
   * @default - more than 5 messages in one minute
   */
  readonly deadLetters?: AlarmOptions;
}

/** How a queue is watched. */
export interface MonitoredQueueOptions {
  /**
   * What it is called.
   *
   * @default - its path
   */
  readonly title?: string;

  /**
   * Where its messages end up that were tried too often.
   *
   * @default - that of the queue, if it is of this app and has one
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * Tunes or removes its alarms.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: MonitoredQueueAlarmOptions;
}

/** Tunes or removes the alarms of a table, one by one. */
export interface MonitoredTableAlarmOptions {
  /**
   * Reads or writes were throttled. Threshold in requests.
   *
   * @default - 1 or more over 5 minutes, 3 times in a row
   */
  readonly throttles?: AlarmOptions;

  /**
   * DynamoDB failed to answer. Threshold in requests.
   *
   * @default - 1 or more over 5 minutes, 3 times in a row
   */
  readonly systemErrors?: AlarmOptions;
}

/** How a table is watched. */
export interface MonitoredTableOptions {
  /**
   * What it is called.
   *
   * @default - its path
   */
  readonly title?: string;

  /**
   * Tunes or removes its alarms.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: MonitoredTableAlarmOptions;
}

/** Tunes or removes the alarms of a state machine, one by one. */
export interface MonitoredStateMachineAlarmOptions {
  /**
   * Of the executions that ended, too large a share failed or timed out. Threshold in percent. Rings only when at least 3 of them did in the period.
   *
   * @default - from the profile's share (10 % in production) over 5 minutes
   */
  readonly failureRate?: AlarmOptions;

  /**
   * Executions are slowed down, as more states are entered than the account may. Threshold in states.
   *
   * @default - 1 or more over 5 minutes, 3 times in a row
   */
  readonly throttled?: AlarmOptions;

  /**
   * Executions took longer than they may. Threshold in executions.
   *
   * @default - 1 or more over 5 minutes
   */
  readonly timedOut?: AlarmOptions;
}

/** How a state machine is watched. */
export interface MonitoredStateMachineOptions {
  /**
   * What it is called.
   *
   * @default - its path
   */
  readonly title?: string;

  /**
   * Tunes or removes its alarms.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: MonitoredStateMachineAlarmOptions;
}

/** Tunes or removes the alarms of an API, one by one. */
export interface MonitoredApiAlarmOptions {
  /**
   * Of the calls, too large a share were answered with a 5xx. Threshold in percent. Rings only when at least 3 were in the period.
   *
   * @default - from the profile's share (10 % in production) over 5 minutes
   */
  readonly errorRate?: AlarmOptions;
}

/** How an API is watched. */
export interface MonitoredApiOptions {
  /**
   * What it is called.
   *
   * @default - its path
   */
  readonly title?: string;

  /**
   * Tunes or removes its alarms.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: MonitoredApiAlarmOptions;
}
