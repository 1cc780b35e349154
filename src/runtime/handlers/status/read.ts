import { list, listOf, ListParts } from './list';
import { listQuery } from './list-query';
import { status, statusOf, StatusParts } from './status';
import { ERROR_CODE } from '../../wire/http';
import { Answer, ApiError } from '../http/answer';
import { DirectRequest, ownerField, takesOnly } from '../http/direct';
import type { Request } from '../http/route';

export type ReadParts = StatusParts & ListParts;

/** `GET /jobs/{job_id}` or `GET /jobs`, whatever their paths are: the first one has a job in it. */
export async function read(request: Request, parts: ReadParts): Promise<Answer> {
  return request.event.pathParameters?.job_id === undefined ? list(request, parts) : status(request, parts);
}

const OF_ONE_JOB = ['job_id', 'owner', 'correlation_id'];
const OF_AN_OWNER = ['owner', 'status', 'limit', 'next_token', 'correlation_id'];

/**
 * The same for who may invoke the function, with the bodies that the API answers: `{job_id}` is one job of any owner (with `owner` only if
 * it is of this one), `{owner, status?, limit?, next_token?}` an owner's jobs.
 */
export async function readDirectly(request: DirectRequest, parts: Omit<ReadParts, 'ownerOf'>): Promise<object> {
  const { fields, log } = request;
  const isOfOneJob = fields.job_id !== undefined;
  takesOnly(request, isOfOneJob ? OF_ONE_JOB : OF_AN_OWNER);
  const owner = ownerField(request);
  if (isOfOneJob) {
    return statusOf(String(fields.job_id), owner, parts, log);
  }
  if (owner === undefined) {
    throw new ApiError(400, ERROR_CODE.badRequest, 'the call names a "job_id" or an "owner"');
  }
  return listOf(owner, listQuery(fields), parts, log);
}
