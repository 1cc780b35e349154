import { MetricMathError } from './syntax';

const PERCENTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/;
const SIMPLE: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: values => values.reduce((sum, value) => sum + value, 0),
  Average: values => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: values => Math.min(...values),
  Maximum: values => Math.max(...values),
  SampleCount: values => values.length,
};

/**
 * A statistic over the values of one period.
 *
 * @throws MetricMathError on trimmed means and the like, which nothing here uses
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statistic(stat: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (Object.hasOwn(SIMPLE, stat)) return SIMPLE[stat](values);
  const percent = PERCENTILE.exec(stat)?.[1];
  if (percent === undefined) throw new MetricMathError(`The statistic ${stat} is not computed here.`);
  return percentile(values, Number(percent) / 100);
}

/** Between the two values around it, by how near it is to each. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  return below + (sorted[Math.ceil(rank)] - below) * (rank - Math.floor(rank));
}
