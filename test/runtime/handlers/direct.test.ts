import { request } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { apiOrDirect, direct, type DirectRequest, ownerField, takesOnly } from '../../../src/runtime/handlers/http/direct';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

const CONTEXT = { awsRequestId: 'invocation-1' };
let log: MemoryLog;
let metrics: MemoryMetrics;

beforeEach(() => {
  log = new MemoryLog();
  metrics = new MemoryMetrics();
});

const call = async (event: unknown, handle: (request: DirectRequest) => Promise<object>) => direct(handle, { log, metrics })(event, CONTEXT);

test('what is answered is answered as it is, and metrics are written', async () => {
  expect(await call({ job_id: 'x' }, async ({ fields }) => ({ got: fields.job_id }))).toEqual({ got: 'x' });
  expect(metrics.published).toBe(1);
});

test('a refusal is thrown by its code', async () => {
  const refusal = call({}, async () => { throw new ApiError(404, 'NotFound', 'no such job'); });
  await expect(refusal).rejects.toMatchObject({ name: 'NotFound', message: 'no such job' });
  expect(log.of('refused')).toEqual({ correlation_id: 'invocation-1', status: 404, code: 'NotFound' });
  expect(metrics.published).toBe(1);
});

test('what nobody expected tells nothing, and a log line tells all', async () => {
  const failure = call({}, async () => { throw new Error('secret'); });
  await expect(failure).rejects.toMatchObject({ name: 'InternalError', message: 'something went wrong on our side' });
  expect(log.of('unexpected error')).toMatchObject({ error: { message: 'secret' } });
});

test.each([
  ['order-7', 'order-7'],
  ['a b', 'invocation-1'],
  [7, 'invocation-1'],
  [undefined, 'invocation-1'],
])('a correlation id of %j is %s', async (correlation_id, wanted) => {
  expect(await call({ correlation_id }, async (given) => ({ is: given.correlation_id }))).toEqual({ is: wanted });
});

test.each([undefined, null, 'text', 7, ['a']])('%j has no fields', async (event) => {
  expect(await call(event, async ({ fields }) => fields)).toEqual({});
});

test('fields that nobody reads are refused by their names', async () => {
  const asked = async (event: object) => call(event, async (given) => {
    takesOnly(given, ['job_id', 'owner']);
    return {};
  });
  expect(await asked({ owner: 'a' })).toEqual({});
  await expect(asked({ ownr: 'a', job: 1 })).rejects.toMatchObject({ name: 'BadRequest', message: 'the call takes job_id, owner, and not ownr, job' });
});

test('an owner is a text that is not too long', async () => {
  const asked = async (owner: unknown) => call({ owner }, async (given) => ({ owner: ownerField(given) }));
  expect(await asked('x'.repeat(1_024))).toEqual({ owner: 'x'.repeat(1_024) });
  expect(await asked(undefined)).toEqual({ owner: undefined });
  for (const owner of ['', 'é'.repeat(513), 7, null]) {
    await expect(asked(owner)).rejects.toMatchObject({ name: 'BadRequest' });
  }
});

test('what comes from the API is the API\'s, and all else is a direct call', async () => {
  const handler = apiOrDirect(async () => ({ statusCode: 200, body: 'api' }), async () => ({ by: 'invocation' }));
  expect(await handler(request('key1'), CONTEXT)).toEqual({ statusCode: 200, body: 'api' });
  expect(await handler({ job_id: 'x' }, CONTEXT)).toEqual({ by: 'invocation' });
  expect(await handler(null, CONTEXT)).toEqual({ by: 'invocation' });
});
