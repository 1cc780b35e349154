import { alarmState, evaluationRange, type AlarmSettings, type AlarmState } from './alarm-state';
import type { MetricSource } from './metric-data';
import { runQueries, type MetricQuery } from './queries';
import { inWindow, type TimeSeries, type Window } from './series';
import { MetricMathError } from './syntax';
import { breaches, type Limit } from './threshold';

/** An alarm, as a template or `DescribeAlarms` has it. */
export interface MetricAlarm extends AlarmSettings {
  readonly name: string;
  readonly queries: readonly MetricQuery[];
  /** In seconds. */
  readonly period: number;
  readonly comparisonOperator: string;
  readonly threshold?: number;
  /** The query with the band that takes the place of a threshold. */
  readonly thresholdMetricId?: string;
}

/** What an alarm finds when it looks, and what it makes of it. */
export interface Judgement {
  readonly state: AlarmState;
  /** The values it looked at, the newest last; `null` where there is none. */
  readonly values: readonly (number | null)[];
}

/**
 * Judges an alarm at a moment: the newest period is the one that ends then.
 *
 * @param at in seconds since 1970
 * @param current the state that the alarm has
 */
export function judge(alarm: MetricAlarm, source: MetricSource, at: number, current?: AlarmState): Judgement {
  const window: Window = { start: at - alarm.period * evaluationRange(alarm), end: at, period: alarm.period };
  const isBand = (query: MetricQuery) => query.id === alarm.thresholdMetricId;
  const results = runQueries(alarm.queries.map(query => ({ ...query, returned: query.returned || isBand(query) })), source, historyOf(alarm, window));
  const judged = results.filter(({ query }) => !isBand(query)).flatMap(({ series }) => series);
  if (judged.length !== 1) throw new MetricMathError(`${alarm.name} judges ${judged.length} series: CloudWatch judges one.`);
  const values = inWindow(judged[0], window);
  const limits = limitsOf(alarm, results.find(({ query }) => isBand(query))?.series, window);
  const datapoints = values.map((value, n) => breaches(value, alarm.comparisonOperator, limits[n]));
  // alarms on DynamoDB's own metrics ignore missing data whatever they say
  const isDynamoDb = alarm.queries.some(({ metric }) => metric?.namespace === 'AWS/DynamoDB');
  return { state: alarmState(datapoints, isDynamoDb ? { ...alarm, treatMissingData: 'ignore' } : alarm, current), values };
}

/** A band is made from what came before; only it looks further back. */
function historyOf({ thresholdMetricId, period }: MetricAlarm, window: Window): Window {
  return thresholdMetricId === undefined ? window : { ...window, start: window.start - period * BAND_PERIODS };
}

const BAND_PERIODS = 24;

function limitsOf({ name, threshold, thresholdMetricId }: MetricAlarm, band: readonly TimeSeries[] | undefined, window: Window): readonly Limit[] {
  if (thresholdMetricId === undefined) {
    if (threshold === undefined) throw new MetricMathError(`${name} has neither a threshold nor a band.`);
    return inWindow({ id: '', label: '', period: window.period, values: new Map() }, window).map(() => threshold);
  }
  if (band?.length !== 2) throw new MetricMathError(`${thresholdMetricId}, by which ${name} judges, is no band.`);
  const [upper, lower] = band.map(series => inWindow(series, window));
  return upper.map((value, n) => value === null || lower[n] === null ? null : { upper: value, lower: lower[n] });
}
