import type { Payload, PayloadRules } from './payload';
import { idempotentJobId } from '../../protocol/job-id';
import { freshRecord, JobMessage } from '../../protocol/message';
import { payloadHash } from '../../protocol/payload';
import { isExpired, JobRecord } from '../../protocol/record';
import type { JobFiles } from '../../store/files/job-files';
import { jobKey } from '../../store/files/keys';
import { referenceTo } from '../../store/files/stored-text';
import { newMessage } from '../../store/job-messages';
import type { JobQueue } from '../../store/job-queue';
import { perform, Ports } from '../../store/perform';
import type { JobSettings } from '../../store/settings';
import type { Log } from '../../telemetry/log';
import type { PipelineMetrics } from '../../telemetry/pipeline-metrics';
import { ERROR_CODE, HEADER } from '../../wire/http';
import { IDEMPOTENCY_KEY_PATTERN } from '../../wire/job';
import { METRIC } from '../../wire/metrics';
import { failureAfterSend } from '../http/after-send';
import { ApiError } from '../http/answer';
import { badRequest } from '../http/json-body';

/** What jobs are accepted with. */
export interface AcceptParts {
  readonly filesPrefix: string;
  readonly ports: Ports;
  readonly rules: PayloadRules;
  /** Where long payloads go; none without a bucket. */
  readonly files?: JobFiles;
  readonly settings: JobSettings;
  readonly metrics: Pick<PipelineMetrics, 'count'>;
}

/** What is asked for, and may be. */
export interface Submission {
  readonly message: JobMessage;
  /** What the message refers to, and must be stored before it is sent. */
  readonly file?: { readonly key: string; readonly text: string };
  /** The caller has named it, so that it may be there already. */
  readonly isNamed: boolean;
}

const IDEMPOTENCY_KEY = new RegExp(IDEMPOTENCY_KEY_PATTERN);

/** @param key the caller's name for it, if there is one. @throws ApiError if the key is none */
export function submission(owner: string, payload: Payload, key: string | undefined, correlation_id: string, parts: AcceptParts): Submission {
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw badRequest(`${HEADER.idempotencyKey} has 1 to 255 printable characters without spaces`);
  }
  const payload_hash = payloadHash(payload.value);
  const message = newMessage({
    owner,
    payload: payload.text,
    payload_hash,
    correlation_id,
    ...(key !== undefined && { job_id: idempotentJobId(owner, key) }),
  }, parts.settings, parts.ports.now());
  const isNamed = key !== undefined;
  if (!payload.isLong) {
    return { message, isNamed };
  }
  // by its hash: what is submitted again overwrites itself, and another payload under the same name does not overwrite the first one's
  const file = { key: jobKey(parts.filesPrefix, owner, message.job_id, `payload-${payload_hash}`), text: payload.text };
  return { message: { ...message, payload: referenceTo(file.key) }, file, isNamed };
}

/** Whether the record decides what becomes of a submission: nothing is sent then, so that it is not counted either. */
export function isKnown(known: JobRecord | undefined, parts: AcceptParts): known is JobRecord {
  return known !== undefined && !isExpired(known, parts.ports.now());
}

/**
 * Accepts a job, from the moment its message is sent.
 * @param known the record, where the submission is named
 * @returns the record as it is, or as the worker will make it
 * @throws ApiError when the name was used for another payload, or when nothing could be sent
 */
export async function accept({ message, file }: Submission, known: JobRecord | undefined, parts: AcceptParts, log: Log): Promise<JobRecord> {
  const queue = file && parts.files ? afterStoring(parts.files, file, parts.ports.queue) : parts.ports.queue;
  try {
    const { outcome, record } = await perform({ type: 'submit', message }, known, { ...parts.ports, queue });
    if (outcome === 'conflict') {
      throw new ApiError(409, ERROR_CODE.conflict, `${HEADER.idempotencyKey} was used for another payload`);
    }
    if (outcome === 'submitted' || (!known && isMadeFrom(message, record!))) {
      parts.metrics.count(METRIC.submitted);
    }
    log.info('accepted', { outcome });
    return record!; // what was put, or what was there
  } catch (error) {
    log.warn('accepted without a record', failureAfterSend(error, log));
    parts.metrics.count(METRIC.submitted);
    return freshRecord(message);
  }
}

/** Whether a worker was faster than the put. Another submission of the same name has an id or at least a time of its own. */
function isMadeFrom({ correlation_id, created_at }: JobMessage, record: JobRecord): boolean {
  return record.correlation_id === correlation_id && record.created_at === created_at;
}

/**
 * The payload is stored as part of the send: what the protocol does not send is not stored, what it sends is always there before its
 * message, and where it cannot be stored nothing was sent.
 */
function afterStoring(files: JobFiles, { key, text }: NonNullable<Submission['file']>, queue: JobQueue): JobQueue {
  return {
    send: async (message, delay_ms) => {
      await files.put(key, text);
      await queue.send(message, delay_ms);
    },
  };
}
