import type { Context } from 'aws-lambda';
import { request, said, type Said } from './api-harness';
import { entriesUnder } from './entry-harness';
import type { Job } from '../../../src/runtime/node/types';
import type * as worker from '../../../src/runtime/node/worker';
import type { JobMessage } from '../../../src/runtime/protocol/message';
import type * as recordsModule from '../../../src/runtime/store/records';
import { FakeSqs } from '../../support/fake-sqs';
import { JobsDatabase } from '../../support/postgres/jobs-database';
import { PostgresServer } from '../../support/postgres/server';
import { lambdaContext, QUEUE_ARN, sqsEvent, sqsRecord } from '../../support/worker-harness';

/* Every function of a pipeline as it is deployed, one after the other, on a real server. SQS alone is none. */

let server: PostgresServer;
let database: JobsDatabase;
let sqs: FakeSqs;

const MINE = '../../../src/runtime/store/records';
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 } as Context;

const entry = entriesUnder<(event: unknown, given: Context) => Promise<unknown>>({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
  JOBWORKS_QUEUE_ARN: QUEUE_ARN,
  JOBWORKS_EVENT_SOURCE_MAPPING: 'uuid-1',
  JOBWORKS_HANDLER: 'index.handler',
  JOBWORKS_BACKOFF_FIRST_MS: '1',
  JOBWORKS_BACKOFF_MAX_MS: '1',
  JOBWORKS_BACKOFF_JITTER: '0',
  JOBWORKS_SHUTDOWN_MS: '0',
  JOBWORKS_MAX_ATTEMPTS: '1',
  JOBWORKS_DEADLINE_SECONDS: '3600',
  JOBWORKS_RETENTION_SECONDS: '86400',
  JOBWORKS_AUTHENTICATION: 'api-key',
  JOBWORKS_CUSTOMERS: '{"key1":"acme","key2":"other"}',
  JOBWORKS_STATUS_PATH: '/jobs/{job_id}',
  JOBWORKS_BATCH_PATH: '/jobs/batch',
  JOBWORKS_CANCEL_PATH: '/jobs/{job_id}/cancel',
  JOBWORKS_RETRY_PATH: '/jobs/{job_id}/retry',
  JOBWORKS_DATABASE_HOST: 'proxy',
  JOBWORKS_DATABASE_NAME: 'app',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

beforeAll(async () => {
  [server, sqs] = await Promise.all([PostgresServer.start(), FakeSqs.start()]);
  database = await JobsDatabase.on(server);
}, 60_000);

afterAll(async () => {
  database?.close();
  await Promise.all([server?.stop(), sqs?.stop()]);
});

let pipelines = 0;

/** The layer is not there in a test, and its limits are those of machines that have time. */
beforeEach(() => {
  process.env.JOBWORKS_PIPELINE = `drawings-${++pipelines}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sqs.url, JOBWORKS_QUEUE_URL: `${sqs.url}/queue`, JOBWORKS_DEAD_LETTER_QUEUE_URL: `${sqs.url}/dead`,
  });
  sqs.sent.splice(0);
  jest.doMock(MINE, () => {
    const actual = jest.requireActual<typeof recordsModule>(MINE);
    type Environment = Readonly<Record<string, string | undefined>>;
    const load = async () => ({ postgresStore: (environment: Environment) => database.store(environment.JOBWORKS_PIPELINE) });
    return {
      ...actual,
      recordsOf: (...given: [never, never, never]) => actual.recordsOf(...given, load as never),
      withRecords: (...given: [never, never, never, never]) => actual.withRecords(...given, load as never),
    } satisfies Record<keyof typeof recordsModule, unknown>;
  });
});

async function api(name: string, resource: string, more: object = {}, key = 'key1'): Promise<Said> {
  return said(await entry(name)({ ...request(key), resource, ...more }, context) as Parameters<typeof said>[0]);
}

const submit = async (payload: unknown, more: object = {}) => api('submit', '/jobs', { body: JSON.stringify(payload), ...more });
const at = (job_id: unknown) => ({ pathParameters: { job_id } });
const status = async (job_id: unknown, key?: string) => (await api('status', '/jobs/{job_id}', at(job_id), key)).body;
const operate = async (event: object) => entry('operate')(event, context) as Promise<Record<string, unknown>>;

/** The message that was sent last, delivered. */
async function work(handler: (job: Job) => unknown): Promise<unknown> {
  const { startWorker } = jest.requireActual<typeof worker>('../../../src/runtime/node/worker');
  const handle = await startWorker({ ...process.env, LAMBDA_TASK_ROOT: __dirname, JOBWORKS_HANDLER: 'worker.handler' }, async () => ({ handler }));
  return handle(sqsEvent(sqsRecord(sqs.sent.at(-1)!)), lambdaContext());
}

async function rowsOf(job_id: unknown): Promise<Record<string, unknown>[]> {
  return database.rows('SELECT * FROM jobworks.jobs WHERE pipeline = $1 AND job_id = $2', [process.env.JOBWORKS_PIPELINE, job_id]);
}

const DONE = { batchItemFailures: [] };

jest.mock('../../../src/runtime/node/load-handler', () => ({
  ...jest.requireActual<object>('../../../src/runtime/node/load-handler'),
  loadHandler: async (_name: string, _root: string, importModule: (url: string) => Promise<{ handler: unknown }>) => (await importModule('')).handler,
}));

test('a job is submitted, run and told of, and its row has all of it', async () => {
  const { status: code, body: { job_id } } = await submit({ page: 1 });
  expect(code).toBe(202);
  expect(await status(job_id)).toMatchObject({ status: 'queued' });
  expect(await rowsOf(job_id)).toMatchObject([{ status: 'queued', owner: 'customer:acme', payload: '{"page":1}' }]);

  expect(await work(({ payload }) => ({ seen: payload }))).toEqual(DONE);
  expect(await status(job_id)).toMatchObject({ status: 'succeeded', result: { seen: { page: 1 } } });
  expect(await status(job_id, 'key2')).toMatchObject({ error: { code: 'NotFound' } });
  expect((await api('status', '/jobs')).body.jobs).toMatchObject([{ job_id, status: 'succeeded' }]);
});

test('the same name is the same job, for any process', async () => {
  const named = { headers: { 'Idempotency-Key': 'order-1' } };
  const first = await submit({ page: 1 }, named);
  jest.resetModules();
  expect((await submit({ page: 1 }, named)).body.job_id).toBe(first.body.job_id);
  expect((await submit({ page: 2 }, named)).status).toBe(409);
  expect(sqs.sent).toHaveLength(1);
});

test('a batch is taken together', async () => {
  const { body } = await api('submit', '/jobs/batch', { body: JSON.stringify({ jobs: [{ payload: 1 }, { payload: 2 }] }) });
  expect(body.jobs).toMatchObject([{ status: 'queued' }, { status: 'queued' }]);
  expect((await api('status', '/jobs')).body.jobs).toHaveLength(2);
});

test('a job is cancelled, and retried', async () => {
  const { body: { job_id } } = await submit({});
  expect(await api('change', '/jobs/{job_id}/cancel', at(job_id))).toMatchObject({ status: 202, body: { status: 'cancelled' } });
  expect(await work(() => 'never')).toEqual(DONE);
  expect(await status(job_id)).toMatchObject({ status: 'cancelled' });

  expect(await api('change', '/jobs/{job_id}/retry', at(job_id))).toMatchObject({ status: 202, body: { status: 'queued' } });
  expect(JSON.parse(sqs.sent.at(-1)!) as JobMessage).toMatchObject({ job_id, generation: 1 });
  expect(await work(() => 'done')).toEqual(DONE);
  expect(await status(job_id)).toMatchObject({ status: 'succeeded', result: 'done' });
});

test('operators find what failed, look at it, and have it tried again', async () => {
  const { body: { job_id } } = await submit({});
  await work(() => { throw new Error('broken'); });
  const { jobs } = await operate({ action: 'list', failed_since: 0 });
  expect(jobs).toMatchObject([{ job_id, status: 'failed' }]);
  expect(await operate({ action: 'show', job_id })).toMatchObject({ job: { error: { message: 'broken' }, owner: 'customer:acme' } });
  expect(await operate({ action: 'retry', failed_since: 0 })).toMatchObject({ retried: 1 });
  expect(await work(() => 'mended')).toEqual(DONE);
  expect(await status(job_id)).toMatchObject({ status: 'succeeded', result: 'mended' });
});

test('a dead letter ends its job', async () => {
  const { body: { job_id } } = await submit({});
  expect(await entry('dead-letter')(sqsEvent(sqsRecord(sqs.sent.at(-1)!, { receiveCount: 12 })), context)).toEqual(DONE);
  expect(await status(job_id)).toMatchObject({ status: 'failed' });
});

test('the sweeper ends what is overdue, and removes what has expired, with its result', async () => {
  const { body: { job_id: overdue } } = await submit({});
  const { body: { job_id: old } } = await submit({});
  await work(() => 'result');
  await database.rows('UPDATE jobworks.jobs SET deadline_at = now() - interval \'1 minute\' WHERE job_id = $1', [overdue]);
  await database.rows('UPDATE jobworks.jobs SET expires_at = now() - interval \'1 minute\' WHERE job_id = $1', [old]);
  expect(await status(old)).toMatchObject({ error: { code: 'NotFound' } });

  expect(await entry('sweeper')({}, context)).toEqual({ judged: 1, ended: 1, complete: true, removed: 1 });
  expect(await status(overdue)).toMatchObject({ status: 'failed' });
  expect(await rowsOf(old)).toEqual([]);
  expect(await database.rows('SELECT * FROM jobworks.job_results WHERE job_id = $1', [old])).toEqual([]);
});

test('the exact limit is counted in the database, across processes', async () => {
  process.env.JOBWORKS_SUBMITS_PER_MINUTE = '2';
  const codes: number[] = [];
  for (let process = 0; process < 4; process++) {
    jest.resetModules();
    codes.push((await submit({ process })).status);
  }
  // the minute may end in between, and then one more is the next one's
  expect(codes.filter((code) => code === 202).length).toBeLessThan(4);
  expect(codes).toContain(429);
  const counts = await database.rows<{ count: string }>('SELECT count FROM jobworks.counters WHERE pipeline = $1', [process.env.JOBWORKS_PIPELINE]);
  expect(counts.reduce((sum, { count }) => sum + Number(count), 0)).toBe(codes.filter((code) => code === 202).length);
});

test('times are those of the server, whatever the clock of a function says', async () => {
  const real = Date.now;
  const wrong = jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
  try {
    const { body: { job_id } } = await submit({});
    const [{ created_at }] = await rowsOf(job_id);
    expect(Math.abs((created_at as Date).getTime() - real())).toBeLessThan(60_000);
  } finally {
    wrong.mockRestore();
  }
});

describe('what a state machine runs, or another function,', () => {
  beforeEach(() => {
    Object.assign(process.env, {
      JOBWORKS_STATE_MACHINE: 'arn:aws:states:eu-central-1:123456789012:stateMachine:analyse',
      JOBWORKS_EXECUTION_TIMEOUT_SECONDS: '60',
      JOBWORKS_MAX_EXECUTIONS: '1',
      JOBWORKS_CALLED_FUNCTION: 'arn:aws:lambda:eu-central-1:123456789012:function:analyse',
      JOBWORKS_CALLED_TIMEOUT_SECONDS: '30',
    });
  });

  test.each(['start-execution', 'runner'])('%s is wired', async (name) => {
    await expect(entry(name)({}, context)).rejects.toMatchObject({ name: 'NotFromTheQueue' });
  });

  test('a job waits while the slots of the database are taken, and is charged nothing', async () => {
    const { body: { job_id } } = await submit({});
    await database.store(process.env.JOBWORKS_PIPELINE).slots.take('another', 1);
    const left = { batchItemFailures: [{ itemIdentifier: 'message-1' }] };
    expect(await entry('start-execution')(sqsEvent(sqsRecord(sqs.sent.at(-1)!)), lambdaContext())).toEqual(left);
    expect(await rowsOf(job_id)).toMatchObject([{ status: 'queued', run: '0', attempt: '0' }]);
  });

  test('the end of an execution that is no longer its job\'s gives its slot back', async () => {
    const { body: { job_id } } = await submit({});
    const { slots } = database.store(process.env.JOBWORKS_PIPELINE);
    const name = `${String(job_id)}-0-1`;
    await slots.take(name, 1);
    await entry('execution-ended')({ detail: { name, status: 'SUCCEEDED', output: '1' } }, context);
    expect(await slots.names()).toEqual([]);
  });
});
