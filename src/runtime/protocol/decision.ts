import { JobMessage } from './message';
import { JobRecord, Stamp } from './record';

/** The record is put if it is absent or expired; with `over_fresh` also over the one that `submit` puts for the same message. */
export interface CreateStep {
  readonly do: 'create';
  readonly record: JobRecord;
  readonly over_fresh: boolean;
}

/** The record is changed if it still carries the stamp that was decided on. */
export interface UpdateStep {
  readonly do: 'update';
  readonly job_id: string;
  readonly expect: Stamp;
  readonly set: Partial<JobRecord>;
  readonly remove: readonly (keyof JobRecord)[];
}

/** One conditional write. */
export type WriteStep = CreateStep | UpdateStep;

/** One call, or the run of the user's handler. Their order is what makes a crash between any two of them harmless. */
export type Step =
  | WriteStep
  /** Send to the queue, delayed. */
  | { readonly do: 'send'; readonly message: JobMessage; readonly delay_ms: number }
  /** Hide the message in hand until then; it is delivered again. */
  | { readonly do: 'hide'; readonly until: number }
  /** Delete the message in hand. */
  | { readonly do: 'acknowledge' }
  /** Run the handler as the attempt that the write before has claimed. */
  | { readonly do: 'run' };

/** What a decision can mean: for answers, logs and metrics. */
export const OUTCOMES = [
  'submitted', 'known', 'conflict',
  'claimed', 'stale', 'mismatch', 'ahead', 'already_ended', 'leased', 'early', 'exhausted', 'resumed', 'overdue', 'rejected',
  'saved', 'succeeded', 'failed', 'retrying', 'deferred', 'cancelled', 'fenced',
  'cancel_requested', 'not_found', 'retried', 'not_retryable',
  'dead_lettered', 'not_due', 'newer',
  'started', 'unsettled',
] as const;

export type Outcome = typeof OUTCOMES[number];

/**
 * What to do, in this order. When a write does not hold, the steps after it are not taken and
 * the event is decided anew on the record as the store answered it.
 */
export interface Decision {
  readonly outcome: Outcome;
  readonly steps: readonly Step[];
}
