import type { Task } from './command';
import { shortTime, timeOf } from '../times';

/** Which failed jobs are meant, as the operate function is asked for them. */
export interface FailedMeant {
  /** Epoch milliseconds. */
  readonly failed_since: number;
  readonly owner?: string;
  readonly error_type?: string;
}

/** Of a command with `--failed-since`. */
export function failedMeant({ options, io }: Pick<Task, 'options' | 'io'>, since: string): FailedMeant {
  const { owner, 'error-type': error_type } = options;
  return {
    failed_since: timeOf('--failed-since', since, io.now()),
    ...(owner !== undefined && { owner }),
    ...(error_type !== undefined && { error_type }),
  };
}

/** In words that go on after `jobs that`: `failed since 2027-01-15T08:00:00Z with WorkerLost (owner customer:acme)`. */
export function failedWords({ failed_since, ...filters }: FailedMeant): string {
  return `failed since ${isoOf(failed_since)}${filterWords(filters)}`;
}

export function filterWords({ owner, error_type }: Pick<FailedMeant, 'owner' | 'error_type'>): string {
  return `${error_type === undefined ? '' : ` with ${error_type}`}${owner === undefined ? '' : ` (owner ${owner})`}`;
}

export function isoOf(ms: number): string {
  return shortTime(new Date(ms).toISOString());
}

/** What may be wrong where nothing is found of an owner. */
export function ownerHint({ owner }: Pick<FailedMeant, 'owner'>): string {
  return owner === undefined ? '' : ': owners are written as lists show them, such as customer:acme';
}
