import type { Duration } from 'aws-cdk-lib';

/**
 * Tunes one alarm, or removes it. What is not given keeps the alarm's own default.
 */
export interface AlarmOptions {
  /**
   * Whether the alarm is created.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The value from which the alarm rings, in the unit that the alarm's description names.
   *
   * @default - see the alarm
   */
  readonly threshold?: number;

  /**
   * The time over which one value is taken: a multiple of one minute.
   *
   * @default - see the alarm
   */
  readonly period?: Duration;

  /**
   * How many periods are looked at, 1 or more. All together must not exceed one day (seven days with periods of an hour or more).
   *
   * @default - see the alarm
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
   */
  readonly evaluationPeriods?: number;

  /**
   * How many of these periods must be over the threshold, from 1 to `evaluationPeriods`.
   *
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;
}
