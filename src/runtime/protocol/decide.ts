import { Decision } from './decision';
import { JobEvent } from './event';
import { isExpired, JobRecord, RECORD_VERSION } from './record';
import { attempt } from './transitions/attempt';
import { deadLetter } from './transitions/dead-letter';
import { deliver, reject } from './transitions/deliver';
import { started } from './transitions/execution';
import { cancel, retry } from './transitions/requests';
import { submit } from './transitions/submit';
import { sweep } from './transitions/sweep';

/**
 * The job protocol: what is to be done about an event, given the record as it is.
 * Pure and total; the rules are in `protocol.md`, with the tests that try to break each.
 * @param record the record as the store has it, or undefined
 * @param now epoch milliseconds
 */
export function decide(record: JobRecord | undefined, event: JobEvent, now: number): Decision {
  const known = record && !isExpired(record, now) ? record : undefined;
  if (isNewer(known, event)) {
    return { outcome: 'newer', steps: [] };
  }
  switch (event.type) {
    case 'submit': return submit(known, event.message, now);
    case 'deliver': return deliver(known, event, now);
    case 'reject': return reject(known, event.message, event.reason, now);
    case 'cancel': return cancel(known, now);
    case 'retry': return retry(known, event.generation, event.deadline_at, now);
    case 'dead_letter': return deadLetter(known, event.message, now, event.judged_run);
    case 'sweep': return sweep(known, now, event.judged_run);
    case 'started': return started(known, event, now);
    default: return attempt(known, event, now);
  }
}

/**
 * What is of a version that is not known here is left to those who know it: they are on their way while a deployment goes on. A caller who waits
 * for an answer is told so. A repeated submission changes nothing, and what an attempt reports is of its own run.
 */
function isNewer(record: JobRecord | undefined, event: JobEvent): boolean {
  switch (event.type) {
    case 'deliver':
    case 'dead_letter': return Math.max(event.message.version, record?.version ?? 0) > RECORD_VERSION;
    case 'cancel':
    case 'retry':
    case 'sweep': return record !== undefined && record.version > RECORD_VERSION;
    default: return false;
  }
}
