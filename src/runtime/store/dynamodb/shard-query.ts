import { AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../wire/table';
import type { IndexEntry } from '../job-index';

/** What is asked of each shard of an index. */
export interface ShardQuery {
  readonly table: string;
  readonly index: string;
  /** Attribute that the index is parted by. */
  readonly shard: string;
  /** Attribute that it is sorted by. */
  readonly sort: string;
  readonly newestFirst: boolean;
  /** Times, both included. */
  readonly from?: number;
  readonly to?: number;
  /** The entry that the ones asked for come after. */
  readonly place?: IndexEntry;
  readonly limit: number;
}

/** So many entries are read at a time where the first read did not suffice. */
const FURTHER = 1_000;

/**
 * The first entries of one shard in the index's order. DynamoDB sorts by time alone and promises nothing for equal times, so the
 * entries of the last time that counts are read to the last one before they are put in order; likewise those of the place's time.
 */
export async function firstOfShard(client: Pick<DynamoDBClient, 'send'>, query: ShardQuery, key: string): Promise<IndexEntry[]> {
  const { limit, place } = query;
  const inOrder = orderOf(query);
  const found: IndexEntry[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new QueryCommand({
      ...requestOf(query, key),
      Limit: start ? FURTHER : limit + 1,
      ExclusiveStartKey: start,
    }));
    const entries = (page.Items ?? []).map((item) => ({ job_id: item[TABLE.key].S!, at: Number(item[query.sort].N) }));
    found.push(...entries.filter((entry) => !place || inOrder(place, entry) < 0));
    start = page.LastEvaluatedKey;
  } while (start && !(found.length > limit && found.at(-1)!.at !== found[limit - 1].at));
  return found.sort(inOrder).slice(0, limit);
}

/** Compares entries by time and then by id, both rising or both falling. */
export function orderOf({ newestFirst }: Pick<ShardQuery, 'newestFirst'>): (a: IndexEntry, b: IndexEntry) => number {
  const rising = (a: IndexEntry, b: IndexEntry) => a.at - b.at || (a.job_id < b.job_id ? -1 : Number(a.job_id > b.job_id));
  return newestFirst ? (a, b) => rising(b, a) : rising;
}

function requestOf({ table, index, shard, sort, newestFirst, from, to }: ShardQuery, key: string) {
  return {
    TableName: table,
    IndexName: index,
    ScanIndexForward: !newestFirst,
    KeyConditionExpression: ['#shard = :shard', ...timesOf(from, to)].join(' AND '),
    ExpressionAttributeNames: { '#shard': shard, ...((from ?? to) !== undefined && { '#sort': sort }) },
    ExpressionAttributeValues: {
      ':shard': { S: key },
      ...(from !== undefined && { ':from': { N: String(from) } }),
      ...(to !== undefined && { ':to': { N: String(to) } }),
    },
  };
}

/** A condition on the key has one part for the time at most. */
function timesOf(from: number | undefined, to: number | undefined): string[] {
  if (from !== undefined && to !== undefined) {
    return ['#sort BETWEEN :from AND :to'];
  }
  return [...(from !== undefined ? ['#sort >= :from'] : []), ...(to !== undefined ? ['#sort <= :to'] : [])];
}
