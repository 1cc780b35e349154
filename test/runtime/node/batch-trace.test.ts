import { processBatch } from '../../../src/runtime/node/batch';
import { ended, message, record } from '../../support/job-fixtures';
import { jobRecord, lambdaContext, sqsRecord, WorkerHarness } from '../../support/worker-harness';

const { job_id } = message();

describe('the trace of a job', () => {
  test('has its ids from the beginning, and its outcome at the end', async () => {
    const during: unknown[] = [];
    const worker = new WorkerHarness(async () => { during.push(...worker.trace.parts); });
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    const ids = { name: 'job', job_id, correlation_id: 'correlation-1' };
    expect(during).toEqual([{ ...ids, ended: false }]);
    expect(worker.trace.parts).toEqual([{ ...ids, ended: true, outcome: 'succeeded' }]);
  });

  test('has the outcome of a delivery without an attempt', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, ended('succeeded'));
    await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts);
    expect(worker.trace.parts).toMatchObject([{ ended: true, outcome: 'already_ended' }]);
  });

  test('knows what is no job by the id of its record', async () => {
    const worker = new WorkerHarness();
    await processBatch([sqsRecord('no job')], lambdaContext(), worker.parts);
    expect(worker.trace.parts).toMatchObject([{ job_id: worker.store.only.job_id, correlation_id: 'message-1', outcome: 'rejected' }]);
  });

  test('ends without an outcome when nobody knows it', async () => {
    const worker = new WorkerHarness();
    worker.store.before = (call) => { if (call === 'update') throw new Error('throttled'); };
    await processBatch([jobRecord()], lambdaContext(() => 1), worker.parts);
    expect(worker.trace.parts).toEqual([{ name: 'job', job_id, correlation_id: 'correlation-1', outcome: undefined, ended: true }]);
  });
});

describe('a library\'s own way to run a job', () => {
  test('takes the handler\'s place, and knows the record', async () => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    worker.store.records.set(job_id, record());
    worker.parts = { ...worker.parts, runJob: async (job, { run, owner }) => ({ id: job.id, run, owner }) };
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    expect(JSON.parse(worker.store.only.result!)).toEqual({ id: job_id, run: 1, owner: 'customer:acme' });
    expect(handler).not.toHaveBeenCalled();
  });

  test('that needs more time than is left does not begin the next job of a batch', async () => {
    const runJob = jest.fn(async () => undefined);
    const worker = new WorkerHarness();
    const second = jobRecord({ job_id: 'job_01HZZZZZZZZZZZZZZZZZZZZZZY' }, { messageId: 'message-2', receiptHandle: 'receipt-2' });
    const run = async (neededMs?: number) => processBatch([jobRecord(), second], lambdaContext(), { ...worker.parts, runJob, neededMs });
    expect(await run(60_000)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }] });
    expect(runJob).toHaveBeenCalledTimes(1);
    expect(await run()).toEqual({ batchItemFailures: [] });
    expect(runJob).toHaveBeenCalledTimes(2);
  });
});
