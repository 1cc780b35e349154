import type { Alarm, IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmOptions } from './alarm-options';
import type { FunctionAlarmOptions } from './function-alarm-options';
import { createAlarm, NOTHING_USUAL, type AlarmDefaults, type AlarmDefinition } from '../internal/alarm-factory';

/** Invocations that must have failed in a period before their share is judged. */
export const ERRORS_FLOOR = 3;

/** Over what time each alarm judges where that is not tuned; 5 minutes, once, where nothing is said. */
export function functionAlarmDefaults(): Record<keyof FunctionAlarmOptions, AlarmDefaults> {
  return { errors: { percent: true }, throttles: { noBand: NOTHING_USUAL }, duration: {}, reservedConcurrency: {} };
}

/** What the alarms of a function judge, and the limits that follow from its settings. */
export interface FunctionMeasures {
  /** Whose alarms they are. */
  readonly kind: 'function' | 'worker';
  /** What it is called in the descriptions. */
  readonly label: string;
  /** The share of failed invocations, with a floor under which none is reported. */
  readonly errorRate: (options: MetricOptions) => IMetric;
  readonly throttles: (options: MetricOptions) => IMetric;
  readonly duration: (options: MetricOptions) => IMetric;
  readonly concurrentExecutions: (options: MetricOptions) => IMetric;
  readonly errorRatePercent: number;
  /** The function's timeout, where it is known before deployment. */
  readonly timeoutSeconds?: number;
  /** What is reserved of the account's concurrency, where that is known before deployment. */
  readonly reservedConcurrency?: number;
  /** What to do, where that depends on how the function is called. */
  readonly help: { readonly errors: string; readonly throttles: string };
}

/** Creates the alarms that any function has: those that were not removed and have something to judge. */
export function createFunctionAlarms(
  scope: Construct, measures: FunctionMeasures, options: FunctionAlarmOptions = {},
): Record<keyof FunctionAlarmOptions, Alarm | undefined> {
  const defaults = functionAlarmDefaults();
  const { kind, label: subject, help, timeoutSeconds, reservedConcurrency } = measures;
  return {
    errors: createAlarm(scope, 'Errors', {
      metric: measures.errorRate,
      threshold: measures.errorRatePercent,
      ...defaults.errors,
      id: [kind, 'errors'],
      subject,
      meaning: 'too many invocations fail, in percent',
      action: `${help.errors}.`,
    }, options.errors),

    throttles: createAlarm(scope, 'Throttles', {
      metric: measures.throttles,
      threshold: 1,
      ...defaults.throttles,
      id: [kind, 'throttles'],
      subject,
      meaning: 'invocations are throttled',
      action: `${help.throttles}.`,
    }, options.throttles),

    duration: timeoutSeconds === undefined ? undefined : createAlarm(scope, 'Duration', {
      metric: measures.duration,
      threshold: timeoutSeconds * 900, // 90 % of it, in milliseconds
      ...defaults.duration,
      id: [kind, 'duration'],
      subject,
      meaning: `an invocation comes near the timeout of ${timeoutSeconds} s, in milliseconds`,
      action: 'Raise the timeout or do less at once.',
    }, options.duration),

    reservedConcurrency: createConcurrencyAlarm(scope, 'ReservedConcurrency', reservedConcurrency, {
      metric: measures.concurrentExecutions,
      ...defaults.reservedConcurrency,
      id: [kind, 'reservedConcurrency'],
      subject,
      meaning: `90 % of the ${reservedConcurrency} reserved concurrent invocations are in use`,
      action: 'Raise the reservation before it throttles.',
    }, options.reservedConcurrency),
  };
}

/** An alarm at 90 % of what is reserved. None where that is not known, or 1, of which there is no part: each invocation would ring. */
export function createConcurrencyAlarm(
  scope: Construct, id: string, reserved: number | undefined, definition: Omit<AlarmDefinition, 'threshold'>, options?: AlarmOptions,
): Alarm | undefined {
  return reserved === undefined || reserved < 2 ? undefined : createAlarm(scope, id, { ...definition, threshold: reserved * 0.9 }, options);
}
