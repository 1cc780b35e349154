import { jobView } from './job-view';
import { JOB_ID_PATTERN } from '../../protocol/job-id';
import { isExpired } from '../../protocol/record';
import type { JobStore } from '../../store/job-store';
import { ERROR_CODE } from '../../wire/http';
import { Answer, ApiError } from '../http/answer';
import type { OwnerOf } from '../http/owner';
import { readRecord } from '../http/read-record';
import type { Request } from '../http/route';

/** What a status is told with. */
export interface StatusParts {
  readonly store: Pick<JobStore, 'read'>;
  readonly ownerOf: OwnerOf;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How a job is getting on. One that is another's, that has expired or that never was is not found: nobody learns which. */
export async function status({ event, log }: Request, parts: StatusParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const job_id = event.pathParameters?.job_id ?? '';
  const record = JOB_ID_PATTERN.test(job_id) ? await readRecord(parts.store, job_id, log.with({ job_id, owner })) : undefined;
  if (!record || record.owner !== owner || isExpired(record, parts.now())) {
    throw new ApiError(404, ERROR_CODE.notFound, 'no such job');
  }
  return { status: 200, body: jobView(record) };
}
