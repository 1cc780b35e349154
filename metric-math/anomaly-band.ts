import { timestamps, withValues, type TimeSeries, type Window } from './series';

/** With fewer values before it nothing is expected of a value, as of a metric that CloudWatch has not learned yet. */
const FEWEST = 3;

/**
 * What a value may be, upper limit first: the mean of all values before it, and so many standard deviations around it.
 *
 * This is an approximation. CloudWatch trains a model on up to two weeks, with hours, days and trends, which nobody can run elsewhere; here a band
 * follows the data of the same run, wide enough to tell a flood from a trickle. Nothing may depend on more.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
 */
export function anomalyBand(series: TimeSeries, deviations: number, window: Window): readonly [upper: TimeSeries, lower: TimeSeries] {
  const limits = timestamps(window).map(time => ({ time, ...expected([...series.values].filter(([at]) => at < time).map(([, value]) => value)) }));
  return [
    { ...withValues(series, limits.map(({ time, mean, deviation }) => [time, mean + deviations * deviation])), label: `${series.label} (high)` },
    { ...withValues(series, limits.map(({ time, mean, deviation }) => [time, mean - deviations * deviation])), label: `${series.label} (low)` },
  ];
}

/** Not finite where too little is known, so that there is no datapoint. */
function expected(before: readonly number[]): { mean: number; deviation: number } {
  if (before.length < FEWEST) return { mean: NaN, deviation: NaN };
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / before.length;
  return { mean, deviation: Math.sqrt(variance) };
}
