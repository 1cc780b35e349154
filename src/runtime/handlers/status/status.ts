import { jobView, JobView } from './job-view';
import { resultUrl, SignObject } from './result-url';
import type { Answer } from '../http/answer';
import { ownRecord, Records } from '../http/own-record';
import type { OwnerOf } from '../http/owner';
import type { Request } from '../http/route';

/** What the status of a job is told with. */
export interface StatusParts extends Records {
  readonly filesPrefix: string;
  readonly ownerOf: OwnerOf;
  /** For results in a bucket, where there is one. */
  readonly sign?: SignObject;
}

/** How a job is getting on. */
export async function status({ event, log }: Request, parts: StatusParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const job_id = event.pathParameters?.job_id ?? '';
  return { status: 200, body: await statusOf(job_id, owner, parts, log) };
}

/** @param owner undefined where the caller is trusted with the jobs of all */
export async function statusOf(job_id: string, owner: string | undefined, parts: Omit<StatusParts, 'ownerOf'>, log: Request['log']): Promise<JobView> {
  const record = await ownRecord(job_id, owner, parts, log.with({ job_id, ...(owner !== undefined && { owner }) }));
  return jobView(record, await resultUrl(record, parts.filesPrefix, parts.sign));
}
