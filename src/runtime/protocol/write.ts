import { CreateStep, UpdateStep, WriteStep } from './decision';
import { expiry, isExpired, JobRecord, JobStatus, JobError, stampOf } from './record';

/** Changes a record; `undefined` removes a field. */
export type Changes = { readonly [Name in keyof JobRecord]?: JobRecord[Name] | undefined };

/** The conditional write of a record that is `fresh` with `changes`. */
export function create(fresh: JobRecord, changes: Changes, over_fresh: boolean, now: number): CreateStep {
  const fields = Object.entries({ ...fresh, ...changes, updated_at: now }).filter(([, value]) => value !== undefined);
  return { do: 'create', record: Object.fromEntries(fields) as unknown as JobRecord, over_fresh };
}

/** The conditional write that turns `record` into `record` with `changes`. */
export function update(record: JobRecord, changes: Changes, now: number): UpdateStep {
  const names = Object.keys(changes) as (keyof JobRecord)[];
  return {
    do: 'update',
    job_id: record.job_id,
    expect: stampOf(record),
    set: {
      ...Object.fromEntries(names.filter((name) => changes[name] !== undefined).map((name) => [name, changes[name]])),
      updated_at: now,
    },
    remove: names.filter((name) => changes[name] === undefined && record[name] !== undefined),
  };
}

/**
 * The changes that end a job: the only ones that set `expires_at`. A record outlives its deadline, so that no message that is
 * late (delayed, hidden, sent twice) can start the job once more: past the deadline nothing starts.
 */
export function ending(record: JobRecord, status: JobStatus, now: number, error?: JobError): Changes {
  return {
    status,
    finished_at: now,
    expires_at: expiry(Math.max(now, record.deadline_at), record.retention_seconds),
    lease_expires_at: undefined,
    not_before: undefined,
    current_stage: undefined,
    ...(error && { error }),
  };
}

/** Whether the condition of a write holds for what the store has; the one definition that every adapter follows. */
export function holds(step: WriteStep, stored: JobRecord | undefined, now: number): boolean {
  if (step.do === 'update') {
    return stored !== undefined
      && stored.status === step.expect.status
      && stored.generation === step.expect.generation
      && stored.run === step.expect.run
      && stored.cancel_requested === step.expect.cancel_requested;
  }
  return stored === undefined || isExpired(stored, now) || (step.over_fresh && isFresh(stored, step.record));
}

/** The record after a write whose condition held. */
export function apply(step: WriteStep, stored: JobRecord | undefined): JobRecord {
  if (step.do === 'create') {
    return step.record;
  }
  const removed = new Set<string>(step.remove);
  const kept = Object.entries(stored!).filter(([name]) => !removed.has(name));
  return { ...Object.fromEntries(kept), ...step.set } as unknown as JobRecord;
}

function isFresh(stored: JobRecord, record: JobRecord): boolean {
  return stored.status === 'queued'
    && stored.generation === record.generation
    && stored.run === 0
    && stored.owner === record.owner
    && stored.payload_hash === record.payload_hash
    && stored.not_before === undefined;
}
