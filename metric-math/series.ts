/** Values of a metric, one for each period at most. Periods are named by their beginning, in seconds since 1970. */
export interface TimeSeries {
  /** What expressions call it. */
  readonly id: string;
  readonly label: string;
  /** The length of a period in seconds. */
  readonly period: number;
  /** Where a period has no entry, its value is missing. */
  readonly values: ReadonlyMap<number, number>;
}

/** What an expression is or has: a number, a series, or several of them in their order. */
export type Value = number | TimeSeries | readonly TimeSeries[];

/** The periods for which something is computed: from `start` on, before `end`, in seconds since 1970. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly period: number;
}

/** The beginnings of the periods of a window, the oldest first. */
export function timestamps({ start, end, period }: Window): number[] {
  const count = Math.max(0, Math.ceil((end - start) / period));
  return Array.from({ length: count }, (_, n) => start + n * period);
}

export function isSeries(value: Value): value is TimeSeries {
  return typeof value === 'object' && 'values' in value && !Array.isArray(value);
}

export function isArray(value: Value): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

/** The same series with other values; what has no finite value is missing. */
export function withValues(series: TimeSeries, values: Iterable<readonly [number, number | undefined]>): TimeSeries {
  const kept = [...values].filter((entry): entry is readonly [number, number] => entry[1] !== undefined && Number.isFinite(entry[1]));
  return { ...series, values: new Map([...kept].sort(([a], [b]) => a - b)) };
}

/** The value of each period of a window, `null` where it is missing; the oldest first. */
export function inWindow(series: TimeSeries, window: Window): (number | null)[] {
  return timestamps(window).map(time => series.values.get(time) ?? null);
}
