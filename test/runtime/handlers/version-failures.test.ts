import { request } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { direct } from '../../../src/runtime/handlers/http/direct';
import { route } from '../../../src/runtime/handlers/http/route';
import { MemoryLog } from '../../support/worker-harness';

/* A deployment is rolled back for what a new version answers with a 5xx, and for nothing that its callers did wrong. */

const CASES: [string, () => Promise<never>, number][] = [
  ['a 503', async () => { throw new ApiError(503, 'ServiceUnavailable', 'later'); }, 1],
  ['what nobody expected', async () => { throw new Error('broken'); }, 1],
  ['a 404', async () => { throw new ApiError(404, 'NotFound', 'no such job'); }, 0],
];

function counted() {
  const metrics = { failures: 0, publish: () => undefined, versionFailed: () => { metrics.failures++; } };
  return metrics;
}

test.each(CASES)('%s of the API', async (_, handle, failures) => {
  const metrics = counted();
  await route(handle, { log: new MemoryLog(), metrics })(request('key1'));
  expect(metrics.failures).toBe(failures);
});

test.each(CASES)('%s of a direct call', async (_, handle, failures) => {
  const metrics = counted();
  await expect(direct(handle, { log: new MemoryLog(), metrics })({}, { awsRequestId: 'request-1' })).rejects.toThrow();
  expect(metrics.failures).toBe(failures);
});
