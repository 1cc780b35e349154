import { UPLOAD_ID_PATTERN } from '../store/files/upload-id';

/** @throws RangeError: what is no id never becomes a part of a key */
export function checkUploadId(upload_id: unknown): string {
  if (typeof upload_id !== 'string' || !UPLOAD_ID_PATTERN.test(upload_id)) {
    throw new RangeError(`an upload's id is upl_ and 26 characters, as POST /uploads answers it, not ${JSON.stringify(upload_id)?.slice(0, 100)}`);
  }
  return upload_id;
}

export function noBucket(what: string): Error {
  return new Error(`the pipeline has no bucket for ${what}: give it one (its prop bucket)`);
}

/** What was not uploaded yet looks the same as what is another's. */
export function uploadNotFound(upload_id: string): Error {
  return Object.assign(new Error(`the owner of this job has no upload ${upload_id}: it was not sent yet, or has expired`), { name: 'UploadNotFound' });
}
