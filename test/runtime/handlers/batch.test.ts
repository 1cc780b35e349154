import { ApiHarness, request, type Said } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { JOB_ID_PATTERN } from '../../../src/runtime/protocol/job-id';
import type { JobMessage } from '../../../src/runtime/protocol/message';
import { NOW } from '../../support/job-fixtures';
import { MemoryFiles } from '../../support/memory-files';

let api: ApiHarness;
beforeEach(() => {
  api = new ApiHarness();
});

type Result = { job_id?: string; status?: string; error?: { code: string; message: string } };

const post = async (jobs: unknown, more: object = {}): Promise<Said> => api.batch({ body: JSON.stringify({ jobs }), ...more });
const resultsOf = ({ body }: Said) => body.jobs as Result[];
const codesOf = (said: Said) => resultsOf(said).map(({ status, error }) => error?.code ?? status);
const many = (count: number, key?: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ payload: { index }, ...(key && { idempotency_key: key(index) }) }));
const payloadIs = (text: string) => ({ payload }: JobMessage) => payload === text;

test('ten jobs are accepted with one call of the queue and a put for each', async () => {
  const said = await post(many(10));
  expect(said.status).toBe(202);
  expect(said.headers).not.toHaveProperty('Retry-After');
  expect(resultsOf(said)).toEqual(Array(10).fill({ job_id: expect.stringMatching(JOB_ID_PATTERN), status: 'queued' }));
  expect(api.queue.calls).toEqual([10]);
  expect(api.store.calls).toEqual(Array(10).fill('create'));
  expect(api.metrics.counted).toEqual({ JobsSubmitted: 10 });
  expect(api.queue.sent.map(({ message }) => message.payload)).toEqual(many(10).map(({ payload }) => JSON.stringify(payload)));
  expect([...api.store.records.keys()]).toEqual(resultsOf(said).map(({ job_id }) => job_id));
  expect([...api.store.records.values()][3]).toMatchObject({ owner: 'customer:acme', correlation_id: 'request-1', payload: '{"index":3}' });
});

test('every message is sent before any record is put', async () => {
  api.store.before = () => expect(api.queue.sent).toHaveLength(3);
  expect(codesOf(await post(many(3)))).toEqual(['queued', 'queued', 'queued']);
});

test('each job is judged for itself, and the others are accepted', async () => {
  api.judge = (payload) => {
    if (payload === 'bad') throw new ApiError(400, 'InvalidPayload', 'the payload is bad');
    if (payload === 'bug') throw new Error('secret detail');
  };
  const said = await post([
    { payload: 1 }, { payload: 'bad' }, { payload: 'x'.repeat(65_535) }, { payload: 2, idempotency_key: 'two words' }, { payload: 'bug' }, { payload: 3 },
  ]);
  expect(said.status).toBe(202);
  expect(codesOf(said)).toEqual(['queued', 'InvalidPayload', 'PayloadTooLarge', 'BadRequest', 'InternalError', 'queued']);
  expect(resultsOf(said)[1]).toEqual({ error: { code: 'InvalidPayload', message: 'the payload is bad' } });
  expect(JSON.stringify(said.body)).not.toContain('secret');
  expect(api.log.of('unexpected error')).toMatchObject({ error: { message: 'secret detail' } });
  expect(api.queue.calls).toEqual([2]);
});

test('when none is fine nothing is sent', async () => {
  expect(codesOf(await post([{ payload: 'x'.repeat(65_535) }]))).toEqual(['PayloadTooLarge']);
  expect(api.queue.calls).toEqual([]);
});

describe('what goes wrong with one job is its own', () => {
  test('a message that is not sent', async () => {
    api.queue.before = ({ payload }) => { if (payload === '{"index":1}') throw new Error('no'); };
    const said = await post(many(3));
    expect(codesOf(said)).toEqual(['queued', 'ServiceUnavailable', 'queued']);
    expect(said.headers['Retry-After']).toBe('1');
    expect(api.store.records.size).toBe(2);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 2 });
  });

  test('a put that fails after the send', async () => {
    let puts = 0;
    api.store.before = () => { if (++puts === 2) throw new Error('throttled'); };
    expect(codesOf(await post(many(3)))).toEqual(['queued', 'queued', 'queued']);
    expect(api.store.records.size).toBe(2);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 3 });
  });

  test('a name that cannot be looked up', async () => {
    api.store.before = (call) => { if (call === 'read') throw new Error('throttled'); };
    expect(codesOf(await post([{ payload: 1, idempotency_key: 'a' }, { payload: 2 }]))).toEqual(['ServiceUnavailable', 'queued']);
  });
});

test('a queue that does not answer is told for each', async () => {
  const failing = new ApiHarness(undefined, { send: async () => {}, sendAll: async () => { throw new Error('no connection'); } });
  expect(codesOf(await failing.batch({ body: JSON.stringify({ jobs: many(2) }) }))).toEqual(['ServiceUnavailable', 'ServiceUnavailable']);
  expect(failing.store.calls).toEqual([]);
});

describe('idempotency keys', () => {
  test('a batch that is sent again is the same jobs, and nothing is sent', async () => {
    const batch = many(3, (index) => `order-${index}`);
    const first = await post(batch);
    const calls = [...api.store.calls];
    const second = await post([...batch].reverse());
    expect(resultsOf(second)).toEqual([...resultsOf(first)].reverse());
    expect(calls).toEqual(['read', 'read', 'read', 'create', 'create', 'create']);
    expect(api.store.calls.slice(calls.length)).toEqual(['read', 'read', 'read']);
    expect(api.queue.calls).toEqual([3]);
  });

  test('are shared with single submissions', async () => {
    const single = await api.submit({ body: '{"a":1}', headers: { 'Idempotency-Key': 'order-1' } });
    const said = await post([{ payload: { a: 1 }, idempotency_key: 'order-1' }, { payload: { a: 2 }, idempotency_key: 'order-1' }]);
    expect(resultsOf(said)[0]).toEqual(single.body);
    expect(codesOf(said)).toEqual(['queued', 'Conflict']);
  });

  test('the same twice in one batch is one job, and another payload under it is a conflict', async () => {
    const job = (payload: unknown) => ({ payload, idempotency_key: 'order-1' });
    const said = await post([job({ a: 1 }), { payload: 0 }, job({ a: 2 }), job({ a: 1 })]);
    expect(codesOf(said)).toEqual(['queued', 'queued', 'Conflict', 'queued']);
    expect(resultsOf(said)[3]).toEqual(resultsOf(said)[0]);
    expect(api.queue.calls).toEqual([2]);
    expect(api.store.calls.filter((call) => call === 'read')).toHaveLength(1);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 2 });
  });

  test('also when the record of the first could not be put', async () => {
    api.store.before = (call) => { if (call === 'create') throw new Error('throttled'); };
    const job = (payload: unknown) => ({ payload, idempotency_key: 'order-1' });
    expect(codesOf(await post([job(1), job(2), job(1)]))).toEqual(['queued', 'Conflict', 'queued']);
    expect(api.queue.sent.filter(({ message }) => payloadIs('1')(message))).toHaveLength(1);
    expect(api.queue.calls).toEqual([1]);
  });

  test('belong to an owner', async () => {
    const job = [{ payload: 1, idempotency_key: 'order-1' }];
    const other = await post(job, { requestContext: request('key2').requestContext });
    expect(resultsOf(other)[0].job_id).not.toBe(resultsOf(await post(job))[0].job_id);
  });
});

describe('what is no batch is refused as a whole, and nothing is sent', () => {
  test.each<[string, string | null, number, string]>([
    ['no body', null, 400, 'the body is empty: it is {"jobs": [{"payload": …}]}, as JSON'],
    ['no JSON', '{"jobs":', 400, 'the body is not JSON'],
    ['a list', '[]', 400, 'it must be an object'],
    ['no jobs', '{}', 400, '"jobs" is missing'],
    ['jobs that are none', '{"jobs":{}}', 400, '"jobs" must be a list'],
    ['something else', '{"jobs":[{"payload":1}],"dry_run":true}', 400, '"dry_run" is unknown: there are jobs'],
    ['none', '{"jobs":[]}', 400, 'a batch has 1 to 10 jobs, not 0'],
    ['eleven', JSON.stringify({ jobs: many(11) }), 400, 'a batch has 1 to 10 jobs, not 11'],
    ['a payload without its job', '{"jobs":[{"payload":1},"x"]}', 400, 'jobs/1: it must be an object'],
    ['a job without payload', '{"jobs":[{"idempotency_key":"a"}]}', 400, 'jobs/0: "payload" is missing'],
    ['a wrong name', '{"jobs":[{"payload":1,"idempotencyKey":"a"}]}', 400, 'jobs/0: "idempotencyKey" is unknown'],
    ['a key that is no text', '{"jobs":[{"payload":1,"idempotency_key":7}]}', 400, 'jobs/0: "idempotency_key" must be a text'],
    ['more than a request takes', JSON.stringify({ jobs: [{ payload: 'x'.repeat(4 * 1024 * 1024) }] }), 413, 'a batch has at most 4194304 bytes'],
  ])('%s', async (_what, body, status, message) => {
    const said = await api.batch({ body });
    expect([said.status, said.body.error?.code]).toEqual([status, status === 413 ? 'PayloadTooLarge' : 'BadRequest']);
    expect(said.body.error?.message).toContain(message);
    expect(api.queue.calls).toEqual([]);
  });

  test('one key for all', async () => {
    const said = await post(many(2), { headers: { 'Idempotency-Key': 'order-1' } });
    expect(said.body.error?.message).toBe('each job of a batch has an "idempotency_key" of its own, and the request no Idempotency-Key');
  });

  test('another type, and nobody', async () => {
    expect((await post(many(1), { headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
    expect((await post(many(1), { requestContext: request(null).requestContext })).status).toBe(401);
  });
});

test('null is a payload', async () => {
  await post([{ payload: null }]);
  expect(api.store.only.payload).toBe('null');
});

describe('with a limit', () => {
  test('new jobs are counted together, before anything is sent; what is known is not', async () => {
    await post(many(1, () => 'known'));
    const admitted: unknown[] = [];
    api.limit = { admit: async (owner, jobs) => { admitted.push([owner, jobs, api.queue.calls.length]); } };
    await post([...many(2), { payload: { index: 0 }, idempotency_key: 'known' }, ...many(1, () => 'new'), ...many(1, () => 'new')]);
    expect(admitted).toEqual([['customer:acme', 3, 1]]);
    await post(many(1, () => 'known'));
    expect(admitted).toHaveLength(1);
  });

  test('over it all new ones are refused, and what is known is answered', async () => {
    const [{ job_id }] = resultsOf(await post(many(1, () => 'known')));
    api.limit = { admit: async () => { throw new ApiError(429, 'TooManyRequests', 'at most 60', { 'Retry-After': '23' }); } };
    const said = await post([{ payload: 1 }, ...many(1, () => 'known'), { payload: 2 }]);
    expect(said.status).toBe(202);
    expect(codesOf(said)).toEqual(['TooManyRequests', 'queued', 'TooManyRequests']);
    expect(resultsOf(said)[1].job_id).toBe(job_id);
    expect(said.headers['Retry-After']).toBe('23');
    expect(api.queue.calls).toEqual([1]);
  });
});

test('what could not be looked up is not counted, and the longest time to wait is named', async () => {
  const admitted: number[] = [];
  api.limit = {
    admit: async (_owner, jobs) => {
      admitted.push(jobs);
      throw new ApiError(429, 'TooManyRequests', 'at most 60', { 'Retry-After': '23' });
    },
  };
  api.store.before = () => { throw new Error('throttled'); };
  const said = await post([{ payload: 1, idempotency_key: 'a' }, { payload: 2 }]);
  expect(codesOf(said)).toEqual(['ServiceUnavailable', 'TooManyRequests']);
  expect(admitted).toEqual([1]);
  expect(said.headers['Retry-After']).toBe('23');
});

describe('with a bucket', () => {
  const long = { text: 'x'.repeat(70_000) };

  beforeEach(() => {
    api.files = new MemoryFiles();
  });

  test('long payloads are stored before all is sent with one call', async () => {
    const files = api.files!;
    files.before = async () => new Promise((resolve) => setTimeout(resolve, 20));
    api.queue.before = () => expect(files.objects.size).toBe(2);
    expect(codesOf(await post([{ payload: 1 }, { payload: long }, { payload: 2 }, { payload: { ...long, more: 1 } }]))).toEqual(Array(4).fill('queued'));
    expect(api.queue.calls).toEqual([4]);
    expect(files.calls).toHaveLength(2);
  });

  test('one that cannot be stored is not sent, the others are', async () => {
    api.files!.before = () => { throw new Error('slow down'); };
    expect(codesOf(await post([{ payload: long }, { payload: 1 }]))).toEqual(['ServiceUnavailable', 'queued']);
    expect(api.queue.calls).toEqual([1]);
    expect(api.store.only.payload).toBe('1');
  });
});

test('no log line holds a payload or a key', async () => {
  await post([{ payload: { card: '4111' }, idempotency_key: 'very-private' }, { payload: { card: '4112' }, idempotency_key: 'very-private' }]);
  expect(JSON.stringify(api.log.lines)).not.toMatch(/411|very-private/);
  expect(api.log.lines.filter(({ message }) => message === 'accepted').map(({ fields }) => fields.correlation_id)).toEqual(['request-1']);
});

test('a job of a batch is a job like any other', async () => {
  await post(many(1));
  const [record] = [...api.store.records.values()];
  expect(record).toMatchObject({ max_attempts: 3, created_at: NOW, deadline_at: NOW + 3_600_000, retention_seconds: 86_400, generation: 0 });
  expect((await api.status(record.job_id)).body).toMatchObject({ job_id: record.job_id, status: 'queued' });
});
