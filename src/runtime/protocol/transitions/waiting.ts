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
