import { createServer, type Server, type Socket, AddressInfo } from 'node:net';
import { ApiHarness } from './api-harness';
import { OwnerHarness } from './owner-harness';
import { SubmitLimit } from '../../../src/runtime/handlers/limit/submit-limit';
import { API_LIMITS } from '../../../src/runtime/store/aws-clients';
import { dynamoDbClient, dynamoDbClientAskingOnce } from '../../../src/runtime/store/dynamodb/dynamodb-client';
import { COUNT_LIMITS, DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { DynamoDbJobIndex } from '../../../src/runtime/store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import * as s3 from '../../../src/runtime/store/files/s3-client';
import { S3JobFiles } from '../../../src/runtime/store/files/s3-job-files';
import { SqsBatchQueue } from '../../../src/runtime/store/sqs/sqs-batch-queue';
import { sqsClient } from '../../../src/runtime/store/sqs/sqs-client';
import { MemoryFiles } from '../../support/memory-files';

/** The functions behind the API have so long, and the answer must be on its way by then. */
const TIMEOUT_MS = 10_000;

const saved = { ...process.env };
let server: Server;
let sockets: Socket[];

/** A service that accepts connections and never answers. */
beforeAll(async () => {
  sockets = [];
  server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
});

afterAll(async () => {
  process.env = { ...saved };
  sockets.forEach((socket) => socket.destroy());
  await new Promise((resolve) => server.close(resolve));
});

const hangingStore = () => new DynamoDbJobStore(dynamoDbClient(API_LIMITS), 'jobs');

test('three calls that hang, and a count, fit into the time of a function, and some is left', () => {
  const { attempts, connectMs, requestMs } = API_LIMITS;
  const longestWaitMs = 100; // between two attempts that hung: it is longer only when throttled, and that is answered at once
  expect(connectMs).toBeLessThanOrEqual(requestMs);
  const counting = COUNT_LIMITS.connectMs + COUNT_LIMITS.answerMs; // is tried once
  expect(counting + 3 * (attempts * requestMs + (attempts - 1) * longestWaitMs)).toBeLessThanOrEqual(TIMEOUT_MS * 0.9);
});

test('a table that hangs after the send is answered with 202, long before the function\'s timeout', async () => {
  const api = new ApiHarness(hangingStore());
  const started = Date.now();
  expect((await api.submit({ body: '{}' })).status).toBe(202);
  expect(api.queue.sent).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(TIMEOUT_MS / 2);
}, TIMEOUT_MS);

test('neither does a counter that hangs use up the time', async () => {
  const api = new ApiHarness();
  const counter = new DynamoDbCounter(dynamoDbClientAskingOnce(COUNT_LIMITS), 'jobs');
  api.limit = new SubmitLimit(counter, 60, Date.now);
  const started = Date.now();
  expect((await api.submit({ body: '{}' })).status).toBe(202);
  expect(Date.now() - started).toBeLessThan(2_000);
}, TIMEOUT_MS);

test('a bucket that hangs is answered with 503, and nothing is sent', async () => {
  const api = new ApiHarness();
  const files = new S3JobFiles('my.jobs.bucket', API_LIMITS, async () => s3);
  api.files = Object.assign(new MemoryFiles(), { put: files.put.bind(files) });
  const started = Date.now();
  expect((await api.submit({ body: JSON.stringify('x'.repeat(70_000)) })).status).toBe(503);
  expect(api.queue.calls).toEqual([]);
  expect(Date.now() - started).toBeLessThan(TIMEOUT_MS / 2);
}, TIMEOUT_MS);

test('so are a queue and a status, with 503', async () => {
  const api = new ApiHarness(hangingStore(), new SqsBatchQueue(sqsClient(API_LIMITS), `${process.env.AWS_ENDPOINT_URL}/jobs`));
  const started = Date.now();
  const answers = await Promise.all([api.submit({ body: '{}' }), api.status('job_01HZZZZZZZZZZZZZZZZZZZZZZZ')]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect(Date.now() - started).toBeLessThan(TIMEOUT_MS / 2);
}, TIMEOUT_MS);

test('so are a list, a cancellation and a retry', async () => {
  const api = new OwnerHarness({ store: hangingStore(), index: new DynamoDbJobIndex(dynamoDbClient(API_LIMITS), 'jobs') });
  const started = Date.now();
  const job_id = 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ';
  const answers = await Promise.all([api.list(), api.list({ status: 'failed' }), api.cancel(job_id), api.retry(job_id)]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  expect(Date.now() - started).toBeLessThan(TIMEOUT_MS / 2);
}, TIMEOUT_MS);
