import { createHash } from 'node:crypto';

/*
 * Keys of objects. They are made by the server alone, all under the prefix of the owner, and no caller ever names one:
 * an id that is another's leads to a place where nothing is.
 */

/** Everything of one owner. */
export function ownerPrefix(pipeline: string, owner: string): string {
  return `${pipeline}/${createHash('sha256').update(owner).digest('base64url')}/`;
}

/** What belongs to one job: its payload, its checkpoints, its results. `name` tells them apart. */
export function jobKey(pipeline: string, owner: string, job_id: string, name: string): string {
  return `${ownerPrefix(pipeline, owner)}jobs/${job_id}/${name}`;
}

/** A file that the owner has uploaded. */
export function uploadKey(pipeline: string, owner: string, upload_id: string): string {
  return `${ownerPrefix(pipeline, owner)}uploads/${upload_id}`;
}
