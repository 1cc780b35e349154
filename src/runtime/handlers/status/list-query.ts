import { JOB_ID_PATTERN } from '../../protocol/job-id';
import type { JobStatus } from '../../protocol/record';
import type { IndexEntry } from '../../store/job-index';
import { ERROR_CODE } from '../../wire/http';
import { JOB_STATUSES } from '../../wire/job';
import { ApiError } from '../http/answer';

/** What is asked of a list. */
export interface ListQuery {
  readonly status?: JobStatus;
  readonly limit: number;
  readonly before?: IndexEntry;
}

/** As it comes: texts from an address, any values from a direct call. */
export interface GivenQuery {
  readonly status?: unknown;
  readonly limit?: unknown;
  readonly next_token?: unknown;
}

const DEFAULT_LIMIT = 20;
const MOST = 100;
const LIMIT = /^\d{1,3}$/;

/** @throws ApiError that names everything that is wrong */
export function listQuery({ status, limit, next_token }: GivenQuery): ListQuery {
  const most = typeof limit === 'string' && LIMIT.test(limit) ? Number(limit) : limit ?? DEFAULT_LIMIT;
  const before = next_token === undefined ? undefined : placeOf(next_token);
  const wrong = [
    ...(status !== undefined && !JOB_STATUSES.includes(status as JobStatus) ? [`"status" is one of ${JOB_STATUSES.join(', ')}`] : []),
    ...(!Number.isInteger(most) || (most as number) < 1 || (most as number) > MOST ? [`"limit" is a whole number from 1 to ${MOST}`] : []),
    ...(next_token !== undefined && !before ? ['"next_token" is the one of an earlier answer'] : []),
  ];
  if (wrong.length > 0) {
    throw new ApiError(400, ERROR_CODE.badRequest, wrong.join('; '));
  }
  return { ...(status !== undefined && { status: status as JobStatus }), limit: most as number, ...(before && { before }) };
}

/** A place in the order of an owner's jobs. It opens nothing: whose jobs are listed is never taken from it. */
export function nextToken({ at, job_id }: IndexEntry): string {
  return Buffer.from(JSON.stringify([at, job_id])).toString('base64url');
}

/** Only a token that was made here: one that reads the same when it is made anew. */
function placeOf(token: unknown): IndexEntry | undefined {
  const [at, job_id] = partsOf(token);
  if (!Number.isSafeInteger(at) || (at as number) < 0 || typeof job_id !== 'string' || !JOB_ID_PATTERN.test(job_id)) {
    return undefined;
  }
  const place = { at: at as number, job_id };
  return nextToken(place) === token ? place : undefined;
}

function partsOf(token: unknown): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(String(token), 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
