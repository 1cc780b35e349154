import type { JobRecord } from '../protocol/record';

/** A place in an index: indexes hold ids and times, and the records are read by id. */
export interface IndexEntry {
  readonly job_id: string;
  /** Epoch milliseconds; which time it is depends on the index. */
  readonly at: number;
}

/** A record without the texts that may be long: a page of them is read and answered with in little time. */
export type JobOutline = Omit<JobRecord, 'payload' | 'checkpoint' | 'result'>;

/**
 * The records by something else than their id. Entries are ordered by their time and, where that is the same, by their id, both in one
 * direction: pages that follow one another have everything that was there all along, and nothing twice. An index may lag behind the
 * records a little, and a record may have changed since: whoever acts on what is found here decides on the record itself.
 */
export interface JobIndex {
  /** The jobs of an owner by `created_at`, newest first; older than `before`. */
  ofOwner(owner: string, limit: number, before?: IndexEntry): Promise<IndexEntry[]>;

  /** Failed jobs by `finished_at`, oldest first, from `since` on; after `after`. */
  failed(since: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]>;

  /** Jobs that have not ended by `deadline_at`, oldest first, up to `until`; after `after`. */
  open(until: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]>;

  /** The records of these jobs as of now, in this order; those that are gone are left out. */
  records(job_ids: readonly string[]): Promise<JobRecord[]>;

  /** The same without their long texts, to be shown: what was written a moment ago may be missing. */
  outlines(job_ids: readonly string[]): Promise<JobOutline[]>;
}
