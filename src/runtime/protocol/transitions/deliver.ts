import { Decision, Step } from '../decision';
import { JobEvent } from '../event';
import { freshRecord, isOutlived, JobMessage } from '../message';
import { hasMoved, isLeased, isTerminal, JobError, JobRecord, LEASE_MARGIN_MS, MAX_DELAY_MS } from '../record';
import { Changes, create, ending, update } from '../write';
import { isUnsettled } from './execution';
import { reopened } from './reopening';
import { deadlineExceeded, invalidMessage, lastError, workerLost } from './system-errors';
import { sendAnew } from './waiting';

type Delivered = Extract<JobEvent, { type: 'deliver' }>;

/** A worker has the message: may it start an attempt? */
export function deliver(record: JobRecord | undefined, event: Delivered, now: number): Decision {
  const { message, remaining_ms } = event;
  if (isOutlived(message, now) && record?.generation !== message.generation) {
    return { outcome: 'stale', steps: [{ do: 'acknowledge' }] };
  }
  return record
    ? deliverKnown(record, event, now)
    : deliverFirst(message, remaining_ms, now);
}

/** No record yet (or none was looked for): the message makes it. */
function deliverFirst(message: JobMessage, remaining_ms: number, now: number): Decision {
  if (message.not_before !== undefined && message.not_before > now) {
    return { outcome: 'early', steps: wait(message, message.not_before, now) };
  }
  const fresh = freshRecord(message);
  if (message.deadline_at <= now) {
    return { outcome: 'overdue', steps: [create(fresh, ending(fresh, 'failed', now, deadlineExceeded(0)), true, now), { do: 'acknowledge' }] };
  }
  return { outcome: 'claimed', steps: [create(fresh, claim(fresh, remaining_ms, now), true, now), { do: 'run' }] };
}

function deliverKnown(record: JobRecord, { message, remaining_ms, judged_run }: Delivered, now: number): Decision {
  if (record.payload_hash !== message.payload_hash || record.owner !== message.owner) {
    return { outcome: 'mismatch', steps: [{ do: 'acknowledge' }] };
  }
  if (record.generation > message.generation) {
    return { outcome: 'stale', steps: [{ do: 'acknowledge' }] };
  }
  if (record.generation < message.generation) {
    return deliverRetry(record, message, remaining_ms, now);
  }
  if (isTerminal(record.status)) {
    return { outcome: 'already_ended', steps: [{ do: 'acknowledge' }] };
  }
  if (isUnsettled(record, judged_run)) {
    return { outcome: 'unsettled', steps: [] };
  }
  if (isLeased(record, now)) {
    return { outcome: 'leased', steps: [{ do: 'hide', until: record.lease_expires_at! + LEASE_MARGIN_MS }] };
  }
  if (record.cancel_requested) {
    return ended(record, 'cancelled', 'cancelled', now);
  }
  if (record.deadline_at <= now) {
    return ended(record, 'failed', 'overdue', now, deadlineExceeded(record.attempt, lastError(record)));
  }
  if (record.not_before !== undefined && record.not_before > now) {
    return { outcome: 'early', steps: wait(message, record.not_before, now) };
  }
  const lost = record.status === 'processing' ? workerLost(record) : undefined;
  if (lost && hasMoved(record)) {
    return { outcome: 'resumed', steps: sendAnew(record, 0, { error: lost }, now) };
  }
  if (record.attempt >= record.max_attempts) {
    return ended(record, 'failed', 'exhausted', now, lost ?? record.error);
  }
  const changes = { ...claim(record, remaining_ms, now), ...(lost && { error: lost }) };
  return { outcome: 'claimed', steps: [update(record, changes, now), { do: 'run' }] };
}

/** The message of a retry came before the retry's own write: make the transition here. */
function deliverRetry(record: JobRecord, message: JobMessage, remaining_ms: number, now: number): Decision {
  if (!isTerminal(record.status) || record.generation + 1 !== message.generation) {
    // Only a table restored under a live queue shows this. Nothing is done and nothing is lost: the fuse hands the message to the dead letters.
    return { outcome: 'ahead', steps: [] };
  }
  if (message.deadline_at <= now) {
    const changes = { ...reopened(message), ...ending({ ...record, deadline_at: message.deadline_at }, 'failed', now, deadlineExceeded(0)) };
    return { outcome: 'overdue', steps: [update(record, changes, now), { do: 'acknowledge' }] };
  }
  const changes = { ...reopened(message), ...claim({ ...record, attempt: 0, started_at: undefined }, remaining_ms, now) };
  return { outcome: 'claimed', steps: [update(record, changes, now), { do: 'run' }] };
}

/** What is no job is kept as a failed record, for an operator to look at. */
export function reject(record: JobRecord | undefined, message: JobMessage, reason: string, now: number): Decision {
  if (record) {
    return { outcome: 'already_ended', steps: [{ do: 'acknowledge' }] };
  }
  const fresh = freshRecord(message);
  return {
    outcome: 'rejected',
    steps: [create(fresh, ending(fresh, 'failed', now, invalidMessage(reason)), false, now), { do: 'acknowledge' }],
  };
}

function claim(record: JobRecord, remaining_ms: number, now: number): Changes {
  return {
    status: 'processing',
    run: record.run + 1,
    attempt: record.attempt + 1,
    lease_expires_at: now + remaining_ms + LEASE_MARGIN_MS,
    started_at: record.started_at ?? now,
    not_before: undefined,
  };
}

function ended(record: JobRecord, status: 'failed' | 'cancelled', outcome: Decision['outcome'], now: number, error?: JobError): Decision {
  return { outcome, steps: [update(record, ending(record, status, now, error), now), { do: 'acknowledge' }] };
}

/** Within the queue's longest delay the message is hidden; beyond it is sent anew, so that waiting does not burn the fuse. */
function wait(message: JobMessage, until: number, now: number): Step[] {
  return until - now <= MAX_DELAY_MS
    ? [{ do: 'hide', until }]
    : [{ do: 'send', message, delay_ms: MAX_DELAY_MS }, { do: 'acknowledge' }];
}
