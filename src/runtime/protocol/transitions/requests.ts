import { Decision } from '../decision';
import { messageOf } from '../message';
import { isTerminal, JobRecord, SYSTEM_ERRORS } from '../record';
import { ending, update } from '../write';
import { reopened } from './reopening';

/** A queued job ends at once; a running one is asked, and its next write tells it. */
export function cancel(record: JobRecord | undefined, now: number): Decision {
  if (!record) {
    return { outcome: 'not_found', steps: [] };
  }
  if (isTerminal(record.status)) {
    return { outcome: 'already_ended', steps: [] };
  }
  if (record.status === 'queued') {
    return { outcome: 'cancelled', steps: [update(record, ending(record, 'cancelled', now), now)] };
  }
  return {
    outcome: 'cancel_requested',
    steps: record.cancel_requested ? [] : [update(record, { cancel_requested: true }, now)],
  };
}

/**
 * Send, then write, as for a submission: if the write is never made, the worker that gets the message makes the
 * transition itself. If another retry was first, its generation is the same and the second message is a duplicate.
 * @param generation the one that the asker saw end
 */
export function retry(record: JobRecord | undefined, generation: number, deadline_at: number, now: number): Decision {
  if (!record) {
    return { outcome: 'not_found', steps: [] };
  }
  if (record.generation > generation) {
    return { outcome: 'retried', steps: [] };
  }
  if ((record.status !== 'failed' && record.status !== 'cancelled') || wasNoJob(record)) {
    return { outcome: 'not_retryable', steps: [] };
  }
  const message = messageOf(record, { generation: record.generation + 1, deadline_at });
  return {
    outcome: 'retried',
    steps: [{ do: 'send', message, delay_ms: 0 }, update(record, reopened(message), now)],
  };
}

/** A rejected message never ran, and its payload is whatever was found: there is nothing to run again. */
function wasNoJob({ run, error }: JobRecord): boolean {
  return run === 0 && error?.type === SYSTEM_ERRORS.invalidMessage;
}
