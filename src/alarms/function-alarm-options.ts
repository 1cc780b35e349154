import type { AlarmOptions } from './alarm-options';

/** Tunes or removes the alarms that any function has, one by one. */
export interface FunctionAlarmOptions {
  /**
   * Too large a share of the invocations fail. Threshold in percent. Rings only when at least 3 invocations failed in the period, so that
   * one crash in a quiet hour wakes nobody.
   *
   * @default - from the profile's share (10 % in production) over 5 minutes
   */
  readonly errors?: AlarmOptions;

  /**
   * Invocations are throttled: whoever calls the function has to try again. Threshold in invocations.
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
   * The function uses nearly all of its reserved concurrency; only where 2 or more are reserved for it. Threshold in concurrent invocations.
   *
   * @default - 90 % of the reserved concurrency or more over 5 minutes
   */
  readonly reservedConcurrency?: AlarmOptions;
}
