import { ApiHarness, request, type Said } from './api-harness';
import { JOB_ID_PATTERN } from '../../../src/runtime/protocol/job-id';
import { freshRecord } from '../../../src/runtime/protocol/message';
import { payloadHash } from '../../../src/runtime/protocol/payload';
import { jobKey } from '../../../src/runtime/store/files/keys';
import { NOW } from '../../support/job-fixtures';
import { MemoryFiles } from '../../support/memory-files';

let api: ApiHarness;
beforeEach(() => {
  api = new ApiHarness();
});

const headers = (value: Record<string, string>) => ({ headers: value });
const post = async (payload: unknown, more: object = {}): Promise<Said> => api.submit({ body: JSON.stringify(payload), ...more });

test('a job is sent, then put, and answered with where to look', async () => {
  const { status, body, headers: answered } = await post({ url: 'a.pdf' });
  expect(status).toBe(202);
  expect(body).toEqual({ job_id: expect.stringMatching(JOB_ID_PATTERN), status: 'queued' });
  expect(answered).toMatchObject({ 'Location': `/v1/status/${body.job_id}`, 'X-Correlation-Id': 'request-1', 'Content-Type': 'application/json' });
  expect(api.store.calls).toEqual(['create']);
  expect(api.queue.sent).toHaveLength(1);
  expect(api.store.only).toMatchObject({
    job_id: body.job_id,
    owner: 'customer:acme',
    status: 'queued',
    payload: '{"url":"a.pdf"}',
    payload_hash: payloadHash({ url: 'a.pdf' }),
    max_attempts: 3,
    created_at: NOW,
    deadline_at: NOW + 3_600_000,
    correlation_id: 'request-1',
  });
  expect(api.metrics.counted).toEqual({ JobsSubmitted: 1 });
});

test('nothing is put when the send fails, and the caller is told to try again', async () => {
  api.queue.before = () => { throw new Error('no connection'); };
  const { status, body, headers: answered } = await post({});
  expect(status).toBe(503);
  expect(body.error?.code).toBe('ServiceUnavailable');
  expect(answered['Retry-After']).toBe('1');
  expect(api.store.calls).toEqual([]);
  expect(api.metrics.counted).toEqual({});
});

test('after the send it is 202, also when the put fails', async () => {
  api.store.before = () => { throw new Error('throttled'); };
  const { status, body } = await post({});
  expect(status).toBe(202);
  expect(body.status).toBe('queued');
  expect(api.metrics.counted).toEqual({ JobsSubmitted: 1 });
});

test.each([['', {}], [' of a name', headers({ 'idempotency-key': 'order-7' })]])('a job%s is counted also when a worker was faster than the put', async (_, more) => {
  api.queue.before = (message) => api.store.records.set(message.job_id, { ...freshRecord(message), status: 'processing', run: 1, attempt: 1 });
  const { status, body } = await post({}, more);
  expect([status, body.status]).toEqual([202, 'processing']);
  expect(api.metrics.counted).toEqual({ JobsSubmitted: 1 });
});

describe('an idempotency key', () => {
  const twice = headers({ 'idempotency-key': 'order-7' });

  test('gives the same job for the same payload, whatever its spelling, and sends it once', async () => {
    const first = await api.submit({ body: '{"a":1,"b":2}', ...twice });
    const second = await api.submit({ body: '{ "b": 2, "a": 1 }', ...twice });
    expect(second).toEqual(first);
    expect(api.queue.sent).toHaveLength(1);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 1 });
  });

  test('counts its job once when two submissions meet', async () => {
    await post({}, twice);
    const record = api.store.only;
    api.store.records.clear();
    api.queue.before = () => api.store.records.set(record.job_id, { ...record, created_at: record.created_at - 1 });
    expect((await post({}, twice)).body.job_id).toBe(record.job_id);
    expect(api.metrics.counted).toEqual({ JobsSubmitted: 1 });
  });

  test('is a conflict for another payload', async () => {
    await post({ a: 1 }, twice);
    const { status, body } = await post({ a: 2 }, twice);
    expect([status, body.error?.code]).toEqual([409, 'Conflict']);
    expect(api.queue.sent).toHaveLength(1);
  });

  test('is a conflict for another payload also when the first record came between the read and the put', async () => {
    const { body: { job_id } } = await post({ a: 1 }, twice);
    const record = api.store.records.get(String(job_id))!;
    api.store.records.clear();
    api.queue.before = () => api.store.records.set(record.job_id, record);
    expect((await post({ a: 2 }, twice)).status).toBe(409);
  });

  test('is another owner\'s own', async () => {
    const first = await post({}, twice);
    const other = await post({}, { ...twice, requestContext: request('key2').requestContext });
    expect(other.body.job_id).not.toBe(first.body.job_id);
  });

  test.each(['', 'two words', 'x'.repeat(256), 'é'])('is refused when it is %j', async (key) => {
    expect((await post({}, headers({ 'Idempotency-Key': key }))).status).toBe(400);
    expect(api.queue.sent).toHaveLength(0);
  });
});

describe('what is no payload', () => {
  test.each<[string, object, number, string]>([
    ['no body', { body: null }, 400, 'BadRequest'],
    ['blanks', { body: '  ' }, 400, 'BadRequest'],
    ['no JSON', { body: '{"a":' }, 400, 'BadRequest'],
    ['nested without end', { body: '['.repeat(30_000) + ']'.repeat(30_000) }, 400, 'BadRequest'],
    ['nested too deep', { body: '{"a":'.repeat(101) + '1' + '}'.repeat(101) }, 400, 'BadRequest'],
    ['no UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), isBase64Encoded: true }, 400, 'BadRequest'],
    ['another type', { body: '{}', ...headers({ 'content-type': 'text/plain' }) }, 415, 'UnsupportedMediaType'],
    ['too much', { body: JSON.stringify('x'.repeat(65_535)) }, 413, 'PayloadTooLarge'],
    ['too much once it is written out', { body: `[${Array(20_000).fill('1e20').join()}]`.slice(0, 65_500).replace(/,[^,]*$/, ']') }, 413, 'PayloadTooLarge'],
    ['too much in base64', { body: Buffer.from(JSON.stringify('x'.repeat(65_535))).toString('base64'), isBase64Encoded: true }, 413, 'PayloadTooLarge'],
  ])('%s is refused', async (_what, event, status, code) => {
    const answer = await api.submit(event);
    expect([answer.status, answer.body.error?.code, answer.body.error?.correlation_id]).toEqual([status, code, 'request-1']);
    expect(api.queue.sent).toHaveLength(0);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/ld+json'])('%s is JSON', async (type) => {
    expect((await post({}, headers({ 'Content-Type': type }))).status).toBe(202);
  });

  test('exactly the limit is fine, and base64 is read', async () => {
    const body = JSON.stringify('x'.repeat(65_534));
    expect((await api.submit({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true })).status).toBe(202);
    expect(api.store.only.payload).toBe(body);
  });
});

test('a payload may be nested as deep as anybody needs', async () => {
  expect((await api.submit({ body: '{"a":'.repeat(100) + '1' + '}'.repeat(100) })).status).toBe(202);
});

test('when nobody can tell whether the key was used, the caller is told to try again', async () => {
  api.store.before = () => { throw new Error('throttled'); };
  const { status, body, headers: answered } = await post({}, headers({ 'Idempotency-Key': 'order-7' }));
  expect([status, body.error?.code, answered['Retry-After']]).toEqual([503, 'ServiceUnavailable', '1']);
  expect(JSON.stringify(body)).not.toContain('throttled');
  expect(api.log.of('the store did not answer')).toMatchObject({ error: { message: 'throttled' } });
  expect(api.queue.sent).toHaveLength(0);
});

test.each([
  ['/v1/process-drawing', '/v1/status/'], // the API's own address
  ['/process-drawing', '/status/'], // a domain of one's own
  ['/drawings/process-drawing', '/drawings/status/'], // … with a base path
  [undefined, '/v1/status/'],
])('a request to %s is answered with a location under %s', async (path, location) => {
  const { headers: answered, body } = await post({}, { requestContext: { ...request('key1').requestContext, path, resourcePath: '/process-drawing' } });
  expect(answered.Location).toBe(`${location}${String(body.job_id)}`);
});

test('an unknown caller is refused', async () => {
  const { status, body } = await post({}, { requestContext: request(null).requestContext });
  expect([status, body.error?.code]).toEqual([401, 'Unauthorized']);
});

test('what nobody expected is a 500 that tells nothing, and a log line that does', async () => {
  api.judge = () => { throw new Error('secret detail'); };
  const { status, body } = await post({});
  expect([status, body.error?.code]).toEqual([500, 'InternalError']);
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(api.log.of('unexpected error')).toMatchObject({ correlation_id: 'request-1' });
  expect(api.metrics.published).toBe(1);
});

test('no log line holds the payload or the idempotency key', async () => {
  await post({ card: '4111-1111' }, headers({ 'Idempotency-Key': 'very-private' }));
  await post({ card: '4111-2222' }, headers({ 'Idempotency-Key': 'very-private' }));
  expect(JSON.stringify(api.log.lines)).not.toMatch(/4111|very-private/);
});

describe('a correlation id', () => {
  test('is the caller\'s, through message, record, answer and log', async () => {
    const { headers: answered } = await post({}, headers({ 'x-correlation-id': 'order-7.a_b' }));
    expect(answered['X-Correlation-Id']).toBe('order-7.a_b');
    expect(api.queue.sent[0].message.correlation_id).toBe('order-7.a_b');
    expect(api.log.of('accepted')).toMatchObject({ correlation_id: 'order-7.a_b', job_id: api.store.only.job_id });
  });

  test.each(['', 'a b', 'x'.repeat(129), 'a\nb', '{"a":1}'])('is replaced when it is %j', async (id) => {
    expect((await post({}, headers({ 'X-Correlation-Id': id }))).headers['X-Correlation-Id']).toBe('request-1');
  });
});

describe('a payload that is too long for a record', () => {
  const long = { text: 'x'.repeat(70_000) };
  const keyOf = (job_id: unknown, payload: unknown) => jobKey('Jobs-1A2B3C', 'customer:acme', String(job_id), `payload-${payloadHash(payload)}`);
  const named = headers({ 'Idempotency-Key': 'order-7' });

  beforeEach(() => {
    api.files = new MemoryFiles();
  });

  test('is stored before it is sent, and record and message say where', async () => {
    const { objects, calls } = api.files!;
    api.queue.before = () => expect(objects.size).toBe(1);
    const { status, body } = await post(long);
    expect(status).toBe(202);
    const key = keyOf(body.job_id, long);
    expect([...objects]).toEqual([[key, JSON.stringify(long)]]);
    expect(api.store.only).toMatchObject({ payload: `s3:${key}`, payload_hash: payloadHash(long) });
    expect(api.queue.sent[0].message.payload).toBe(`s3:${key}`);
    expect([calls.length, api.queue.calls.length, api.store.calls.length]).toEqual([1, 1, 1]);
  });

  test('is known again, and not stored again', async () => {
    const first = await post(long, named);
    expect(await api.submit({ body: JSON.stringify(long, null, 1), ...named })).toEqual(first);
    expect(api.files!.calls).toEqual([`put ${keyOf(first.body.job_id, long)}`]);
    expect(api.store.calls).toEqual(['read', 'create', 'read']);
  });

  test('does not overwrite the one that its key was used for', async () => {
    const { body: { job_id } } = await post(long, named);
    const record = api.store.only;
    const other = { ...long, more: 1 };
    expect((await post(other, named)).status).toBe(409);
    // also when the record of the first comes between the read and the put
    api.store.records.clear();
    api.queue.before = () => api.store.records.set(record.job_id, record);
    expect((await post(other, named)).status).toBe(409);
    expect(api.files!.objects.get(keyOf(job_id, long))).toBe(JSON.stringify(long));
  });

  test('that cannot be stored is not sent, and the caller is told to try again', async () => {
    api.files!.before = () => { throw new Error('slow down'); };
    const { status, body, headers: answered } = await post(long);
    expect([status, body.error?.code, answered['Retry-After']]).toEqual([503, 'ServiceUnavailable', '1']);
    expect([api.queue.calls, api.store.calls, api.metrics.counted]).toEqual([[], [], {}]);
    expect(JSON.stringify(api.log.lines)).not.toContain('xxx');
  });

  test('has a limit, too', async () => {
    const { status, body } = await post('x'.repeat(4 * 1024 * 1024));
    expect(status).toBe(413);
    expect(body.error?.message).toBe('a payload has at most 4194304 bytes, not 4194306');
    expect(api.files!.calls).toEqual([]);
  });

  test('one that fits is not stored', async () => {
    expect((await post('x'.repeat(65_534))).status).toBe(202);
    expect(api.files!.calls).toEqual([]);
  });

  test('without a bucket is refused, and told what would take it', async () => {
    api.files = undefined;
    const { status, body } = await post(long);
    expect(status).toBe(413);
    expect(body.error?.message).toBe('a payload has at most 65536 bytes, not 70011: a pipeline that is given a bucket takes up to 4194304');
  });
});
