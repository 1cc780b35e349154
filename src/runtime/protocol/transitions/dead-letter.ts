import { Decision } from '../decision';
import { JudgedRun } from '../event';
import { freshRecord, isOutlived, JobMessage } from '../message';
import { isLeased, isTerminal, JobRecord, LEASE_MARGIN_MS } from '../record';
import { create, ending, update } from '../write';
import { isUnsettled } from './execution';
import { reopened } from './reopening';
import { deadLettered } from './system-errors';

/** The queue gave the message up: the job fails, unless the message is not the last word on it. */
export function deadLetter(record: JobRecord | undefined, message: JobMessage, now: number, judged_run?: JudgedRun): Decision {
  if (isOutlived(message, now) && record?.generation !== message.generation) {
    return { outcome: 'stale', steps: [{ do: 'acknowledge' }] };
  }
  if (!record) {
    const fresh = freshRecord(message);
    return {
      outcome: 'dead_lettered',
      steps: [create(fresh, ending(fresh, 'failed', now, deadLettered(0)), true, now), { do: 'acknowledge' }],
    };
  }
  const foreign = record.payload_hash !== message.payload_hash || record.owner !== message.owner;
  if (foreign || record.generation > message.generation || (record.generation === message.generation && isTerminal(record.status))) {
    return { outcome: 'stale', steps: [{ do: 'acknowledge' }] };
  }
  if (isUnsettled(record, judged_run)) {
    return { outcome: 'unsettled', steps: [] };
  }
  if (isLeased(record, now)) {
    return { outcome: 'leased', steps: [{ do: 'hide', until: record.lease_expires_at! + LEASE_MARGIN_MS }] };
  }
  if (record.generation < message.generation) {
    const changes = { ...reopened(message), ...ending({ ...record, deadline_at: message.deadline_at }, 'failed', now, deadLettered(0)) };
    return { outcome: 'dead_lettered', steps: [update(record, changes, now), { do: 'acknowledge' }] };
  }
  const ended = record.cancel_requested
    ? ending(record, 'cancelled', now)
    : ending(record, 'failed', now, record.error ?? deadLettered(record.attempt));
  return {
    outcome: record.cancel_requested ? 'cancelled' : 'dead_lettered',
    steps: [update(record, ended, now), { do: 'acknowledge' }],
  };
}
