/**
 * Names of the jobs table. The keys of its partitions, `*_shard`, are texts (`owner_shard` is `{owner}#{shard}`, the others `0` to `15`);
 * what they are sorted by are the record's own times, numbers.
 */
export const TABLE = {
  key: 'job_id',
  ttl: 'expires_at',
  deadlineIndex: 'deadline',
  deadlineShard: 'deadline_shard',
  deadlineSort: 'deadline_at',
  ownerIndex: 'owner',
  ownerShard: 'owner_shard',
  ownerSort: 'created_at',
  failedIndex: 'failed',
  failedShard: 'failed_shard',
  failedSort: 'finished_at',
} as const;

/** Each index is spread over so many keys, so that none carries more than a sixteenth of the traffic. */
export const SHARDS = 16;
