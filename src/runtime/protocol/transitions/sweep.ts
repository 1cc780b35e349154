import { Decision } from '../decision';
import { isLeased, isTerminal, JobRecord } from '../record';
import { ending, update } from '../write';
import { deadlineExceeded } from './system-errors';

/** Nothing waits for ever: what is past its deadline and not running ends here, whatever became of its message. */
export function sweep(record: JobRecord | undefined, now: number): Decision {
  if (!record) {
    return { outcome: 'not_found', steps: [] };
  }
  if (isTerminal(record.status)) {
    return { outcome: 'already_ended', steps: [] };
  }
  if (record.deadline_at > now) {
    return { outcome: 'not_due', steps: [] };
  }
  if (isLeased(record, now)) {
    return { outcome: 'leased', steps: [] };
  }
  return record.cancel_requested
    ? { outcome: 'cancelled', steps: [update(record, ending(record, 'cancelled', now), now)] }
    : { outcome: 'overdue', steps: [update(record, ending(record, 'failed', now, record.error ?? deadlineExceeded(record.attempt)), now)] };
}
