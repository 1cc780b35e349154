import { accept, AcceptParts, isKnown, submission } from './accept';
import { payloadOf } from './payload';
import { HEADER } from '../../wire/http';
import type { Answer } from '../http/answer';
import { locationOf } from '../http/location';
import { OwnerOf } from '../http/owner';
import { readRecord } from '../http/read-record';
import { header } from '../http/request';
import type { Request } from '../http/route';
import type { SubmitLimit } from '../limit/submit-limit';

/** What the API accepts jobs with. */
export interface SubmitParts extends AcceptParts {
  readonly ownerOf: OwnerOf;
  /** Counts what is submitted; where there is none nobody does. */
  readonly limit?: Pick<SubmitLimit, 'admit'>;
  /** Path of a job's status with `{job_id}`. */
  readonly statusPath: string;
}

/** Accepts a job: 202 with its id, from the moment its message is sent. */
export async function submit({ event, correlation_id, log }: Request, parts: SubmitParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const payload = payloadOf(event, parts.rules);
  const job = submission(owner, payload, header(event, HEADER.idempotencyKey), correlation_id, parts);
  const { job_id } = job.message;
  const jobLog = log.with({ job_id, owner });
  const known = job.isNamed ? await readRecord(parts.ports.store, job_id, jobLog) : undefined;
  if (!isKnown(known, parts)) {
    await parts.limit?.admit(owner, 1, jobLog);
  }
  const { status } = await accept(job, known, parts, jobLog);
  return { status: 202, body: { job_id, status }, headers: { Location: locationOf(job_id, event, parts.statusPath) } };
}
