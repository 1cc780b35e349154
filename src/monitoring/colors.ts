/** What a line stands for: the same has the same colour on the whole page, whatever counts it. Those of `cloudwatch.Color`, where it has one. */
export const COLORS = {
  /** What comes in: jobs, messages, calls, invocations. */
  arrived: '#1f77b4',
  done: '#2ca02c',
  /** What failed for good, and answers with a 5xx. */
  failed: '#d62728',
  /** What is tried again. */
  retried: '#ff7f0e',
  /** Answers with a 4xx: the caller's to mend. */
  refused: '#ff7f0e',
  /** What was not let in, as there was too much of it. */
  throttled: '#bcbd22',
  deferred: '#9467bd',
  cancelled: '#7f7f7f',
  waiting: '#17becf',
  age: '#8c564b',
  drain: '#e377c2',
} as const;

/** From the usual to the rare: of one hue, the darker the rarer. */
export const PERCENTILES = { p50: '#9ecae1', p90: '#4292c6', p99: '#08519c' } as const;
