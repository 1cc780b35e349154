import { Step } from '../decision';
import { messageOf } from '../message';
import { JobRecord, MAX_DELAY_MS } from '../record';
import { Changes, update } from '../write';

/**
 * Puts a job back without charging the attempt. A new message takes the place of the one in hand, so that the
 * queue's count of receives starts again; a crash before the send leaves the old one, a crash before the
 * acknowledgement leaves both, and the record lets only one of them start.
 */
export function sendAnew(record: JobRecord, delay_ms: number, changes: Changes, now: number): Step[] {
  const not_before = now + delay_ms;
  return [
    update(record, {
      ...changes,
      status: 'queued',
      attempt: record.attempt - 1,
      not_before,
      lease_expires_at: undefined,
    }, now),
    { do: 'send', message: messageOf(record), delay_ms: Math.min(delay_ms, MAX_DELAY_MS) },
    { do: 'acknowledge' },
  ];
}

/**
 * Puts a job back whose message is gone. The next one is sent first: a crash before the update leaves the record as it was, and whoever gets the
 * message finds that its attempt has ended and puts the job back again.
 */
export function sendFirst(record: JobRecord, delay_ms: number, changes: Changes, now: number): Step[] {
  return [
    { do: 'send', message: messageOf(record), delay_ms: Math.min(delay_ms, MAX_DELAY_MS) },
    update(record, { ...changes, status: 'queued', not_before: now + delay_ms, lease_expires_at: undefined }, now),
    { do: 'acknowledge' },
  ];
}
