import { Decision } from '../decision';
import { JudgedRun } from '../event';
import { isLeased, isTerminal, JobRecord } from '../record';
import { ending, update } from '../write';
import { isUnsettled } from './execution';
import { deadlineExceeded, lastError } from './system-errors';

/** Nothing waits for ever: what is past its deadline and not running ends here, whatever became of its message. */
export function sweep(record: JobRecord | undefined, now: number, judged_run?: JudgedRun): Decision {
  if (!record) {
    return { outcome: 'not_found', steps: [] };
  }
  if (isTerminal(record.status)) {
    return { outcome: 'already_ended', steps: [] };
  }
  if (record.deadline_at > now) {
    return { outcome: 'not_due', steps: [] };
  }
  if (isUnsettled(record, judged_run)) {
    return { outcome: 'unsettled', steps: [] };
  }
  if (isLeased(record, now)) {
    return { outcome: 'leased', steps: [] };
  }
  const changes = record.cancel_requested
    ? ending(record, 'cancelled', now)
    : ending(record, 'failed', now, deadlineExceeded(record.attempt, lastError(record)));
  return { outcome: record.cancel_requested ? 'cancelled' : 'overdue', steps: [update(record, changes, now)] };
}
