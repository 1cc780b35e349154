/** The limits between which the true median lies, with at least the confidence that was asked for. */
export type Interval = readonly [low: number, high: number];

const CONFIDENCE = 0.95;

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values have no median');
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The smallest value that at least this share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return ascending(values)[Math.max(0, Math.ceil(share * values.length) - 1)];
}

/**
 * Confidence interval of the median by order statistics: each run falls below the true median with probability ½, so how many of them do is
 * binomial, whatever the distribution of the times is. Exact and without chance, unlike a bootstrap.
 * @returns nothing where the values are too few: there must be 6 for 95 %
 */
export function medianInterval(values: readonly number[], confidence = CONFIDENCE): Interval | undefined {
  const sorted = ascending(values);
  const rank = narrowestRank(sorted.length, confidence);
  return rank === 0 ? undefined : [sorted[rank - 1], sorted[sorted.length - rank]];
}

/** What each value of one candidate is, compared with the other's of the same round: what slows a whole round down cancels out. */
export function pairwise(a: readonly number[], b: readonly number[], compare: (a: number, b: number) => number): number[] {
  if (a.length !== b.length) throw new Error(`${a.length} values cannot be paired with ${b.length}`);
  return a.map((value, index) => compare(value, b[index]));
}

/** The largest k for which the k-th smallest and the k-th largest value enclose the median with this confidence; 0 if there is none. */
function narrowestRank(count: number, confidence: number): number {
  let below = 0; // P(fewer than k values are smaller than the median)
  let probability = 0.5 ** count;
  for (let k = 0; k < count / 2; k++) {
    below += probability;
    if (1 - 2 * below < confidence) return k;
    probability *= (count - k) / (k + 1);
  }
  return Math.floor(count / 2);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
