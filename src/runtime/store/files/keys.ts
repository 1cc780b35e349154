import { createHash } from 'node:crypto';

/*
 * Keys of objects. They are made by the server alone, all under the prefix of the owner, and no caller ever names one:
 * an id that is another's leads to a place where nothing is.
 */

/** Everything of one owner. `files` is the pipeline's own prefix. */
export function ownerPrefix(files: string, owner: string): string {
  return `${files}/${createHash('sha256').update(owner).digest('base64url')}/`;
}

/** What belongs to one job: its payload, its checkpoints, its results. `name` tells them apart. */
export function jobKey(files: string, owner: string, job_id: string, name: string): string {
  return `${ownerPrefix(files, owner)}jobs/${job_id}/${name}`;
}

/** A file that the owner has uploaded. */
export function uploadKey(files: string, owner: string, upload_id: string): string {
  return `${ownerPrefix(files, owner)}uploads/${upload_id}`;
}
