import { newJobId } from '../../protocol/job-id';

/** `upl_` and 26 characters, as in the id of a job. What looks otherwise is no upload, and becomes no part of a key. */
export const UPLOAD_ID_PATTERN = /^upl_[0-9A-HJKMNP-TV-Z]{26}$/;

/** A new id: ids sort by the time they were made. */
export function newUploadId(now: number): string {
  return newJobId(now).replace(/^job_/, 'upl_');
}
