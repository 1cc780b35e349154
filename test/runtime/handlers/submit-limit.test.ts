import { ApiHarness, request, type Said } from './api-harness';
import { SubmitLimit, submitsPerMinute } from '../../../src/runtime/handlers/limit/submit-limit';
import { type Counter, CounterThrottled } from '../../../src/runtime/store/counter';
import { DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { NOW } from '../../support/job-fixtures';
import { MemoryLog } from '../../support/worker-harness';

/** The fixtures' moment is the beginning of a minute. */
const MINUTE = NOW / 60_000;

let dynamoDb: FakeDynamoDb;
let now: number;
let limit: SubmitLimit;
let log: MemoryLog;

beforeEach(() => {
  dynamoDb = new FakeDynamoDb();
  now = NOW + 37_500;
  limit = new SubmitLimit(new DynamoDbCounter(dynamoDb.client, 'jobs'), 5, () => now);
  log = new MemoryLog();
});

const admit = async (jobs: number, owner = 'customer:acme') => limit.admit(owner, jobs, log);
const count = (owner = 'customer:acme', minute = MINUTE) => dynamoDb.items.get(`limit#${owner}#${minute}`)?.count.N;

describe('in a minute', () => {
  test('as many as the limit, and then none', async () => {
    for (let job = 0; job < 5; job++) await admit(1);
    await expect(admit(1)).rejects.toMatchObject({
      status: 429,
      code: 'TooManyRequests',
      message: 'at most 5 jobs are accepted in a minute: try again in 23 s',
      headers: { 'Retry-After': '23' },
    });
    expect(count()).toBe('5');
    expect(dynamoDb.requests).toHaveLength(6);
  });

  test('several are counted together or not at all', async () => {
    await admit(3);
    await expect(admit(3)).rejects.toMatchObject({ status: 429 });
    expect(count()).toBe('3');
    await admit(2);
    expect(count()).toBe('5');
    expect(dynamoDb.requests).toHaveLength(3);
  });

  test('more than the limit at once are never accepted, so no time is named, and nobody is asked', async () => {
    await expect(admit(6)).rejects.toMatchObject({ status: 429, message: expect.stringContaining('at most 5 jobs are accepted in a minute'), headers: {} });
    expect(dynamoDb.requests).toHaveLength(0);
  });

  test('each owner has a count', async () => {
    await admit(5);
    await admit(5, 'customer:other');
    expect([count(), count('customer:other')]).toEqual(['5', '5']);
  });
});

test('the next minute is another count', async () => {
  await admit(5);
  now = NOW + 59_999;
  await expect(admit(1)).rejects.toMatchObject({ headers: { 'Retry-After': '1' } });
  now = NOW + 60_000;
  await admit(5);
  await expect(admit(1)).rejects.toMatchObject({ headers: { 'Retry-After': '60' } });
  expect(count('customer:acme', MINUTE + 1)).toBe('5');
});

test('a count is no job, stands in no index, and is deleted after its minute', async () => {
  await admit(1);
  const [[key, item]] = [...dynamoDb.items];
  expect(key).not.toMatch(/^job_/);
  expect(item).toEqual({ job_id: { S: key }, count: { N: '1' }, expires_at: { N: String((NOW + 60_000) / 1000) } });
});

test('an owner cannot be named so that it shares another\'s count', async () => {
  await admit(5, 'a');
  await admit(5, `a#${MINUTE}`);
  expect(dynamoDb.items.size).toBe(2);
});

describe('when it cannot be counted', () => {
  const failing = (error: Error): Counter => new DynamoDbCounter({ send: async () => { throw error; } }, 'jobs');

  test.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    'because of %s it is refused: who floods must not get past', async (name) => {
      limit = new SubmitLimit(failing(Object.assign(new Error('slow down'), { name })), 5, () => now);
      await expect(admit(1)).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '1' } });
      expect(log.of('not counted, and refused')).toMatchObject({ error: { name: 'CounterThrottled' } });
    });

  test('because the table does not answer it is let through: a submission needs no table', async () => {
    limit = new SubmitLimit(failing(Object.assign(new Error('no connection'), { name: 'TimeoutError' })), 5, () => now);
    await expect(admit(1)).resolves.toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'error', message: 'not counted, and let through', fields: { error: { message: 'no connection' } } }]);
  });

  test('the cause is not lost', () => {
    const cause = new Error('slow down');
    expect(new CounterThrottled(cause)).toMatchObject({ message: 'the counter is throttled: slow down', cause });
  });
});

describe('a submission', () => {
  let api: ApiHarness;
  beforeEach(() => {
    api = new ApiHarness();
    api.limit = limit;
  });

  const post = async (payload: unknown, headers = {}): Promise<Said> => api.submit({ body: JSON.stringify(payload), headers });

  test('is counted before it is sent, and refused with the time to wait', async () => {
    api.queue.before = () => expect(Number(count())).toBe(api.queue.sent.length + 1);
    for (let job = 0; job < 5; job++) expect((await post(job)).status).toBe(202);
    const { status, body, headers } = await post(5);
    expect([status, body.error?.code, headers['Retry-After']]).toEqual([429, 'TooManyRequests', '23']);
    expect(api.queue.sent).toHaveLength(5);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 5 });
  });

  test('that is refused anyway is not counted', async () => {
    api.judge = () => { throw new Error('bad'); };
    await post(1);
    await api.submit({ body: '{' });
    await api.submit({ body: '1', requestContext: request(null).requestContext });
    expect(dynamoDb.requests).toHaveLength(0);
  });

  test('that is repeated under its key is not counted, nor refused, nor is a conflict', async () => {
    const key = { 'Idempotency-Key': 'order-1' };
    await post(1, key);
    await post(2);
    for (let job = 0; job < 4; job++) await post(job);
    expect((await post(1)).status).toBe(429);
    expect((await post(1, key)).status).toBe(202);
    expect((await post(2, key)).status).toBe(409);
    expect(count()).toBe('5');
  });

  test('is counted when the job that had its key has expired', async () => {
    const key = { 'Idempotency-Key': 'order-1' };
    await post(1, key);
    api.store.records.set(api.store.only.job_id, { ...api.store.only, status: 'succeeded', expires_at: NOW / 1000 });
    expect((await post(1, key)).status).toBe(202);
    expect(count()).toBe('2');
  });

  test('past the API is not counted', async () => {
    for (let job = 0; job < 7; job++) await api.direct({ payload: job });
    expect(dynamoDb.requests).toHaveLength(0);
  });
});

describe('the settings', () => {
  test.each([
    [{}, undefined],
    [{ JOBWORKS_SUBMITS_PER_MINUTE: '60' }, 60],
    [{ JOBWORKS_SUBMITS_PER_MINUTE: '60', JOBWORKS_SUBMIT_BURST: '20' }, 80],
    [{ JOBWORKS_SUBMITS_PER_MINUTE: '60', JOBWORKS_SUBMIT_BURST: '0' }, 60],
  ])('%j are a limit of %s', (environment, expected) => {
    expect(submitsPerMinute(environment)).toBe(expected);
  });

  test.each([{ JOBWORKS_SUBMITS_PER_MINUTE: '0' }, { JOBWORKS_SUBMITS_PER_MINUTE: 'many' }, { JOBWORKS_SUBMITS_PER_MINUTE: '1', JOBWORKS_SUBMIT_BURST: '-1' }])(
    '%j do not start', (environment) => {
      expect(() => submitsPerMinute(environment)).toThrow('must be a whole number');
    });
});
