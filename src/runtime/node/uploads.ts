import { JobFailed } from './errors';
import { UPLOAD_ID_PATTERN } from '../store/files/upload-id';

/*
 * What is wrong with an upload fails the job at once: another attempt would find the same. Files are sent before the job is submitted, and S3
 * shows a file to whoever asks after it was sent; to wait for one that may never come is for the handler to decide, which knows its callers.
 */

/** @throws JobFailed: what is no id never becomes a part of a key, nor of the message, as it may be any part of the payload */
export function checkUploadId(upload_id: unknown): string {
  if (typeof upload_id !== 'string' || !UPLOAD_ID_PATTERN.test(upload_id)) {
    throw new JobFailed(`an upload's id is upl_ and 26 characters, as POST /uploads answers it, not ${shapeOf(upload_id)}`, 'InvalidUploadId');
  }
  return upload_id;
}

function shapeOf(value: unknown): string {
  return typeof value === 'string' ? `a text of ${value.length} characters` : value === null ? 'null' : `a value of type ${typeof value}`;
}

export function noBucket(what: string): JobFailed {
  return new JobFailed(`the pipeline has no bucket for ${what}: give it one (its prop bucket)`, 'NoBucket');
}

/** What was not uploaded yet looks the same as what is another's. */
export function uploadNotFound(upload_id: string): JobFailed {
  return new JobFailed(`the owner of this job has no upload ${upload_id}: it was not sent before the job was submitted, or has expired`, 'UploadNotFound');
}
