import { anomalyBand } from './anomaly-band';
import { isArray, isSeries, timestamps, withValues, type TimeSeries, type Value, type Window } from './series';
import { MetricMathError } from './syntax';

/** A function of metric math whose arguments are values. Those that need names or words are in `evaluate.ts`. */
export type MathFunction = (args: readonly Value[], window: Window) => Value;

type Aggregate = (values: readonly number[]) => number;

const SUM: Aggregate = values => values.reduce((sum, value) => sum + value, 0);
const MEAN: Aggregate = values => SUM(values) / values.length;
/** Of all values there are, and not estimated from a sample: AWS does not say which. */
const STDDEV: Aggregate = values => Math.sqrt(MEAN(values.map(value => (value - MEAN(values)) ** 2)));
/** The functions by which SORT sorts, and more. */
export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  SUM, AVG: MEAN, MIN: values => Math.min(...values), MAX: values => Math.max(...values), STDDEV,
};

/** Functions by name. What is not here is not evaluated: an error, and never a guess. */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: eachValue('ABS', Math.abs),
  CEIL: eachValue('CEIL', Math.ceil),
  FLOOR: eachValue('FLOOR', Math.floor),
  LOG: eachValue('LOG', Math.log),
  LOG10: eachValue('LOG10', Math.log10),

  SUM: aggregate('SUM', SUM),
  MIN: aggregate('MIN', AGGREGATES.MIN),
  MAX: aggregate('MAX', AGGREGATES.MAX),
  STDDEV: aggregate('STDDEV', STDDEV),
  AVG: average,
  DATAPOINT_COUNT: aggregate('DATAPOINT_COUNT', values => values.length),
  METRIC_COUNT: args => anArray('METRIC_COUNT', only('METRIC_COUNT', args)).length,

  DIFF: fromOneToTheNext('DIFF', (value, before) => value - before),
  DIFF_TIME: fromOneToTheNext('DIFF_TIME', (_, __, seconds) => seconds),
  RATE: fromOneToTheNext('RATE', (value, before, seconds) => (value - before) / seconds),
  RUNNING_SUM: args => each('RUNNING_SUM', only('RUNNING_SUM', args), runningSum),

  TIME_SERIES: timeSeries,
  FIRST: args => oneOf('FIRST', args, array => array[0]),
  LAST: args => oneOf('LAST', args, array => array[array.length - 1]),
  REMOVE_EMPTY: args => anArray('REMOVE_EMPTY', only('REMOVE_EMPTY', args)).filter(series => series.values.size > 0),
  SLICE: slice,
  ANOMALY_DETECTION_BAND: band,
};

function eachValue(name: string, compute: (value: number) => number): MathFunction {
  return args => each(name, only(name, args), series => withValues(series, [...series.values].map(([time, value]) => [time, compute(value)])));
}

/** Of one series a number over all its datapoints; of an array a series, with a value where any of them has one. */
function aggregate(name: string, compute: Aggregate): MathFunction {
  return args => {
    const value = only(name, args);
    if (isSeries(value)) return value.values.size === 0 ? 0 : compute([...value.values.values()]);
    const array = anArray(name, value);
    return together(array, time => compute(array.flatMap(series => series.values.get(time) ?? [])));
  };
}

/** Missing values count as 0, as AWS documents it of this function alone. */
function average(args: readonly Value[], window: Window): Value {
  const value = only('AVG', args);
  if (isSeries(value)) return SUM([...value.values.values()]) / Math.max(1, timestamps(window).length);
  const array = anArray('AVG', value);
  return together(array, time => MEAN(array.map(series => series.values.get(time) ?? 0)));
}

function together(array: readonly TimeSeries[], compute: (time: number) => number): TimeSeries {
  const times = new Set(array.flatMap(series => [...series.values.keys()]));
  const template = array[0] ?? { id: '', label: '', period: 60, values: new Map() };
  return withValues(template, [...times].map(time => [time, compute(time)]));
}

/** Each value beside the one before it that there is; the first has none. */
function fromOneToTheNext(name: string, compute: (value: number, before: number, seconds: number) => number): MathFunction {
  return args => each(name, only(name, args), series => {
    const points = [...series.values];
    return withValues(series, points.slice(1).map(([time, value], n) => [time, compute(value, points[n][1], time - points[n][0])]));
  });
}

function runningSum(series: TimeSeries): TimeSeries {
  let sum = 0;
  return withValues(series, [...series.values].map(([time, value]) => [time, sum += value]));
}

function timeSeries(args: readonly Value[], window: Window): TimeSeries {
  const value = aNumber('TIME_SERIES', only('TIME_SERIES', args));
  return { id: '', label: String(value), period: window.period, values: new Map(timestamps(window).map(time => [time, value])) };
}

function slice(args: readonly Value[]): readonly TimeSeries[] {
  if (args.length < 2 || args.length > 3) throw new MetricMathError('SLICE has an array of series, where it begins, and perhaps where it ends.');
  const [from, to] = args.slice(1).map(arg => aNumber('SLICE', arg));
  return anArray('SLICE', args[0]).slice(from, to);
}

function band(args: readonly Value[], window: Window): readonly TimeSeries[] {
  const [series, deviations = 2] = args;
  if (args.length > 2 || !series || !isSeries(series)) {
    throw new MetricMathError('ANOMALY_DETECTION_BAND has one series, and perhaps how many standard deviations.');
  }
  return anomalyBand(series, aNumber('ANOMALY_DETECTION_BAND', deviations), window);
}

function oneOf(name: string, args: readonly Value[], choose: (array: readonly TimeSeries[]) => TimeSeries | undefined): TimeSeries {
  const found = choose(anArray(name, only(name, args)));
  if (!found) throw new MetricMathError(`${name} has an array without series.`);
  return found;
}

/** The same for a series and for each of an array. */
export function each(name: string, value: Value, compute: (series: TimeSeries) => TimeSeries): Value {
  if (isSeries(value)) return compute(value);
  return anArray(name, value).map(compute);
}

export function only(name: string, args: readonly Value[]): Value {
  if (args.length !== 1) throw new MetricMathError(`${name} has one argument, not ${args.length}.`);
  return args[0];
}

export function aNumber(name: string, value: Value): number {
  if (typeof value !== 'number') throw new MetricMathError(`${name} has a series where a number should be.`);
  return value;
}

export function anArray(name: string, value: Value): readonly TimeSeries[] {
  if (!isArray(value)) throw new MetricMathError(`${name} has ${isSeries(value) ? 'one series' : 'a number'} where an array of series should be.`);
  return value;
}
