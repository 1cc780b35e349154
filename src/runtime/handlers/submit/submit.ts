import { JudgePayload, payloadOf } from './payload';
import { idempotentJobId } from '../../protocol/job-id';
import { payloadHash } from '../../protocol/payload';
import type { JobRecord } from '../../protocol/record';
import { newMessage } from '../../store/job-messages';
import { perform, Performed, Ports, StepFailed } from '../../store/perform';
import type { JobSettings } from '../../store/settings';
import type { PipelineMetrics } from '../../telemetry/pipeline-metrics';
import { ERROR_CODE, HEADER } from '../../wire/http';
import { METRIC } from '../../wire/metrics';
import { Answer, ApiError, unavailable } from '../http/answer';
import { OwnerOf } from '../http/owner';
import { readRecord } from '../http/read-record';
import { header } from '../http/request';
import type { Request } from '../http/route';

/** What jobs are accepted with. */
export interface SubmitParts {
  readonly ports: Ports;
  readonly ownerOf: OwnerOf;
  readonly judge: JudgePayload;
  readonly settings: JobSettings;
  /** Path of a job's status with `{job_id}`. */
  readonly statusPath: string;
  readonly metrics: Pick<PipelineMetrics, 'count'>;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Accepts a job: 202 with its id, from the moment its message is sent. */
export async function submit({ event, correlation_id, log }: Request, parts: SubmitParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const key = idempotencyKey(header(event, HEADER.idempotencyKey));
  const { value, text } = payloadOf(event, parts.judge);
  const message = newMessage({
    owner,
    payload: text,
    payload_hash: payloadHash(value),
    correlation_id,
    ...(key !== undefined && { job_id: idempotentJobId(owner, key) }),
  }, parts.settings, parts.ports.now());

  const jobLog = log.with({ job_id: message.job_id, owner });
  const known = key === undefined ? undefined : await readRecord(parts.ports.store, message.job_id, jobLog);
  try {
    const { outcome, record } = await perform({ type: 'submit', message }, known, parts.ports);
    if (outcome === 'conflict') {
      throw new ApiError(409, ERROR_CODE.conflict, `${HEADER.idempotencyKey} was used for another payload`);
    }
    if (outcome === 'submitted') {
      parts.metrics.count(METRIC.submitted);
    }
    jobLog.info('accepted', { outcome });
    return accepted(message.job_id, record, event, parts.statusPath);
  } catch (error) {
    if (!(error instanceof StepFailed)) {
      throw error;
    }
    if (!error.sent) {
      jobLog.error('not sent', error);
      throw unavailable('the job could not be queued');
    }
    // The message is on its way, and the worker makes the record that could not be put.
    jobLog.warn('accepted without a record', error);
    parts.metrics.count(METRIC.submitted);
    return accepted(message.job_id, undefined, event, parts.statusPath);
  }
}

function accepted(job_id: string, record: Performed['record'], { requestContext }: Request['event'], statusPath: string): Answer {
  const location = `${prefixOf(requestContext)}${statusPath.replace('{job_id}', job_id)}`;
  return { status: 202, body: { job_id, status: statusOf(record) }, headers: { Location: location } };
}

/** What stands before our paths in the address that was asked: the stage, or what a domain of one's own is mapped from. */
function prefixOf({ path, resourcePath, stage }: Request['event']['requestContext']): string {
  return resourcePath && path?.endsWith(resourcePath) ? path.slice(0, -resourcePath.length) : `/${stage}`;
}

function statusOf(record: JobRecord | undefined): JobRecord['status'] {
  return record?.status ?? 'queued';
}

function idempotencyKey(given: string | undefined): string | undefined {
  if (given !== undefined && !IDEMPOTENCY_KEY.test(given)) {
    throw new ApiError(400, ERROR_CODE.badRequest, `${HEADER.idempotencyKey} has 1 to 255 printable characters without spaces`);
  }
  return given;
}
