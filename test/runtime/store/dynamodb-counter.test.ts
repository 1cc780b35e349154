import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_LIMITS } from '../../../src/runtime/store/aws-clients';
import { dynamoDbClient, dynamoDbClientAskingOnce } from '../../../src/runtime/store/dynamodb/dynamodb-client';
import { COUNT_LIMITS, DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';

const saved = { ...process.env };
let server: Server;
let connections: number;
let calls: string[];
/** So many of the next requests find their connection reset. */
let resets: number;
let answer: { readonly status: number; readonly body: object; readonly afterMs: number };

/** As much of DynamoDB as answers, over HTTP, so that connections and times are real. */
beforeEach(async () => {
  connections = 0;
  calls = [];
  resets = 0;
  answer = { status: 200, body: {}, afterMs: 0 };
  server = createServer((request, response) => {
    calls.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''));
    if (resets > 0) {
      resets--;
      request.socket.resetAndDestroy();
      return;
    }
    request.resume().on('end', () => setTimeout(() => response.writeHead(answer.status).end(JSON.stringify(answer.body)), answer.afterMs).unref());
  }).on('connection', () => { connections++; });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
});

afterEach(async () => {
  process.env = { ...saved };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

afterEach(() => jest.restoreAllMocks());

const counterOf = () => new DynamoDbCounter(dynamoDbClientAskingOnce(COUNT_LIMITS), 'jobs');
const count = async (counter = counterOf()) => counter.add('customer:acme#1', 1, 60, 60);

/** Connections are made so much later, as on a cold start: a name is looked up before. */
function connectAfter(ms: number): void {
  process.env.AWS_ENDPOINT_URL = process.env.AWS_ENDPOINT_URL!.replace('127.0.0.1', 'table.test');
  jest.spyOn(dns, 'lookup').mockImplementation(((_name: string, options: { all?: boolean }, done: (...found: unknown[]) => void) => {
    setTimeout(() => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)), ms).unref();
  }) as unknown as typeof dns.lookup);
}

test('a count goes over the connection of the records, and the records over that of a count', async () => {
  const store = new DynamoDbJobStore(dynamoDbClient(API_LIMITS), 'jobs');
  await store.read('job_1');
  expect(await count()).toBe(true);
  await store.read('job_1');
  expect(calls).toEqual(['GetItem', 'UpdateItem', 'GetItem']);
  expect(connections).toBe(1);
});

test('a first call that takes as long as on a cold start is counted', async () => {
  answer = { ...answer, afterMs: 700 };
  expect(await count()).toBe(true);
});

test('the time of the answer begins when it is connected', async () => {
  connectAfter(1_200);
  answer = { ...answer, afterMs: 600 };
  const counter = counterOf();
  expect(await count(counter)).toBe(true);
  expect(await count(counter)).toBe(true); // over the same connection
  expect(connections).toBe(1);
});

test.each<[string, () => void, number]>([
  ['a connection that takes too long', () => connectAfter(5_000), 1_500],
  ['an answer that takes too long', () => { answer = { ...answer, afterMs: 5_000 }; }, 1_000],
  ['both, each within its time but for a little', () => { connectAfter(1_300); answer = { ...answer, afterMs: 5_000 }; }, 2_300],
])('%s is not waited for', async (_what, make, longest) => {
  make();
  const started = performance.now();
  await expect(count()).rejects.toMatchObject({ name: 'TimeoutError' });
  const took = performance.now() - started;
  expect(took).toBeGreaterThan(longest - 100);
  expect(took).toBeLessThan(longest + 500);
});

describe('a connection that was closed at its other end', () => {
  test('is replaced by a new one, over which it is counted', async () => {
    expect(await count()).toBe(true);
    resets = 1;
    expect(await count()).toBe(true);
    expect(calls).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
  });

  test('once: then the table is not to be reached', async () => {
    resets = 5;
    await expect(count()).rejects.toThrow('ECONNRESET');
    expect(calls).toHaveLength(2);
  });
});

test('one that fails is not made again', async () => {
  answer = { ...answer, status: 500 };
  await expect(count()).rejects.toThrow();
  expect(calls).toEqual(['UpdateItem']);
});
