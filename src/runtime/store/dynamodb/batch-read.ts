import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from './item';
import { TABLE } from '../../wire/table';

/** DynamoDB's limit for one call. */
const MOST_KEYS = 100;

/** What is left undone is asked for again so often: together no longer than two seconds. */
const MOST_ROUNDS = 8;
const FIRST_WAIT_MS = 15;

interface ReadOptions {
  /** To read; all of them if not given. DynamoDB bills the whole item all the same. */
  readonly fields?: readonly string[];
  /** As of now, at twice the price. */
  readonly consistent: boolean;
}

/**
 * The items of these jobs, those that there are.
 * @throws if DynamoDB leaves items undone time and again, as it does when it is short of capacity
 */
export async function batchRead(
  client: Pick<DynamoDBClient, 'send'>, table: string, job_ids: readonly string[], { fields, consistent }: ReadOptions,
): Promise<Map<string, Item>> {
  const ids = [...new Set(job_ids)]; // the same key twice is refused
  const chunks = Array.from({ length: Math.ceil(ids.length / MOST_KEYS) }, (_, index) => ids.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS));
  const items = await Promise.all(chunks.map(async (chunk) => readChunk(client, table, chunk, { fields, consistent })));
  return new Map(items.flat().map((item) => [item[TABLE.key].S!, item]));
}

async function readChunk(
  client: Pick<DynamoDBClient, 'send'>, table: string, job_ids: readonly string[], { fields, consistent }: ReadOptions,
): Promise<Item[]> {
  const found: Item[] = [];
  let keys: Item[] = job_ids.map((job_id) => ({ [TABLE.key]: { S: job_id } }));
  for (let round = 1; ; round++) {
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: keys, ConsistentRead: consistent, ...(fields && projection(fields)) } },
    }));
    found.push(...(Responses?.[table] ?? []));
    keys = UnprocessedKeys?.[table]?.Keys ?? [];
    if (keys.length === 0) {
      return found;
    }
    if (round === MOST_ROUNDS) {
      throw new Error(`DynamoDB left ${keys.length} of ${job_ids.length} records unread ${MOST_ROUNDS} times`);
    }
    await sleep(FIRST_WAIT_MS * 2 ** (round - 1) * (0.5 + Math.random() / 2));
  }
}

function projection(fields: readonly string[]) {
  return {
    ProjectionExpression: fields.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(fields.map((name) => [`#${name}`, name])),
  };
}
