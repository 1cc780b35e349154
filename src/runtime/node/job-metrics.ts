import type { AttemptEvent } from '../protocol/event';
import { isTerminal, type JobRecord } from '../protocol/record';
import type { Performed } from '../store/perform';
import type { Cause, Counting } from '../telemetry/pipeline-metrics';
import { GIVEN_UP_CAUSE, METRIC } from '../wire/metrics';

/** Counts what became of a delivery before an attempt was started, if it was. */
export function countDelivery(metrics: Counting, { outcome, before, record, told }: Performed): void {
  if (told) {
    return;
  }
  switch (outcome) {
    case 'claimed':
      if (before?.status === 'processing') {
        metrics.count(METRIC.retried); // the attempt before was lost and could not count itself
        metrics.publish(); // and what is not published yet is lost with the process, if this one is as well
      }
      if (record?.run === 1) {
        metrics.milliseconds(METRIC.queueWait, Math.max(0, record.updated_at - record.created_at));
      }
      break;
    case 'resumed':
      metrics.count(METRIC.retried);
      break;
    case 'exhausted':
      metrics.gaveUp(GIVEN_UP_CAUSE.attempts);
      metrics.count(METRIC.failed);
      break;
    case 'overdue':
      metrics.gaveUp(GIVEN_UP_CAUSE.deadline);
      metrics.count(METRIC.failed);
      break;
    case 'rejected':
      metrics.count(METRIC.failed);
      break;
    case 'cancelled':
      metrics.count(METRIC.cancelled);
      break;
  }
}

/** Counts how an attempt ended, and its job with it. */
export function countAttempt(metrics: Counting, event: AttemptEvent, { outcome, record }: Performed): void {
  switch (outcome) {
    case 'succeeded':
      metrics.count(METRIC.succeeded);
      break;
    case 'failed':
      metrics.count(METRIC.failed);
      metrics.versionFailed();
      if (record && gaveUp(event)) {
        metrics.gaveUp(causeOf(record));
      }
      break;
    case 'cancelled':
      metrics.count(METRIC.cancelled);
      break;
    case 'retrying':
    case 'resumed':
      metrics.count(METRIC.retried);
      metrics.versionFailed();
      break;
    case 'deferred':
      metrics.count(METRIC.deferred);
      break;
  }
  if (outcome !== 'fenced' && record && isTerminal(record.status) && record.started_at !== undefined) {
    metrics.milliseconds(METRIC.duration, record.updated_at - record.started_at);
  }
}

/** Of a job whose attempt has just ended it: an end before its deadline was that of its last attempt. */
function causeOf({ deadline_at, updated_at }: JobRecord): Cause {
  return deadline_at <= updated_at ? GIVEN_UP_CAUSE.deadline : GIVEN_UP_CAUSE.attempts;
}

/** The handler would have gone on, and the system did not let it: attempts used up, or the deadline passed. */
export function gaveUp(event: AttemptEvent): boolean {
  return event.type === 'defer' || (event.type === 'fail' && event.retry);
}
