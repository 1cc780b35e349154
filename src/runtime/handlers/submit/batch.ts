import type { APIGatewayProxyEvent } from 'aws-lambda';
import { accept, AcceptParts, isKnown, Submission, submission } from './accept';
import { judged } from './payload';
import { sendTogether } from './send-together';
import type { SubmitParts } from './submit';
import type { JobRecord, JobStatus } from '../../protocol/record';
import type { BatchQueue } from '../../store/batch-queue';
import { PAYLOAD_LIMIT_BYTES } from '../../store/files/limits';
import type { JobQueue } from '../../store/job-queue';
import type { Log } from '../../telemetry/log';
import { ERROR_CODE, HEADER } from '../../wire/http';
import { Answer, ApiError } from '../http/answer';
import { badRequest, bodyText, faultsOf, FieldRules, parseBody } from '../http/json-body';
import { readRecord } from '../http/read-record';
import { header } from '../http/request';
import type { Request } from '../http/route';

/** What the API accepts several jobs at once with. */
export interface BatchParts extends SubmitParts {
  readonly ports: SubmitParts['ports'] & { readonly queue: BatchQueue };
}

/** As many as the queue takes with one call. */
export const MOST_JOBS = 10;

/** Together they come in one request, like one large payload. */
const MOST_BYTES = PAYLOAD_LIMIT_BYTES;

interface Asked {
  readonly payload: unknown;
  readonly idempotency_key?: string;
}

type Result = { readonly job_id: string; readonly status: JobStatus } | ApiError;

/** Submissions of one job, in their order: those that bear the same name, or one without. */
interface Group {
  readonly job_id: string;
  readonly members: { readonly index: number; readonly job: Submission }[];
  readonly log: Log;
  known?: JobRecord;
  /** Why none of them can be accepted. */
  refused?: ApiError;
}

const FIELDS: FieldRules = {
  payload: { fits: () => true, is: 'JSON', required: true },
  idempotency_key: { fits: (value) => typeof value === 'string', is: 'a text' },
};

/**
 * Accepts up to ten jobs, each for itself: 202 with a result for each, in their order. What bears the same name twice is decided in its
 * order, as if it were submitted one after the other. It takes a read for each name, one call for all counts, one for all messages and
 * one for each record.
 */
export async function submitBatch({ event, correlation_id, log }: Request, parts: BatchParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const results = new Map<number, Result>();
  const groups = new Map<string, Group>();
  for (const [index, { payload, idempotency_key }] of askedOf(event).entries()) {
    try {
      const job = submission(owner, judged(payload, parts.rules), idempotency_key, correlation_id, parts);
      const { job_id } = job.message;
      const group = groups.get(job_id) ?? { job_id, members: [], log: log.with({ job_id, owner }) };
      groups.set(job_id, group);
      group.members.push({ index, job });
    } catch (error) {
      results.set(index, refusalOf(error, log));
    }
  }
  await lookUp([...groups.values()], parts);
  await count(owner, [...groups.values()], parts, log);
  await sendTogether(parts.ports.queue, [...groups.values()].map((group) => async (queue) => acceptAll(group, queue, parts, results)));

  const answers = [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
  return { status: 202, body: { jobs: answers.map(view) }, headers: headersOf(answers) };
}

/** @throws ApiError where the whole is no batch */
function askedOf(event: APIGatewayProxyEvent): Asked[] {
  if (header(event, HEADER.idempotencyKey) !== undefined) {
    throw badRequest(`each job of a batch has an "idempotency_key" of its own, and the request no ${HEADER.idempotencyKey}`);
  }
  const text = bodyText(event);
  const size = Buffer.byteLength(text);
  if (size > MOST_BYTES) {
    throw new ApiError(413, ERROR_CODE.payloadTooLarge, `a batch has at most ${MOST_BYTES} bytes, not ${size}`);
  }
  const body = parseBody(text, '{"jobs": [{"payload": …}]}');
  const faults = faultsOf(body, { jobs: { fits: Array.isArray, is: 'a list', required: true } });
  if (faults.length > 0) {
    throw badRequest(`the body is no batch: ${faults.join('; ')}`);
  }
  const { jobs } = body as { jobs: unknown[] };
  if (jobs.length < 1 || jobs.length > MOST_JOBS) {
    throw badRequest(`a batch has 1 to ${MOST_JOBS} jobs, not ${jobs.length}`);
  }
  const wrong = jobs.flatMap((job, index) => faultsOf(job, FIELDS).map((fault) => `jobs/${index}: ${fault}`));
  if (wrong.length > 0) {
    throw badRequest(`the body is no batch: ${wrong.join('; ')}`);
  }
  return jobs as Asked[];
}

/** Reads what is named, all at once. */
async function lookUp(groups: readonly Group[], { ports }: BatchParts): Promise<void> {
  await Promise.all(groups.filter(({ members: [{ job }] }) => job.isNamed).map(async (group) => {
    try {
      group.known = await readRecord(ports.store, group.job_id, group.log);
    } catch (error) {
      group.refused = refusalOf(error, group.log);
    }
  }));
}

/** Counts what will be sent, all or none. */
async function count(owner: string, groups: readonly Group[], parts: BatchParts, log: Log): Promise<void> {
  const fresh = groups.filter(({ refused, known }) => !refused && !isKnown(known, parts));
  if (fresh.length === 0) {
    return;
  }
  try {
    await parts.limit?.admit(owner, fresh.length, log);
  } catch (error) {
    fresh.forEach((group) => { group.refused = refusalOf(error, group.log); });
  }
}

async function acceptAll({ members, known, refused, log }: Group, queue: JobQueue, parts: AcceptParts, results: Map<number, Result>): Promise<void> {
  let record = known;
  for (const { index, job } of members) {
    try {
      if (refused) {
        throw refused;
      }
      record = await accept(job, record, { ...parts, ports: { ...parts.ports, queue } }, log);
      results.set(index, { job_id: record.job_id, status: record.status });
    } catch (error) {
      results.set(index, refusalOf(error, log));
    }
  }
}

/** One job that goes wrong must not hide from the caller that others were accepted. */
function refusalOf(error: unknown, log: Log): ApiError {
  if (error instanceof ApiError) {
    log.info('refused', { status: error.status, code: error.code });
    return error;
  }
  log.error('unexpected error', error as Error);
  return new ApiError(500, ERROR_CODE.internal, 'something went wrong on our side');
}

function view(result: Result): object {
  return result instanceof ApiError ? { error: { code: result.code, message: result.message } } : result;
}

/** When to come again with what was refused for now: the longest time of all. */
function headersOf(results: readonly Result[]): Record<string, string> {
  const waits = results.flatMap((result) => result instanceof ApiError && result.headers['Retry-After'] ? [Number(result.headers['Retry-After'])] : []);
  return waits.length > 0 ? { 'Retry-After': String(Math.max(...waits)) } : {};
}
