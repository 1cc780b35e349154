import { request } from './api-harness';
import { ApiError, Answer } from '../../../src/runtime/handlers/http/answer';
import { route } from '../../../src/runtime/handlers/http/route';
import { MemoryLog, MemoryMetrics, MemoryTrace } from '../../support/worker-harness';

const EVENT = { ...request('key1'), headers: { 'X-Correlation-Id': 'c-1' }, pathParameters: { job_id: 'anything' } };

async function traceOf(handle: () => Answer) {
  const trace = new MemoryTrace();
  const during: unknown[] = [];
  const handler = route(async () => {
    during.push(...trace.parts);
    return handle();
  }, { log: new MemoryLog(), metrics: new MemoryMetrics(), trace });
  await handler(EVENT);
  return { during, after: trace.parts };
}

test('the trace of a request has its correlation id from the beginning, and the job of its answer', async () => {
  const { during, after } = await traceOf(() => ({ status: 202, body: { job_id: 'job_1' } }));
  expect(during).toEqual([{ name: 'request', correlation_id: 'c-1', ended: false }]);
  expect(after).toEqual([{ name: 'request', correlation_id: 'c-1', job_id: 'job_1', ended: true }]);
});

test.each<[string, () => Answer]>([
  ['refused', () => { throw new ApiError(404, 'NotFound', 'no such job'); }],
  ['broken', () => { throw new Error('broken'); }],
  ['answered with several', () => ({ status: 200, body: { jobs: [{ job_id: 'job_1' }] } })],
  ['answered with nothing', () => ({ status: 204, body: undefined })],
])('one that is %s has no job, whatever was asked for', async (_, handle) => {
  const { after } = await traceOf(handle);
  expect(after).toEqual([{ name: 'request', correlation_id: 'c-1', job_id: undefined, ended: true }]);
});
