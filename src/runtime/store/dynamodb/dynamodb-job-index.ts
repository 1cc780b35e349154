import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchRead } from './batch-read';
import { Item, OUTLINE_FIELDS, toRecord } from './item';
import { firstOfShard, orderOf, ShardQuery } from './shard-query';
import type { JobRecord } from '../../protocol/record';
import { SHARDS, TABLE } from '../../wire/table';
import type { IndexEntry, JobIndex, JobOutline } from '../job-index';

/** The sharded indexes of the jobs table: all shards are asked at once, and what they answer is merged. */
export class DynamoDbJobIndex implements JobIndex {
  constructor(private readonly client: Pick<DynamoDBClient, 'send'>, private readonly table: string) {}

  async ofOwner(owner: string, limit: number, before?: IndexEntry): Promise<IndexEntry[]> {
    const query = {
      index: TABLE.ownerIndex, shard: TABLE.ownerShard, sort: TABLE.ownerSort, newestFirst: true, to: before?.at, place: before, limit,
    };
    return this.merged(query, (shard) => `${owner}#${shard}`);
  }

  async failed(since: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    const from = Math.max(since, after?.at ?? since);
    const query = { index: TABLE.failedIndex, shard: TABLE.failedShard, sort: TABLE.failedSort, newestFirst: false, from, place: after, limit };
    return this.merged(query, String);
  }

  async open(until: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    if (after && after.at > until) {
      return []; // DynamoDB refuses a range whose end is before its start
    }
    const query = {
      index: TABLE.deadlineIndex,
      shard: TABLE.deadlineShard,
      sort: TABLE.deadlineSort,
      newestFirst: false,
      from: after?.at,
      to: until,
      place: after,
      limit,
    };
    return this.merged(query, String);
  }

  async records(job_ids: readonly string[]): Promise<JobRecord[]> {
    return inOrder(job_ids, await batchRead(this.client, this.table, job_ids, { consistent: true })).map(toRecord);
  }

  async outlines(job_ids: readonly string[]): Promise<JobOutline[]> {
    return inOrder(job_ids, await batchRead(this.client, this.table, job_ids, { fields: OUTLINE_FIELDS, consistent: false })).map(toRecord);
  }

  private async merged(query: Omit<ShardQuery, 'table'>, keyOf: (shard: number) => string): Promise<IndexEntry[]> {
    const shards = await Promise.all(Array.from({ length: SHARDS }, async (_, shard) =>
      firstOfShard(this.client, { ...query, table: this.table }, keyOf(shard))));
    return shards.flat().sort(orderOf(query)).slice(0, query.limit);
  }
}

function inOrder(job_ids: readonly string[], items: ReadonlyMap<string, Item>): Item[] {
  return job_ids.filter((job_id) => items.has(job_id)).map((job_id) => items.get(job_id)!);
}
