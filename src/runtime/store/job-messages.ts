import type { JobSettings } from './settings';
import { newJobId, rejectedJobId } from '../protocol/job-id';
import type { JobMessage } from '../protocol/message';
import { INLINE_LIMIT_BYTES, payloadHash } from '../protocol/payload';
import { RECORD_VERSION } from '../protocol/record';

/** What is asked for. */
export interface NewJob {
  /** JSON text. */
  readonly payload: string;
  readonly payload_hash: string;
  readonly owner: string;
  readonly correlation_id: string;
  /** Given when the caller named the submission, made here otherwise. */
  readonly job_id?: string;
}

/** The message of a job that is submitted now. */
export function newMessage(job: NewJob, settings: JobSettings, now: number): JobMessage {
  return {
    version: RECORD_VERSION,
    job_id: job.job_id ?? newJobId(now),
    owner: job.owner,
    generation: 0,
    payload: job.payload,
    payload_hash: job.payload_hash,
    max_attempts: settings.maxAttempts,
    created_at: now,
    deadline_at: now + settings.deadlineSeconds * 1000,
    retention_seconds: settings.retentionSeconds,
    correlation_id: job.correlation_id,
  };
}

/** Owner of what was found on the queue and is no job. */
export const SYSTEM_OWNER = 'system';

/** A rejected message's record is kept as long as a dead letter. */
const REJECTED: JobSettings = { maxAttempts: 1, deadlineSeconds: 0, retentionSeconds: 14 * 86_400 };

/** What is no job, as a message: the same one each time it is delivered, with what was found as the payload, cut where it is too long. */
export function rejectedMessage(message_id: string, body: string, now: number): JobMessage {
  const payload = JSON.stringify(cut(body));
  return newMessage({
    job_id: rejectedJobId(message_id),
    owner: SYSTEM_OWNER,
    payload,
    payload_hash: payloadHash(payload),
    correlation_id: message_id,
  }, REJECTED, now);
}

function cut(body: string): string {
  // As JSON a character takes up to six bytes, so the text is shortened until it fits.
  let text = Buffer.from(body).subarray(0, INLINE_LIMIT_BYTES).toString();
  while (Buffer.byteLength(JSON.stringify(text)) > INLINE_LIMIT_BYTES) {
    text = text.slice(0, Math.floor(text.length * 0.8));
  }
  return text;
}
