import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_LIMITS } from '../../../src/runtime/store/aws-clients';
import { dynamoDbClient, onceBy } from '../../../src/runtime/store/dynamodb/dynamodb-client';
import { DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';

const saved = { ...process.env };
let server: Server;
let connections: number;
let calls: string[];
let answer: { readonly status: number; readonly body: object; readonly afterMs: number };

/** As much of DynamoDB as answers, over HTTP, so that connections and times are real. */
beforeEach(async () => {
  connections = 0;
  calls = [];
  answer = { status: 200, body: {}, afterMs: 0 };
  server = createServer((request, response) => {
    calls.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''));
    request.resume().on('end', () => setTimeout(() => response.writeHead(answer.status).end(JSON.stringify(answer.body)), answer.afterMs));
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

const count = async (counter: DynamoDbCounter) => counter.add('customer:acme#1', 1, 60, 60);

test('a count goes over the connection of the records', async () => {
  const client = dynamoDbClient(API_LIMITS);
  const counter = new DynamoDbCounter(onceBy(client), 'jobs');
  await new DynamoDbJobStore(client, 'jobs').read('job_1');
  expect(await count(counter)).toBe(true);
  expect(calls).toEqual(['GetItem', 'UpdateItem']);
  expect(connections).toBe(1);
});

test('a first call that takes as long as on a cold start is counted', async () => {
  answer = { ...answer, afterMs: 700 };
  expect(await count(new DynamoDbCounter(onceBy(dynamoDbClient(API_LIMITS)), 'jobs'))).toBe(true);
});

test('one that fails is not made again', async () => {
  answer = { ...answer, status: 500 };
  await expect(count(new DynamoDbCounter(onceBy(dynamoDbClient(API_LIMITS)), 'jobs'))).rejects.toThrow();
  expect(calls).toEqual(['UpdateItem']);
});
