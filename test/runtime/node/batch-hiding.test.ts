import { setImmediate as settled, setTimeout as until } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { processBatch } from '../../../src/runtime/node/batch';
import { ended, message, NOW, processing } from '../../support/job-fixtures';
import { jobRecord, lambdaContext, WorkerHarness } from '../../support/worker-harness';

const { job_id } = message();

/** A worker whose queue takes its time to hide the messages of the batch: how far it came by then, and where it ended. */
async function slowlyHidden(worker: WorkerHarness, records: readonly SQSRecord[], context = lambdaContext()) {
  let hide = () => {};
  const { visibility } = worker.parts;
  let isFirst = true;
  const hideAll: typeof visibility.hideAll = async (receipts, ms) => {
    const wait = isFirst;
    isFirst = false;
    await (wait && new Promise<void>((done) => { hide = done; }));
    return visibility.hideAll(receipts, ms);
  };
  worker.parts = { ...worker.parts, visibility: { ...visibility, hideAll } };
  const done = jest.fn();
  const batch = processBatch(records, context, worker.parts).then(done);
  await settled();
  const before = { calls: [...worker.store.calls], hidden: worker.hidden.length, lines: worker.log.lines.length, answered: done.mock.calls.length };
  hide();
  await batch;
  return before;
}

/** The queue does not answer. @returns makes it answer */
function silence(worker: WorkerHarness): () => void {
  let hide = () => {};
  const hideAll = async () => new Promise<number>((done) => { hide = () => done(0); });
  worker.parts = { ...worker.parts, visibility: { ...worker.parts.visibility, hideAll } };
  return () => hide();
}

test('a job is claimed while its message is being hidden, and runs when it is', async () => {
  const handler = jest.fn(async () => undefined);
  const worker = new WorkerHarness(handler);
  const before = await slowlyHidden(worker, [jobRecord()]);
  expect(before).toEqual({ calls: ['create'], hidden: 0, lines: 0, answered: 0 });
  expect(handler).toHaveBeenCalledTimes(1);
  expect(worker.store.only).toMatchObject({ status: 'succeeded' });
});

test('of a queue that is silent a job that is charged waits a second, and the answer for its message waits for it', async () => {
  const started = performance.now();
  let ran = 0;
  const worker = new WorkerHarness(async () => { ran = performance.now() - started; });
  const hide = silence(worker);
  const done = jest.fn();
  const batch = processBatch([jobRecord()], lambdaContext(), worker.parts).then(done);
  await until(1_300);
  expect(ran).toBeGreaterThan(950);
  expect(ran).toBeLessThan(1_250);
  expect(worker.store.only).toMatchObject({ status: 'succeeded' });
  expect(done).not.toHaveBeenCalled();
  hide();
  await batch;
  expect(done).toHaveBeenCalledWith({ batchItemFailures: [] });
});

test('and so does the pause of one that failed', async () => {
  const worker = new WorkerHarness(async () => { throw new Error('not now'); });
  const hide = silence(worker);
  const batch = processBatch([jobRecord()], lambdaContext(), worker.parts);
  await until(1_300);
  expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 1 });
  expect(worker.hidden).toEqual([]);
  hide();
  await batch;
  expect(worker.hidden).toHaveLength(1);
});

test('a message under a live lease is hidden for that only after it was hidden for the time that is left', async () => {
  const worker = new WorkerHarness();
  worker.store.records.set(job_id, processing({ lease_expires_at: NOW + 30_000 }));
  const before = await slowlyHidden(worker, [jobRecord()]);
  expect(before).toMatchObject({ hidden: 0, answered: 0 });
  expect(worker.hidden.map(({ ms }) => ms)).toEqual([64_000, 32_000]);
});

test('so is one that could not be judged', async () => {
  const worker = new WorkerHarness();
  worker.store.before = () => { throw new Error('throttled'); };
  expect(await slowlyHidden(worker, [jobRecord()])).toMatchObject({ hidden: 0, answered: 0 });
  expect(worker.hidden.map(({ ms }) => ms)).toEqual([64_000, 10_000]);
});

test('one that is done with is not answered for before: it would be deleted, and then hidden', async () => {
  const worker = new WorkerHarness();
  worker.store.records.set(job_id, ended('succeeded'));
  expect(await slowlyHidden(worker, [jobRecord({}, { receiveCount: 2 })])).toMatchObject({ lines: 1, answered: 0 });
  expect(worker.hidden).toHaveLength(1);
});

test('nor are those that are left for another worker shown again before', async () => {
  const worker = new WorkerHarness();
  worker.store.records.set(job_id, ended('succeeded'));
  let left = 60_000;
  const read = worker.store.read.bind(worker.store);
  worker.store.read = async (id) => {
    left = 100;
    return read(id);
  };
  const second = jobRecord({}, { messageId: 'message-2', receiptHandle: 'receipt-2' });
  await slowlyHidden(worker, [jobRecord({}, { receiveCount: 2 }), second], lambdaContext(() => left));
  expect(worker.hidden).toEqual([{ receipts: ['receipt-1', 'receipt-2'], ms: 64_000 }, { receipts: ['receipt-2'], ms: 0 }]);
});
