import type { Range } from './widget-data';
import { DAY, HOUR, MINUTE } from './world';

const DEFAULT_RANGE = 3 * HOUR;
const LENGTHS: Readonly<Record<string, number>> = { TM: MINUTE, TH: HOUR, D: DAY, W: 7 * DAY, M: 30 * DAY };

/** What a page or a widget shows when it is opened: `-PT12H` are the twelve hours before its end. */
export function rangeBefore(end: number, start = ''): Range {
  const [, time = '', count, unit] = /^-P(T?)(\d+)([MHDW])$/.exec(start) ?? [];
  const length = count === undefined ? DEFAULT_RANGE : Number(count) * LENGTHS[`${time}${unit}`];
  return { start: end - length, end };
}
