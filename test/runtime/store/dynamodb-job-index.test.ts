import { DynamoDbJobIndex } from '../../../src/runtime/store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { itKeepsTheIndexContract } from '../../support/index-contract';
import { NOW, record } from '../../support/job-fixtures';
import { MemoryIndex } from '../../support/memory-index';
import { MemoryStore } from '../../support/memory-store';

describe('the index of the tests', () => itKeepsTheIndexContract(async () => {
  const store = new MemoryStore();
  return { store, index: new MemoryIndex(store) };
}));

describe('the DynamoDB index', () => itKeepsTheIndexContract(async () => {
  const { client } = new FakeDynamoDb();
  return { store: new DynamoDbJobStore(client, 'jobs'), index: new DynamoDbJobIndex(client, 'jobs') };
}));

let dynamoDb: FakeDynamoDb;
let index: DynamoDbJobIndex;

beforeEach(() => {
  dynamoDb = new FakeDynamoDb();
  index = new DynamoDbJobIndex(dynamoDb.client, 'jobs');
});

async function put(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, number) => `job_${String(number).padStart(26, '0')}`);
  const store = new DynamoDbJobStore(dynamoDb.client, 'jobs');
  await Promise.all(ids.map((job_id, number) => store.write({ do: 'create', record: record({ job_id, created_at: NOW + number }), over_fresh: false }, NOW)));
  return ids;
}

test('every shard is asked once for a page', async () => {
  await put(100);
  await index.ofOwner('customer:acme', 20);
  const shards = dynamoDb.queries.map(({ input }) => input.ExpressionAttributeValues![':shard'].S);
  expect(shards).toEqual(Array.from({ length: 16 }, (_, shard) => `customer:acme#${shard}`));
  expect(dynamoDb.queries[0].input).toMatchObject({ TableName: 'jobs', IndexName: 'owner', Limit: 21, ScanIndexForward: false });
});

test('owners whose names run into the numbers of shards are apart', async () => {
  const store = new DynamoDbJobStore(dynamoDb.client, 'jobs');
  const owners = ['a', 'a#1', 'a#', '#1', 'a#1#2'];
  await Promise.all(owners.flatMap((owner, number) => Array.from({ length: 16 }, async (_, other) =>
    store.write({ do: 'create', record: record({ owner, job_id: `job_${String(number * 16 + other).padStart(26, '0')}` }), over_fresh: false }, NOW))));
  for (const owner of owners) {
    const found = await index.records((await index.ofOwner(owner, 100)).map(({ job_id }) => job_id));
    expect(found.map((job) => job.owner)).toEqual(Array(16).fill(owner));
  }
});

test('a later page is read from its place on, not from the beginning', async () => {
  const place = { job_id: 'job_1', at: NOW };
  await index.ofOwner('customer:acme', 1, place);
  await index.failed(0, 1, place);
  await index.open(NOW + 5, 1, place);
  const times = [...new Set(dynamoDb.queries.map(({ input }) => input.KeyConditionExpression!.replace('#shard = :shard AND ', '')))];
  expect(times).toEqual(['#sort <= :to', '#sort >= :from', '#sort BETWEEN :from AND :to']);
  expect(dynamoDb.queries[16].input.ExpressionAttributeValues![':from']).toEqual({ N: String(NOW) });
});

test('records are read consistently, each once, a hundred at a time', async () => {
  const ids = await put(150);
  await index.records([...ids, ...ids]);
  const tables = dynamoDb.batches.map(({ input }) => input.RequestItems!.jobs);
  expect(tables.map(({ Keys }) => Keys!.length)).toEqual([100, 50]);
  expect(tables.every(({ ConsistentRead }) => ConsistentRead)).toBe(true);
});

test('outlines are read at half the price, for nothing is decided on them', async () => {
  const ids = await put(3);
  await index.outlines(ids);
  expect(dynamoDb.batches.map(({ input }) => input.RequestItems!.jobs.ConsistentRead)).toEqual([false]);
});

test('what is left undone is asked for again', async () => {
  const ids = await put(50);
  dynamoDb.batchSize = 20;
  expect((await index.records(ids)).map(({ job_id }) => job_id)).toEqual(ids);
  expect(dynamoDb.batches).toHaveLength(3);
});

test('what is left undone time and again is an error', async () => {
  const ids = await put(3);
  dynamoDb.batchSize = 0;
  const started = Date.now();
  await expect(index.outlines(ids)).rejects.toThrow('DynamoDB left 3 of 3 records unread 8 times');
  expect(Date.now() - started).toBeLessThan(3_000);
});
