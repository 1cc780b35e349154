/** What a metric's samples within one period are like. */
export type Samples =
  /** Something that is counted: its sum says how often; out of so many, where its mean is a share. */
  | { readonly kind: 'count'; readonly sum: number; readonly outOf?: number }
  /** Something that has a value at any time. */
  | { readonly kind: 'level'; readonly value: number; readonly spread?: number }
  /** Times that differ from each other as times do: most near the median, a few far above. */
  | { readonly kind: 'times'; readonly median: number; readonly sigma: number; readonly count: number; readonly longest?: number };

/** The statistic over several periods, each with its samples; percentiles are the mean of theirs, which is near enough to be looked at. */
export function combined(name: string, parts: readonly Samples[]): number | undefined {
  const values = parts.flatMap((samples) => {
    const value = statistic(samples, name);
    return value === undefined ? [] : [{ value, weight: statistic(samples, 'SampleCount') ?? 1 }];
  });
  if (values.length === 0) return undefined;
  switch (name) {
    case 'Sum':
    case 'SampleCount': return values.reduce((sum, { value }) => sum + value, 0);
    case 'Maximum': return Math.max(...values.map(({ value }) => value));
    case 'Minimum': return Math.min(...values.map(({ value }) => value));
    default: {
      const weights = values.reduce((sum, { weight }) => sum + weight, 0);
      return values.reduce((sum, { value, weight }) => sum + value * weight, 0) / (weights || 1);
    }
  }
}

/** What CloudWatch would answer for a statistic of these samples; nothing if there are none. */
export function statistic(samples: Samples, name: string): number | undefined {
  switch (samples.kind) {
    case 'count': return ofCount(samples, name);
    case 'level': return ofLevel(samples.value, samples.spread ?? 0.15, name);
    case 'times': return ofTimes(samples, name);
  }
}

function ofCount({ sum, outOf = sum }: Extract<Samples, { kind: 'count' }>, name: string): number | undefined {
  switch (name) {
    case 'Sum': return sum;
    case 'SampleCount': return Math.max(sum, Math.round(outOf));
    case 'Average': return outOf > 0 ? Math.min(1, sum / outOf) : undefined;
    default: return outOf > 0 ? Math.min(1, sum) : undefined;
  }
}

function ofLevel(value: number, spread: number, name: string): number {
  switch (name) {
    case 'Maximum': return value * (1 + spread);
    case 'Minimum': return value * (1 - spread);
    case 'SampleCount': return 1;
    default: return value;
  }
}

function ofTimes({ median, sigma, count, longest = Infinity }: Extract<Samples, { kind: 'times' }>, name: string): number | undefined {
  if (name === 'SampleCount') return count;
  if (count === 0) return undefined;
  const mean = median * Math.exp(sigma * sigma / 2);
  const at = (share: number) => Math.min(longest, median * Math.exp(sigma * quantile(share)));
  switch (name) {
    case 'Average': return mean;
    case 'Sum': return mean * count;
    case 'Maximum': return at(1 - 0.4 / Math.max(2, count));
    case 'Minimum': return at(0.4 / Math.max(2, count));
    default: return at(Number(/^[a-z]+([\d.]+)$/.exec(name)?.[1] ?? 50) / 100);
  }
}

/** Quantile of the normal distribution, within half a percent. */
function quantile(share: number): number {
  const tail = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const size = tail - (2.515517 + 0.802853 * tail + 0.010328 * tail ** 2) / (1 + 1.432788 * tail + 0.189269 * tail ** 2 + 0.001308 * tail ** 3);
  return share < 0.5 ? -size : size;
}
