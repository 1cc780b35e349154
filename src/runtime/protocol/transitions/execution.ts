import { Decision } from '../decision';
import { JobEvent, JudgedRun } from '../event';
import { JobRecord } from '../record';
import { update } from '../write';

type Started = Extract<JobEvent, { type: 'started' }>;

/**
 * An execution is under way. From now on the lease is as long as it may take, and no message is needed: its end is told by an event,
 * and where that is lost, by whoever asks. One that has ended by now has said so already, and its successor has a message of its own.
 */
export function started(record: JobRecord | undefined, { generation, run, lease_ms }: Started, now: number): Decision {
  if (record?.generation !== generation || record.run !== run) {
    return { outcome: 'fenced', steps: [] };
  }
  if (record.status !== 'processing') {
    return { outcome: 'already_ended', steps: [{ do: 'acknowledge' }] };
  }
  return { outcome: 'started', steps: [update(record, { lease_expires_at: now + lease_ms }, now), { do: 'acknowledge' }] };
}

/** An execution lives on when the process that started it dies, so no lease says that it is over: somebody has to ask. */
export function isUnsettled(record: JobRecord, judged_run: JudgedRun | undefined): boolean {
  return judged_run !== undefined && record.status === 'processing' && record.run !== judged_run;
}
