import { unavailable } from './answer';
import type { JobRecord } from '../../protocol/record';
import type { JobStore } from '../../store/job-store';
import type { Log } from '../../telemetry/log';

/** The record, or the answer that nobody can tell at the moment. */
export async function readRecord(store: Pick<JobStore, 'read'>, job_id: string, log: Log): Promise<JobRecord | undefined> {
  try {
    return await store.read(job_id);
  } catch (error) {
    log.error('the store did not answer', error as Error);
    throw unavailable('the job could not be looked up');
  }
}
