/** What a number is of. A time whose words say what it is counted in is written so: `in…`; others as suits their length. */
export type Unit = 'count' | 'percent' | 'milliseconds' | 'seconds' | 'microseconds' | 'bytes' | 'dollars' | 'megabytes' | 'inMilliseconds' | 'inSeconds' | 'inMinutes';

const BY_WORDS: readonly (readonly [words: RegExp, unit: Unit])[] = [
  [/%|percent|\bshare\b|\bratio\b|utili[sz]ation/i, 'percent'],
  [/US\$|USD|\$(?!\{)|dollar|\bcosts?\b/i, 'dollars'],
  [/\bMiB\b|\bMB\b|megabyte/i, 'megabytes'],
  [/byte/i, 'bytes'],
  [/\bµs\b|microsecond/i, 'microseconds'],
  [/\bms\b|millisecond/i, 'inMilliseconds'],
  [/\bseconds?\b|\(s\)|, s$|^s\b/i, 'inSeconds'],
  [/\bminutes?\b/i, 'inMinutes'],
];

const BY_NAME: readonly (readonly [metricName: RegExp, unit: Unit])[] = [
  [/AgeOf|Age$/, 'seconds'],
  [/BorrowLatency|ResponseLatency/, 'microseconds'],
  [/Duration|Latency|Wait$|ExecutionTime|Duration$/, 'milliseconds'],
  [/CPU|Percent|Utilization$/, 'percent'],
  [/Bytes|FreeStorageSpace|FreeableMemory/, 'bytes'],
  [/Cost|Charges/, 'dollars'],
];

/** What is said of a number tells its unit: the words first, then the metric's name. */
export function unitOf({ words = '', metricName = '' }: { readonly words?: string; readonly metricName?: string }): Unit {
  return BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? BY_NAME.find(([pattern]) => pattern.test(metricName))?.[1] ?? 'count';
}

const FREE: Readonly<Partial<Record<Unit, Unit>>> = { inMilliseconds: 'milliseconds', inSeconds: 'seconds' };

/** The same, written as suits its length: at an axis each number says what it is counted in. */
export function free(unit: Unit): Unit {
  return FREE[unit] ?? unit;
}

/** How numbers up to some size are written: each is divided, and followed by a sign. */
export interface Scale {
  readonly by: number;
  readonly before: string;
  readonly after: string;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const SECONDS: readonly (readonly [least: number, sign: string])[] = [[2 * DAY, ' d'], [2 * HOUR, ' h'], [2 * MINUTE, ' min'], [1, ' s'], [1e-3, ' ms'], [0, ' µs']];
const SIGNS: Readonly<Record<string, number>> = { ' d': DAY, ' h': HOUR, ' min': MINUTE, ' s': 1, ' ms': 1e-3, ' µs': 1e-6 };
const COUNTS: readonly (readonly [least: number, sign: string])[] = [[1e9, 'G'], [1e6, 'M'], [1e4, 'k'], [0, '']];
const FIXED: Readonly<Partial<Record<Unit, string>>> = { percent: '%', inMilliseconds: ' ms', inSeconds: ' s', inMinutes: ' min' };
const IN_SECONDS: Readonly<Record<string, number>> = { seconds: 1, milliseconds: 1e-3, microseconds: 1e-6 };

/** How numbers of a unit are written of which this is the largest. */
export function scaleFor(unit: Unit, largest: number): Scale {
  const size = Math.abs(largest);
  if (unit in IN_SECONDS) {
    const seconds = size * IN_SECONDS[unit];
    const sign = size === 0 ? { seconds: ' s', milliseconds: ' ms', microseconds: ' µs' }[unit as 'seconds']! : SECONDS.find(([least]) => seconds >= least)![1];
    return { by: SIGNS[sign] / IN_SECONDS[unit], before: '', after: sign };
  }
  if (unit === 'bytes' || unit === 'megabytes') {
    const bytes = unit === 'bytes' ? 1 : 1e6;
    const [factor, after] = ([[1e12, ' TB'], [1e9, ' GB'], [1e6, ' MB'], [1e3, ' kB'], [1, ' B']] as const).find(([least]) => size * bytes >= least) ?? [1, ' B'];
    return { by: factor / bytes, before: '', after };
  }
  if (FIXED[unit]) return { by: 1, before: '', after: FIXED[unit] };
  const sign = COUNTS.find(([least]) => size >= least)![1];
  return { by: { G: 1e9, M: 1e6, k: 1e3 }[sign] ?? 1, before: unit === 'dollars' ? '$' : '', after: sign };
}

/** A number as people write it: three digits that count, and the sign of its unit. */
export function written(value: number, unit: Unit, scale = scaleFor(unit, value)): string {
  const scaled = value / scale.by;
  const size = Math.abs(scaled);
  const digits = Number.isInteger(scaled) ? 0 : size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 ? 2 : size >= 0.0095 ? 3 : 4;
  const money = unit === 'dollars' && size >= 0.1 && size < 1000 && digits > 0;
  const number = scaled.toLocaleString('en-US', { maximumFractionDigits: money ? 2 : digits, minimumFractionDigits: money ? 2 : 0 });
  return `${scale.before}${number}${scale.after}`;
}
