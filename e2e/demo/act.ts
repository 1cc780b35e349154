import type { Intervention, Send } from './caller';
import { phaseOf, type JobLife, type Phase } from './life';

/** One job that the demo submits, and how it should end. */
export interface Act {
  readonly label: string;
  readonly about: string;
  readonly payload: unknown;
  /** @default - once */
  readonly send?: Send;
  /** What its owner does about the job later. */
  readonly intervention?: Intervention;
  readonly expected: Expectation;
}

/** What is not given is not judged. */
export interface Expectation {
  readonly phase: Phase;
  readonly attempts?: number;
  /** How often a worker started it, at least: on a slow machine an attempt may run into its timeout, and then goes on as after a crash. */
  readonly leastRuns?: number;
  /** Status code of a refusal. */
  readonly httpStatus?: number;
  /** Type of the error in the record. */
  readonly error?: string;
  /** What is told of its owner. */
  readonly note?: string;
}

/** What differs from the expectation; empty when nothing does. */
export function differences({ phase, attempts, leastRuns, httpStatus, error, note }: Expectation, life: JobLife, runs = 0): string[] {
  const compared: [what: string, expected: unknown, found: unknown][] = [
    ['state', phase, phaseOf(life)],
    ['attempts', attempts, life.job?.attempt],
    ['runs (at least)', leastRuns, leastRuns && Math.min(leastRuns, runs)],
    ['status code', httpStatus, life.refusal?.status],
    ['error', error, life.job?.error?.type],
    ['note', note, life.note],
  ];
  return compared.filter(([, expected, found]) => expected !== undefined && expected !== found)
    .map(([what, expected, found]) => `${what}: expected ${expected}, found ${found ?? 'none'}`);
}
