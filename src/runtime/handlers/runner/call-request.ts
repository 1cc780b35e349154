import { JobFailed } from '../../node/errors';
import type { Job } from '../../node/types';
import type { JobRecord } from '../../protocol/record';
import { ownerPrefix } from '../../store/files/keys';

/** Lambda takes no more: `Request must be smaller than 6291456 bytes`. */
export const CALL_LIMIT_BYTES = 6_291_456;

/** What a called function gets; docs/schemas/call-function-request.schema.json says it to those who write one. */
export interface CallRequest {
  readonly job_id: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly run: number;
  /** Null where nothing was saved yet. */
  readonly checkpoint: unknown;
  readonly stages_completed: readonly string[];
  readonly correlation_id: string;
  /** Epoch milliseconds. */
  readonly deadline_at: number;
  readonly uploads?: { readonly bucket: string; readonly prefix: string };
}

/** Where uploads are, if the pipeline has a bucket. */
export interface UploadsOf {
  readonly bucket: string;
  readonly filesPrefix: string;
}

/** Every field is always there, but `uploads`: that is easier to read for a language with types. */
export function callRequest(job: Job, record: JobRecord, uploads?: UploadsOf): CallRequest {
  return {
    job_id: job.id,
    payload: job.payload,
    attempt: job.attempt,
    max_attempts: job.maxAttempts,
    run: record.run,
    checkpoint: job.checkpoint ?? null,
    stages_completed: job.stagesCompleted,
    correlation_id: job.correlationId,
    deadline_at: record.deadline_at,
    ...(uploads && { uploads: { bucket: uploads.bucket, prefix: `${ownerPrefix(uploads.filesPrefix, record.owner)}uploads/` } }),
  };
}

/** @throws JobFailed where Lambda would not take it: the next attempt would be as large */
export function requestText(request: CallRequest): string {
  const text = JSON.stringify(request);
  const bytes = Buffer.byteLength(text);
  if (bytes >= CALL_LIMIT_BYTES) {
    throw new JobFailed(
      `payload and checkpoint are ${bytes} bytes as a call, and Lambda takes fewer than ${CALL_LIMIT_BYTES}: pass what is large as an upload, and its id in the payload`,
      'PayloadTooLarge',
    );
  }
  return text;
}
