import { JobFailed } from '../../node/errors';
import type { JobRecord } from '../../protocol/record';
import { ownerPrefix } from '../../store/files/keys';
import { referredKey } from '../../store/files/stored-text';

/** Step Functions takes no more. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const INPUT_LIMIT_BYTES = 262_144;

/** Where a file is. */
interface FileLocation {
  readonly bucket: string;
  readonly key: string;
}

/** What an execution begins with: every field is always there, since a path that leads nowhere would fail it. */
export interface ExecutionInput {
  readonly job_id: string;
  /** Null where it is in a file. */
  readonly payload: unknown;
  /** Where the payload is as JSON, if it is more than 64 KiB; null otherwise. */
  readonly payload_file: FileLocation | null;
  readonly attempt: number;
  readonly checkpoint: unknown;
  readonly checkpoint_file: FileLocation | null;
  readonly correlation_id: string;
  /** Where the job's owner has its uploads, `key` before their ids; null without a bucket. */
  readonly uploads: { readonly bucket: string; readonly prefix: string } | null;
}

/** Where files are, if the pipeline has a bucket. */
export interface FilesOf {
  readonly bucket?: string;
  readonly filesPrefix: string;
}

/**
 * The same text each time for one attempt, so that an execution that is started twice is the same.
 * @throws JobFailed where Step Functions would not take it, or what it refers to is not the owner's
 */
export function executionInput(record: JobRecord, { bucket, filesPrefix }: FilesOf): string {
  const prefix = ownerPrefix(filesPrefix, record.owner);
  const [payload, payload_file] = valueOf('payload', record.payload, prefix, bucket);
  const [checkpoint, checkpoint_file] = record.checkpoint === undefined ? [null, null] : valueOf('checkpoint', record.checkpoint, prefix, bucket);
  const text = JSON.stringify({
    job_id: record.job_id,
    payload,
    payload_file,
    attempt: record.attempt,
    checkpoint,
    checkpoint_file,
    correlation_id: record.correlation_id,
    uploads: bucket === undefined ? null : { bucket, prefix: `${prefix}uploads/` },
  } satisfies ExecutionInput);
  const bytes = Buffer.byteLength(text);
  if (bytes > INPUT_LIMIT_BYTES) {
    throw new JobFailed(`the input of the execution is ${bytes} bytes, and Step Functions takes up to ${INPUT_LIMIT_BYTES}: pass what is large as an upload, and its id in the payload`, 'PayloadTooLarge');
  }
  return text;
}

function valueOf(what: string, inRecord: string, prefix: string, bucket: string | undefined): readonly [unknown, FileLocation | null] {
  const key = referredKey(inRecord);
  if (key === undefined) {
    return [JSON.parse(inRecord), null];
  }
  if (!key.startsWith(prefix) || key.split('/').some((part) => part === '..' || part === '.')) {
    throw new JobFailed(`the ${what} refers to a file that is not under the prefix of its owner`, 'NotTheOwnersFile');
  }
  if (bucket === undefined) {
    throw new JobFailed(`the ${what} is in a file, and the pipeline has no bucket: it was taken away`, 'NoBucket');
  }
  return [null, { bucket, key }];
}
