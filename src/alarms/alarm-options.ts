import type { Duration } from 'aws-cdk-lib';
import type { AlarmSeverity } from '../monitoring/monitored';

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

  /**
   * How urgent it is: which of a dashboard's topics it is sent to.
   *
   * @default - PAGE where jobs are lost, late or refused until a person does something, TICKET otherwise
   */
  readonly severity?: AlarmSeverity;

  /**
   * Instead of `threshold`: the alarm learns what is usual at this hour and day, and rings outside of it by so many standard deviations, from 0.1
   * to 10; 2 is usual. It knows what repeats within two weeks. Not for alarms that ring for the first of something.
   *
   * @default - the threshold
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
   */
  readonly anomalyBand?: number;
}
