import { jsonText, type TextLimit } from './checks';
import { ERROR_NAME } from './errors';
import { secondsToWait } from './retry-after';
import type { AttemptEvent } from '../protocol/event';
import type { JobError, JobRecord } from '../protocol/record';
import { hasMoved } from '../protocol/record';
import { cut, LONGEST_MESSAGE } from '../telemetry/error-view';

/** How the user's handler ended. */
export type HandlerEnd = { readonly returned: unknown } | { readonly threw: unknown };

/** What the outcome of an attempt depends on, beside how its handler ended. */
export interface AttemptState {
  readonly record: JobRecord;
  readonly signal: AbortSignal;
  /** How long to wait before the next attempt. */
  readonly backoff: (attempt: number) => number;
  /** Of the result. */
  readonly limit: TextLimit;
  /** Whether the handler has ended its job within a transaction, of which nobody knows here whether it was committed. */
  readonly inTransaction: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

const LONGEST_TYPE = 128;

const NOT_COMMITTED = {
  type: 'TransactionNotCommitted',
  message: 'the transaction of succeedWithin() was not committed when the handler returned. After a statement that failed, COMMIT rolls back without '
    + 'an error: let errors of statements reach the end of the handler',
};

/**
 * What an attempt reports when its handler has ended. After `succeedWithin()` that is a failure in any case: it is written only on a record that
 * says that the attempt is still at work, which is so exactly when the transaction was not committed.
 */
export function outcomeOf(end: HandlerEnd, state: AttemptState): AttemptEvent {
  return 'returned' in end ? returned(end.returned, state) : threw(end.threw, state);
}

/** A result that cannot be kept fails the job: the next attempt would have the same. */
function returned(result: unknown, state: AttemptState): AttemptEvent {
  const { run } = state.record;
  if (state.inTransaction) {
    return failure(NOT_COMMITTED, true, state);
  }
  if (result === undefined) {
    return { type: 'succeed', run };
  }
  try {
    return { type: 'succeed', run, result: jsonText('the result', result, state.limit) };
  } catch (error) {
    return failure({ type: 'InvalidResult', message: (error as Error).message }, false, state);
  }
}

function threw(error: unknown, state: AttemptState): AttemptEvent {
  const { record: { run }, signal } = state;
  const { name, message } = describe(error);
  const stopped = signal.aborted ? describe(signal.reason).name : undefined;
  if (name === ERROR_NAME.jobCancelled || (stopped === ERROR_NAME.jobCancelled && name === 'AbortError')) {
    return { type: 'stop', run };
  }
  if (name === ERROR_NAME.jobFailed) {
    return failure({ type: textOf(error, 'type') ?? name, message }, false, state);
  }
  if (name === ERROR_NAME.retryLater) {
    return { type: 'defer', run, delay_ms: Math.round(secondsToWait((error as { seconds?: unknown }).seconds, state.now) * 1000) };
  }
  if (stopped === ERROR_NAME.timeoutNear) {
    const text = name === ERROR_NAME.timeoutNear ? message : `the timeout was near, and the handler ended with ${name}: ${message}`;
    return failure({ type: ERROR_NAME.timeoutNear, message: text }, true, state);
  }
  return failure({ type: name, message }, true, state);
}

function failure({ type, message }: Omit<JobError, 'attempt'>, retry: boolean, { record, backoff }: AttemptState): AttemptEvent {
  const { run, attempt } = record;
  // With time the next attempt is not better off than now, so one that has come forward goes on at once.
  const delay_ms = type === ERROR_NAME.timeoutNear && hasMoved(record) ? 0 : backoff(attempt);
  return { type: 'fail', run, retry, delay_ms, error: { type: cut(type, LONGEST_TYPE), message: cut(message, LONGEST_MESSAGE), attempt } };
}

/** Whatever was thrown, in words. */
export function describe(error: unknown): { readonly name: string; readonly message: string } {
  return {
    name: textOf(error, 'name') ?? 'Error',
    message: textOf(error, 'message') ?? (typeof error === 'object' ? 'something that is no error was thrown' : String(error)),
  };
}

function textOf(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const value: unknown = (error as Record<string, unknown>)[field];
  return typeof value === 'string' && (value !== '' || field === 'message') ? value : undefined;
}
