import { Decision } from '../decision';
import { freshRecord, JobMessage } from '../message';
import { isLeased, isTerminal, JobRecord, LEASE_MARGIN_MS } from '../record';
import { ending, update } from '../write';
import { reopened } from './reopening';
import { deadLettered } from './system-errors';

/** The queue gave the message up: the job fails, unless the message is not the last word on it. */
export function deadLetter(record: JobRecord | undefined, message: JobMessage, now: number): Decision {
  if (!record) {
    const fresh = freshRecord(message);
    const failed = { ...fresh, ...ending(fresh, 'failed', now, deadLettered(0)), updated_at: now };
    return { outcome: 'dead_lettered', steps: [{ do: 'create', record: failed, over_fresh: true }, { do: 'acknowledge' }] };
  }
  const foreign = record.payload_hash !== message.payload_hash || record.owner !== message.owner;
  if (foreign || record.generation > message.generation || (record.generation === message.generation && isTerminal(record.status))) {
    return { outcome: 'stale', steps: [{ do: 'acknowledge' }] };
  }
  if (record.generation < message.generation) {
    const changes = { ...reopened(message), ...ending(record, 'failed', now, deadLettered(0)) };
    return { outcome: 'dead_lettered', steps: [update(record, changes, now), { do: 'acknowledge' }] };
  }
  if (isLeased(record, now)) {
    return { outcome: 'leased', steps: [{ do: 'hide', until: record.lease_expires_at! + LEASE_MARGIN_MS }] };
  }
  const ended = record.cancel_requested
    ? ending(record, 'cancelled', now)
    : ending(record, 'failed', now, record.error ?? deadLettered(record.attempt));
  return {
    outcome: record.cancel_requested ? 'cancelled' : 'dead_lettered',
    steps: [update(record, ended, now), { do: 'acknowledge' }],
  };
}
