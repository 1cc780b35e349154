import { OwnerHarness } from './owner-harness';
import { SubmitLimit } from '../../../src/runtime/handlers/limit/submit-limit';
import { apply } from '../../../src/runtime/protocol/write';
import { DynamoDbCounter } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';

let api: OwnerHarness;
beforeEach(() => {
  api = new OwnerHarness();
});

const { job_id } = message();
const UNAVAILABLE = { status: 503, body: { error: { code: 'ServiceUnavailable' } }, headers: { 'Retry-After': '1' } };

describe('cancel', () => {
  test('ends a queued job at once, and counts it', async () => {
    api.put(record());
    expect(await api.cancel(job_id)).toMatchObject({ status: 202, body: { job_id, status: 'cancelled' } });
    expect(api.store.only).toMatchObject({ status: 'cancelled', finished_at: NOW });
    expect(api.metrics.counted).toEqual({ JobsCancelled: 1 });
    expect(api.queue.sent).toEqual([]);
  });

  test('asks a running job to stop; its worker counts it', async () => {
    api.put(processing());
    const { status, body } = await api.cancel(job_id);
    expect([status, body]).toEqual([202, { job_id, status: 'processing', cancel_requested: true }]);
    expect(api.store.only).toMatchObject({ status: 'processing', cancel_requested: true });
    expect(api.metrics.counted).toEqual({});
  });

  test('stops the execution of one that a state machine runs, again when it is asked again', async () => {
    api.put(processing({ run: 3 }));
    await api.cancel(job_id);
    await api.cancel(job_id);
    expect(api.stopped).toEqual([3, 3]);
    api.put(record());
    await api.cancel(job_id);
    expect(api.stopped).toHaveLength(2);
  });

  test.each([
    ['a running job', processing(), { job_id, status: 'processing', cancel_requested: true }],
    ['a queued job', record(), { job_id, status: 'cancelled' }],
  ])('twice is the same as once: %s', async (_, job, body) => {
    api.put(job);
    const first = await api.cancel(job_id);
    const calls = api.store.calls.length;
    expect(await api.cancel(job_id)).toEqual(first);
    expect(first.body).toEqual(body);
    expect(api.store.calls.slice(calls)).toEqual(['read']);
    expect(api.metrics.counted.JobsCancelled ?? 0).toBe(job.status === 'queued' ? 1 : 0);
  });

  test.each(['succeeded', 'failed'] as const)('of a job that has %s is a conflict that says so', async (status) => {
    api.put(ended(status));
    expect(await api.cancel(job_id)).toMatchObject({
      status: 409,
      body: { error: { code: 'Conflict', message: `the job has ended already: it is ${status}` } },
    });
  });

  test('of a job that ends between read and write goes by what it ended as', async () => {
    api.put(processing());
    api.store.before = (call) => { if (call === 'update') api.put(ended('succeeded')); };
    expect((await api.cancel(job_id)).status).toBe(409);
  });

  test('of a job that is claimed between read and write asks the worker', async () => {
    api.put(record());
    let claimed = false;
    api.store.before = (call) => {
      if (call === 'update' && !claimed) {
        api.put(processing());
        claimed = true;
      }
    };
    expect((await api.cancel(job_id)).body).toEqual({ job_id, status: 'processing', cancel_requested: true });
    expect(api.metrics.counted).toEqual({});
  });

  test('of a job that is gone between read and write is not found', async () => {
    api.put(record());
    api.store.before = (call) => { if (call === 'update') api.store.records.clear(); };
    expect((await api.cancel(job_id)).status).toBe(404);
  });

  test.each(['read', 'update'] as const)('when the store does not answer a %s the caller is told to try again', async (broken) => {
    api.put(record());
    api.store.before = (call) => { if (call === broken) throw new Error('throttled'); };
    expect(await api.cancel(job_id)).toMatchObject(UNAVAILABLE);
    expect(api.metrics.counted).toEqual({});
  });
});

describe('retry', () => {
  test.each(['failed', 'cancelled'] as const)('sends a job that %s anew, then reopens it', async (status) => {
    api.put(ended(status, { generation: 2, attempt: 3, correlation_id: 'order-7', checkpoint: '{"page":2}' }));
    const answer = await api.retry(job_id);
    expect(answer).toMatchObject({ status: 202, body: { job_id, status: 'queued' }, headers: { Location: `/v1/jobs/${job_id}` } });
    expect(api.queue.sent).toEqual([
      { message: message({ generation: 3, deadline_at: NOW + 3_600_000, correlation_id: 'order-7' }), delay_ms: 0 },
    ]);
    expect(api.store.only).toMatchObject({
      status: 'queued', generation: 3, attempt: 0, deadline_at: NOW + 3_600_000, checkpoint: '{"page":2}', correlation_id: 'order-7',
    });
    expect(api.store.calls).toEqual(['read', 'update']);
    expect(api.log.of('retry')).toMatchObject({ job_id, outcome: 'retried', generation: 3, correlation_id: 'request-1', job_correlation_id: 'order-7' });
  });

  test.each([record(), processing(), ended('succeeded')])('of a job that is $status is a conflict that says so', async (job) => {
    api.put(job);
    const { status, body } = await api.retry(job_id);
    expect([status, body.error?.code]).toEqual([409, 'Conflict']);
    expect(body.error?.message).toBe(`the job is ${job.status}: one is retried after it has failed or was cancelled`);
    expect(api.queue.sent).toEqual([]);
  });

  test('after which another retry was first is accepted, too', async () => {
    api.put(ended('failed'));
    api.store.before = (call, step) => {
      if (call === 'update' && step) api.put({ ...apply(step, api.store.only), status: 'processing', run: 2 });
    };
    const { status, body } = await api.retry(job_id);
    expect([status, body]).toEqual([202, { job_id, status: 'processing' }]);
    expect(api.store.only).toMatchObject({ generation: 1, run: 2 });
  });

  test('whose record cannot be written is accepted: its message is sent', async () => {
    api.put(ended('failed'));
    api.store.before = (call) => { if (call === 'update') throw new Error('throttled'); };
    const { status, body, headers } = await api.retry(job_id);
    expect([status, body, headers.Location]).toEqual([202, { job_id, status: 'queued' }, `/v1/jobs/${job_id}`]);
    expect(api.queue.sent).toHaveLength(1);
    expect(api.log.of('retried without a record')).toMatchObject({ job_id, error: { message: 'could not update: throttled' } });
  });

  test('whose message cannot be sent changes nothing, and the caller is told to try again', async () => {
    api.put(ended('failed'));
    api.queue.before = () => { throw new Error('no connection'); };
    expect(await api.retry(job_id)).toMatchObject(UNAVAILABLE);
    expect(api.store.only.status).toBe('failed');
  });

  test('of a job that is gone between read and write is not found', async () => {
    api.put(ended('failed'));
    api.store.before = (call) => { if (call === 'update') api.store.records.clear(); };
    expect((await api.retry(job_id)).status).toBe(404);
  });
});

describe('where submissions are counted exactly', () => {
  let dynamoDb: FakeDynamoDb;
  const counted = () => dynamoDb.items.get(`limit#customer:acme#${NOW / 60_000}`)?.count.N;

  beforeEach(() => {
    dynamoDb = new FakeDynamoDb();
    api.limit = new SubmitLimit(new DynamoDbCounter(dynamoDb.client, 'jobs'), 2, () => NOW);
  });

  test('a retry counts as one, and over the limit changes nothing', async () => {
    for (const status of ['failed', 'cancelled'] as const) {
      api.put(ended(status));
      expect((await api.retry(job_id)).status).toBe(202);
    }
    expect(counted()).toBe('2');
    api.put(ended('failed'));
    expect(await api.retry(job_id)).toMatchObject({
      status: 429,
      body: { error: { code: 'TooManyRequests', message: expect.stringContaining('at most 2 jobs are accepted in a minute') } },
      headers: { 'Retry-After': '60' },
    });
    expect(api.queue.sent).toHaveLength(2);
    expect(api.store.only.status).toBe('failed');
  });

  test.each([record(), processing(), ended('succeeded'), ended('failed', { version: 2 })])('one that is refused anyway does not ($status)', async (job) => {
    api.put(job);
    expect((await api.retry(job_id)).status).toBeGreaterThanOrEqual(409);
    expect(counted()).toBeUndefined();
  });

  test('neither does a cancellation', async () => {
    api.put(record());
    expect((await api.cancel(job_id)).status).toBe(202);
    expect(counted()).toBeUndefined();
  });
});

test.each(['cancel', 'retry'] as const)('%s of a job that a newer version has written is left to that: the caller is told to try again', async (what) => {
  const newer = ended('failed', { version: 2 });
  api.put(newer);
  const answer = await api[what](job_id);
  expect(answer).toMatchObject(UNAVAILABLE);
  expect(answer.body.error?.message).toBe('the job is of a version that is being deployed: try again');
  expect(api.store.only).toEqual(newer);
  expect(api.queue.sent).toEqual([]);
});

test('what nobody expected is a 500', async () => {
  let run = 0;
  api.put(record());
  api.store.before = (call) => { if (call === 'update') api.put(record({ run: ++run })); };
  expect((await api.cancel(job_id)).status).toBe(500);
  api.put(ended('failed'));
  api.store.before = (call) => { if (call === 'update') api.put(ended('failed', { run: ++run })); };
  expect((await api.retry(job_id)).status).toBe(500);
});
