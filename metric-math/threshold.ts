import { MetricMathError } from './syntax';

/** What a value is compared with: a number, or a band of which each period has its own. */
export type Limit = number | Band | null;

export interface Band {
  readonly upper: number;
  readonly lower: number;
}

const COMPARE: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, limit) => value >= limit,
  GreaterThanThreshold: (value, limit) => value > limit,
  LessThanThreshold: (value, limit) => value < limit,
  LessThanOrEqualToThreshold: (value, limit) => value <= limit,
};
const COMPARE_BAND: Readonly<Record<string, (value: number, band: Band) => boolean>> = {
  LessThanLowerOrGreaterThanUpperThreshold: (value, { upper, lower }) => value < lower || value > upper,
  LessThanLowerThreshold: (value, { lower }) => value < lower,
  GreaterThanUpperThreshold: (value, { upper }) => value > upper,
};

/** Whether a value is beyond what an alarm allows; `null` where there is no value, or nothing is expected of it yet. */
export function breaches(value: number | null, operator: string, limit: Limit): boolean | null {
  if (value === null || limit === null) return null;
  if (typeof limit === 'number' && Object.hasOwn(COMPARE, operator)) return COMPARE[operator](value, limit);
  if (typeof limit === 'object' && Object.hasOwn(COMPARE_BAND, operator)) return COMPARE_BAND[operator](value, limit);
  throw new MetricMathError(`The comparison ${operator} is not known for a ${typeof limit === 'number' ? 'threshold' : 'band'}.`);
}
