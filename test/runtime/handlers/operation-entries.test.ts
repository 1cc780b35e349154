import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { entriesUnder } from './entry-harness';
import { sqsEvent } from '../../support/worker-harness';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const entry = entriesUnder<Handler>({
  AWS_REGION: 'eu-central-1',
  JOBWORKS_PIPELINE: 'drawings',
  JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
  JOBWORKS_TABLE_NAME: 'jobs',
  JOBWORKS_QUEUE_URL: 'https://queue',
  JOBWORKS_DEAD_LETTER_QUEUE_URL: 'https://dead',
  JOBWORKS_DEADLINE_SECONDS: '3600',
  JOBWORKS_EVENT_SOURCE_MAPPING: 'uuid-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 } as Context;

test('dead-letter is wired, and has nothing to say about no messages', async () => {
  expect(await entry('dead-letter')(sqsEvent(), context)).toEqual({ batchItemFailures: [] });
});

test('operate is wired, and refuses what needs no table', async () => {
  await expect(entry('operate')({ action: 'show' }, context)).rejects.toThrow('"job_id" is missing');
});

test('sweeper is wired, and finds nothing in an empty index', async () => {
  const asked: string[] = [];
  const table = createServer((request, response) => {
    asked.push(String(request.headers['x-amz-target']));
    response.setHeader('Connection', 'close').end('{"Items":[],"Count":0}');
  });
  await new Promise<void>((resolve) => table.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(table.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret',
  });
  try {
    expect(await entry('sweeper')({}, context)).toEqual({ judged: 0, ended: 0, complete: true });
    expect(new Set(asked)).toEqual(new Set(['DynamoDB_20120810.Query']));
  } finally {
    await new Promise((resolve) => table.close(resolve));
  }
});

test.each([
  ['dead-letter', 'JOBWORKS_PIPELINE'],
  ['dead-letter', 'JOBWORKS_FILES_PREFIX'],
  ['dead-letter', 'JOBWORKS_DEAD_LETTER_QUEUE_URL'],
  ['sweeper', 'JOBWORKS_TABLE_NAME'],
  ['operate', 'JOBWORKS_QUEUE_URL'],
  ['operate', 'JOBWORKS_FILES_PREFIX'],
  ['operate', 'JOBWORKS_DEAD_LETTER_QUEUE_URL'],
  ['operate', 'JOBWORKS_DEADLINE_SECONDS'],
  ['operate', 'JOBWORKS_EVENT_SOURCE_MAPPING'],
] as const)('%s without %s does not start', (name, variable) => {
  delete process.env[variable];
  expect(() => entry(name)).toThrow(`environment variable ${variable} is missing`);
});
