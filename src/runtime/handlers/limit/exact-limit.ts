import { SubmitLimit, submitsPerMinute } from './submit-limit';
import type { Records } from '../../store/records';
import type { Environment } from '../../store/settings';

/** The exact limit as the environment has it, counted where the records are; undefined where nobody counts. */
export function exactLimit(environment: Environment, { counter, now }: Pick<Records, 'counter' | 'now'>): SubmitLimit | undefined {
  const limit = submitsPerMinute(environment);
  return limit === undefined ? undefined : new SubmitLimit(counter(), limit, now);
}
