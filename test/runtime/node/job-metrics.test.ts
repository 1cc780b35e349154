import { processBatch } from '../../../src/runtime/node/batch';
import { message, NOW, processing } from '../../support/job-fixtures';
import { jobRecord, lambdaContext, WorkerHarness } from '../../support/worker-harness';

const { job_id } = message();

test.each<[string, () => Promise<unknown>, number]>([
  ['succeeds', async () => 'done', 0],
  ['is tried again', async () => { throw new Error('broken'); }, 1],
  ['asks to be called later', async () => { throw Object.assign(new Error('later'), { name: 'RetryLater', seconds: 5 }); }, 0],
])('an attempt that %s is a failure of its version or not', async (_, handler, failures) => {
  const worker = new WorkerHarness(handler);
  await processBatch([jobRecord()], lambdaContext(), worker.parts);
  expect(worker.metrics.versionFailures).toBe(failures);
});

test('a lost attempt is counted before the next one begins, which may be lost as well', async () => {
  const published: number[] = [];
  const worker: WorkerHarness = new WorkerHarness(async () => { published.push(worker.metrics.published); });
  worker.store.records.set(job_id, processing({ lease_expires_at: NOW }));
  await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts);
  expect(worker.metrics.counted).toMatchObject({ JobsRetried: 1, JobsSucceeded: 1 });
  expect(published).toEqual([1]);
});
