import { UsageError } from './io';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A time that is given as so long ago (`90s`, `30m`, `2h`, `7d`) or in ISO 8601; without a zone it is the reader's own.
 * @returns epoch milliseconds
 */
export function timeOf(option: string, text: string, now: number): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const time = unit === undefined ? (ISO.test(text) ? Date.parse(text) : NaN) : Math.round(now - Number(count) * UNITS[unit]);
  if (!(time >= 0)) {
    throw new UsageError(`${option} takes how long ago (90s, 30m, 2h, 7d) or a time in ISO 8601 (2027-01-15T08:00:00Z), not "${text}"`);
  }
  if (time > now) {
    throw new UsageError(`${option} is in the future: ${text}`);
  }
  return time;
}

/** To the second, in UTC. */
export function shortTime(iso: unknown): string {
  return typeof iso === 'string' ? iso.replace(/\.\d+Z$/, 'Z') : '';
}

/** A length of time in its largest whole unit: `4 days`. */
export function lengthOf(seconds: number): string {
  const [size, name] = ([[86_400, 'day'], [3_600, 'hour'], [60, 'minute']] as const).find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
