import { ApiError } from './answer';
import { readRecord } from './read-record';
import { JOB_ID_PATTERN } from '../../protocol/job-id';
import { isExpired, JobRecord } from '../../protocol/record';
import type { JobStore } from '../../store/job-store';
import type { Log } from '../../telemetry/log';
import { ERROR_CODE } from '../../wire/http';

/** Where records are looked up. */
export interface Records {
  readonly store: Pick<JobStore, 'read'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The record of an owner's job. One that is another's, that has expired or that never was is not found: nobody learns which.
 * @param owner undefined where the caller is trusted with the jobs of all
 * @throws ApiError
 */
export async function ownRecord(job_id: string, owner: string | undefined, { store, now }: Records, log: Log): Promise<JobRecord> {
  const record = JOB_ID_PATTERN.test(job_id) ? await readRecord(store, job_id, log) : undefined;
  if (!record || (owner !== undefined && record.owner !== owner) || isExpired(record, now())) {
    throw noSuchJob();
  }
  return record;
}

export function noSuchJob(): ApiError {
  return new ApiError(404, ERROR_CODE.notFound, 'no such job');
}
