import { SHARDS } from '../wire/table';

/**
 * The part of an index that a record stands in: the sum of the bytes of its id, modulo {@link SHARDS}.
 * The same in every language; Python: `sum(job_id.encode()) % 16`.
 */
export function shardOf(job_id: string): number {
  return Buffer.from(job_id).reduce((sum, byte) => sum + byte, 0) % SHARDS;
}
