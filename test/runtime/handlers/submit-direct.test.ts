import { ApiHarness } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { idempotentJobId, JOB_ID_PATTERN } from '../../../src/runtime/protocol/job-id';
import { MemoryFiles } from '../../support/memory-files';

let api: ApiHarness;
beforeEach(() => {
  api = new ApiHarness();
});

test('a job is accepted from whoever may invoke the function', async () => {
  const answer = await api.direct({ payload: { a: 1 } });
  expect(answer).toEqual({ job_id: expect.stringMatching(JOB_ID_PATTERN), status: 'queued' });
  expect(api.store.only).toMatchObject({ ...answer, owner: 'internal', payload: '{"a":1}', correlation_id: 'invocation-1' });
  expect(api.queue.calls).toEqual([1]);
  expect(api.metrics).toMatchObject({ counted: { JobsSubmitted: 1 }, published: 1 });
});

test('for the owner and under the names that it says', async () => {
  const asked = { payload: 1, owner: 'customer:acme', idempotency_key: 'order-1', correlation_id: 'order-1.a' };
  const first = await api.direct(asked);
  expect(api.store.only).toMatchObject({ job_id: idempotentJobId('customer:acme', 'order-1'), owner: 'customer:acme', correlation_id: 'order-1.a' });
  expect(await api.direct(asked)).toEqual(first);
  expect(api.queue.calls).toEqual([1]);
  expect((await api.submit({ body: '1', headers: { 'Idempotency-Key': 'order-1' } })).body).toEqual(first);
});

test.each([null, false, 0, '', []])('%j is a payload', async (payload) => {
  await api.direct({ payload });
  expect(api.store.only.payload).toBe(JSON.stringify(payload));
});

test('another payload under the same key is a Conflict', async () => {
  await api.direct({ payload: 1, idempotency_key: 'a' });
  await expect(api.direct({ payload: 2, idempotency_key: 'a' })).rejects.toMatchObject({ name: 'Conflict' });
});

test.each<[string, unknown, string, string]>([
  ['nothing', null, 'BadRequest', '"payload" is missing'],
  ['no payload', { owner: 'a' }, 'BadRequest', '"payload" is missing'],
  ['a wrong name', { payload: 1, idempotencyKey: 'a' }, 'BadRequest', 'and not idempotencyKey'],
  ['a key that is no text', { payload: 1, idempotency_key: 7 }, 'BadRequest', '"idempotency_key" is a text'],
  ['a key with blanks', { payload: 1, idempotency_key: 'two words' }, 'BadRequest', '1 to 255 printable characters'],
  ['no owner', { payload: 1, owner: '' }, 'BadRequest', '"owner" is a text'],
  ['the system', { payload: 1, owner: 'system' }, 'BadRequest', '"system" owns what was found on the queue'],
  ['too much', { payload: 'x'.repeat(65_535) }, 'PayloadTooLarge', 'at most 65536 bytes'],
])('%s is refused by its code', async (_what, event, name, message) => {
  await expect(api.direct(event)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  expect(api.queue.calls).toEqual([]);
  expect(api.metrics.published).toBe(1);
});

test('the schema is judged', async () => {
  api.judge = () => { throw new ApiError(400, 'InvalidPayload', 'the payload /url must be string'); };
  await expect(api.direct({ payload: {} })).rejects.toMatchObject({ name: 'InvalidPayload', message: 'the payload /url must be string' });
});

test('a queue that does not answer is a ServiceUnavailable', async () => {
  api.queue.before = () => { throw new Error('no connection'); };
  await expect(api.direct({ payload: 1 })).rejects.toMatchObject({ name: 'ServiceUnavailable' });
});

test('a long payload goes into the bucket', async () => {
  api.files = new MemoryFiles();
  await api.direct({ payload: 'x'.repeat(70_000) });
  expect(api.files.calls).toHaveLength(1);
});
