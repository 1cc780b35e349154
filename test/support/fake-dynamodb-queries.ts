import { createHash } from 'node:crypto';
import type { AttributeValue, BatchGetItemCommandInput, BatchGetItemCommandOutput, QueryCommandInput, QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../src/runtime/wire/table';

type Item = Record<string, AttributeValue>;

const SORTS: Record<string, { shard: string; sort: string }> = {
  [TABLE.ownerIndex]: { shard: TABLE.ownerShard, sort: TABLE.ownerSort },
  [TABLE.failedIndex]: { shard: TABLE.failedShard, sort: TABLE.failedSort },
  [TABLE.deadlineIndex]: { shard: TABLE.deadlineShard, sort: TABLE.deadlineSort },
};

/** A page of an index that holds keys alone. Where times are equal the order is any, but always the same one: here that of a hash. */
export function query(items: Iterable<Item>, input: QueryCommandInput): Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'> {
  const { shard, sort } = SORTS[input.IndexName!];
  const { from, to } = timesOf(input);
  const number = (item: Item) => Number(item[sort].N);
  const rank = (item: Item) => createHash('md5').update(item.job_id.S!).digest('hex');
  const direction = input.ScanIndexForward === false ? -1 : 1;
  const order = (a: Item, b: Item) => direction * (number(a) - number(b) || (rank(a) < rank(b) ? -1 : 1));
  const key = input.ExpressionAttributeValues![':shard'].S;
  const all = [...items]
    .filter((item) => item[shard]?.S === key && item[sort] !== undefined && number(item) >= from && number(item) <= to)
    .map((item) => ({ job_id: item.job_id, [shard]: item[shard], [sort]: item[sort] }))
    .sort(order);
  const { ExclusiveStartKey: start, Limit: limit } = input;
  const rest = start ? all.filter((item) => order(start, item) < 0 && item.job_id.S !== start.job_id.S) : all;
  const page = rest.slice(0, limit);
  // DynamoDB says that there may be more also where the limit was just reached
  return { Items: page, ...(page.length === limit && { LastEvaluatedKey: page.at(-1) }) };
}

function timesOf({ KeyConditionExpression: condition, ExpressionAttributeValues: values, ExpressionAttributeNames: names }: QueryCommandInput) {
  const used = new Set(condition!.match(/[#:]\w+/g));
  const given = [...Object.keys(values!), ...Object.keys(names!)];
  if (used.size !== given.length || !given.every((name) => used.has(name))) {
    throw new Error(`ValidationException: "${condition}" with ${given.join(', ')}`);
  }
  const times = condition!.replace(/^#shard = :shard( AND )?/, '');
  const from = Number(values![':from']?.N ?? -Infinity);
  const to = Number(values![':to']?.N ?? Infinity);
  if (!['', '#sort >= :from', '#sort <= :to', '#sort BETWEEN :from AND :to'].includes(times) || from > to) {
    throw new Error(`ValidationException: "${times}" from ${from} to ${to}`);
  }
  return { from, to };
}

/** @param most so many items are answered with, and the rest is left undone */
export function batchGet(items: ReadonlyMap<string, Item>, input: BatchGetItemCommandInput, most: number): Partial<BatchGetItemCommandOutput> {
  const [[table, { Keys: keys = [], ProjectionExpression, ExpressionAttributeNames: names = {} }]] = Object.entries(input.RequestItems!);
  const ids = keys.map(({ job_id }) => job_id.S!);
  if (ids.length === 0 || ids.length > 100 || new Set(ids).size < ids.length) {
    throw new Error(`ValidationException: ${ids.length} keys, ${new Set(ids).size} different ones`);
  }
  const fields = ProjectionExpression?.split(', ').map((name) => names[name]);
  const shown = (item: Item) => (fields ? Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name))) : item);
  const found = ids.slice(0, most).filter((id) => items.has(id)).map((id) => shown(items.get(id)!));
  return {
    Responses: { [table]: found.reverse() }, // in no particular order
    UnprocessedKeys: ids.length > most ? { [table]: { Keys: keys.slice(most) } } : {},
  };
}
