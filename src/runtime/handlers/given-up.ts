import type { JobRecord } from '../protocol/record';
import type { Performed } from '../store/perform';
import type { Log } from '../telemetry/log';
import type { Counting } from '../telemetry/pipeline-metrics';
import { GIVEN_UP_CAUSE, METRIC } from '../wire/metrics';

/** Counts and logs what was done about a job for which nobody works any more. The line of one that failed is an error: somebody should look. */
export function reportGivenUp({ outcome, record, told }: Performed, log: Log, metrics: Pick<Counting, 'count' | 'gaveUp'>, more: object = {}): void {
  const fields = { outcome, ...(record && detailsOf(record)), ...more };
  if (told) {
    return;
  }
  switch (outcome) {
    case 'dead_lettered':
    case 'overdue':
      metrics.gaveUp(outcome === 'overdue' ? GIVEN_UP_CAUSE.deadline : GIVEN_UP_CAUSE.fuse);
      metrics.count(METRIC.failed);
      log.error('job given up', fields);
      break;
    case 'rejected':
      metrics.count(METRIC.failed);
      log.error('no job', fields);
      break;
    case 'newer':
      log.warn('a job of a newer version is left', fields);
      break;
    case 'cancelled':
      metrics.count(METRIC.cancelled);
      log.info('job cancelled', fields);
      break;
    default:
      log.info('nothing to give up', fields);
  }
}

/** What helps to find out why; never the payload, and no checkpoint. */
function detailsOf({ status, attempt, max_attempts, run, created_at, deadline_at, error }: JobRecord): object {
  return {
    job_status: status,
    attempt,
    max_attempts,
    run,
    created_at: new Date(created_at).toISOString(),
    deadline_at: new Date(deadline_at).toISOString(),
    ...(error && { error_type: error.type, error_message: error.message }),
  };
}
