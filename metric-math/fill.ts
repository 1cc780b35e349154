import { isSeries, timestamps, withValues, type TimeSeries, type Value, type Window } from './series';
import { MetricMathError } from './syntax';

/** How FILL gives a value to a period that has none: a number, another series, the last value before it, or a line between its neighbours. */
export type Filler = Value | 'REPEAT' | 'LINEAR';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list */
export function fill(series: TimeSeries, filler: Filler, window: Window): TimeSeries {
  const times = new Set([...series.values.keys(), ...timestamps(window)]);
  return withValues(series, [...times].map(time => [time, series.values.get(time) ?? filled(series, filler, time)]));
}

function filled(series: TimeSeries, filler: Filler, time: number): number | undefined {
  if (filler === 'REPEAT') return before(series, time)?.[1];
  if (filler === 'LINEAR') return onTheLine(before(series, time), after(series, time), time);
  if (typeof filler === 'number') return filler;
  if (!isSeries(filler)) throw new MetricMathError('FILL has an array of series as what fills: CloudWatch documents a number, a series, REPEAT and LINEAR.');
  return filler.values.get(time);
}

type Point = readonly [time: number, value: number];

function before({ values }: TimeSeries, time: number): Point | undefined {
  return [...values].filter(([at]) => at < time).pop();
}

function after({ values }: TimeSeries, time: number): Point | undefined {
  return [...values].find(([at]) => at > time);
}

/** A gap has two ends; outside of them there is no line. */
function onTheLine(from: Point | undefined, to: Point | undefined, time: number): number | undefined {
  return from && to && from[1] + (to[1] - from[1]) * (time - from[0]) / (to[0] - from[0]);
}
