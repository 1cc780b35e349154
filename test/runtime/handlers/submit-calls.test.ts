import type { SQSClient } from '@aws-sdk/client-sqs';
import { ApiHarness } from './api-harness';
import { SubmitLimit } from '../../../src/runtime/handlers/limit/submit-limit';
import { API_LIMITS } from '../../../src/runtime/store/aws-clients';
import { DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import * as s3 from '../../../src/runtime/store/files/s3-client';
import { S3JobFiles } from '../../../src/runtime/store/files/s3-job-files';
import { SqsBatchQueue } from '../../../src/runtime/store/sqs/sqs-batch-queue';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { NOW } from '../../support/job-fixtures';
import { MemoryFiles } from '../../support/memory-files';

/* What each way of submitting asks of AWS, call by call: what a job costs, and how long its caller waits. */

let calls: string[];
let api: ApiHarness;
let loads: number;
let dynamoDb: { send: FakeDynamoDb['client']['send'] };

beforeEach(() => {
  calls = [];
  loads = 0;
  const fake = new FakeDynamoDb();
  const noted = (send: (command: { input: object }) => unknown) => async (command: { input: object }) => {
    calls.push(command.constructor.name.replace('Command', ''));
    return send(command);
  };
  dynamoDb = { send: noted((command) => fake.client.send(command as never)) } as typeof dynamoDb;
  const sqs = { send: noted(({ input }) => ({ Successful: (input as { Entries?: object[] }).Entries })) } as unknown as SQSClient;
  api = new ApiHarness(new DynamoDbJobStore(dynamoDb, 'jobs'), new SqsBatchQueue(sqs, 'https://queue'));

  const bucket = { ...s3, s3Client: () => ({ send: noted(() => ({})) }) as unknown as ReturnType<typeof s3.s3Client> };
  const files = new S3JobFiles('files', API_LIMITS, async () => {
    loads++;
    return bucket;
  });
  api.files = Object.assign(new MemoryFiles(), { put: files.put.bind(files) });
});

const limited = () => { api.limit = new SubmitLimit(new DynamoDbCounter(dynamoDb, 'jobs'), 60, () => NOW); };
const named = { headers: { 'Idempotency-Key': 'order-1' } };
const batch = (jobs: object[]) => ({ body: JSON.stringify({ jobs }) });
const ten = Array.from({ length: 10 }, (_, payload) => ({ payload }));
const puts = (count: number) => Array<string>(count).fill('PutItem');

test('the usual one: two, and the bucket\'s client is not loaded', async () => {
  await api.submit({ body: '1' });
  expect(calls).toEqual(['SendMessage', 'PutItem']);
  expect(loads).toBe(0);
});

test('named: three, and one when it is known', async () => {
  await api.submit({ body: '1', ...named });
  expect(calls).toEqual(['GetItem', 'SendMessage', 'PutItem']);
  calls.length = 0;
  limited();
  await api.submit({ body: '1', ...named });
  expect(calls).toEqual(['GetItem']);
});

test('counted: one more', async () => {
  limited();
  await api.submit({ body: '1' });
  expect(calls).toEqual(['UpdateItem', 'SendMessage', 'PutItem']);
});

test('over the limit: one', async () => {
  limited();
  for (let job = 0; job < 60; job++) await api.submit({ body: '1' });
  calls.length = 0;
  expect((await api.submit({ body: '1' })).status).toBe(429);
  expect(calls).toEqual(['UpdateItem']);
});

test('long: one more, and the client is loaded once', async () => {
  await api.submit({ body: JSON.stringify('x'.repeat(70_000)) });
  await api.submit({ body: JSON.stringify('x'.repeat(70_000)) });
  expect(calls).toEqual(['PutObject', 'SendMessage', 'PutItem', 'PutObject', 'SendMessage', 'PutItem']);
  expect(loads).toBe(1);
});

test('ten at once: eleven instead of twenty, and one more to count them', async () => {
  await api.batch(batch(ten));
  expect(calls).toEqual(['SendMessageBatch', ...puts(10)]);
  calls.length = 0;
  limited();
  await api.batch(batch(ten));
  expect(calls).toEqual(['UpdateItem', 'SendMessageBatch', ...puts(10)]);
});

test('what is not fine asks nothing', async () => {
  limited();
  await api.submit({ body: '{' });
  await api.batch({ body: '{}' });
  await expect(api.direct({})).rejects.toThrow();
  expect(calls).toEqual([]);
});

test('past the API: two', async () => {
  limited();
  await api.direct({ payload: 1 });
  expect(calls).toEqual(['SendMessage', 'PutItem']);
});
