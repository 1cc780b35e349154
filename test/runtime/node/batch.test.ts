import type { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { processBatch } from '../../../src/runtime/node/batch';
import { Job } from '../../../src/runtime/node/types';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';
import { jobRecord, lambdaContext, sqsRecord, WorkerHarness } from '../../support/worker-harness';

const { job_id } = message();
const ACKNOWLEDGED = { batchItemFailures: [] };
const KEPT = { batchItemFailures: [{ itemIdentifier: 'message-1' }] };

describe('a job', () => {
  test('succeeds with two writes and one change of visibility', async () => {
    const worker = new WorkerHarness(async (job) => ({ pages: 3, from: (job as Job).payload }));
    worker.store.records.set(job_id, record());

    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);

    expect(worker.store.calls).toEqual(['create', 'update']);
    expect(worker.hidden).toEqual([{ receipts: ['receipt-1'], ms: 64_000 }]);
    expect(worker.store.only).toMatchObject({
      status: 'succeeded', attempt: 1, run: 1, progress: 1, result: '{"pages":3,"from":{"drawing":"a.pdf"}}', expires_at: expect.any(Number),
    });
    expect(worker.metrics.counted).toEqual({ JobsSucceeded: 1, JobDuration: 0, QueueWait: 1_000 });
    expect(worker.metrics.published).toBe(1);
  });

  test('runs once and is counted, though the answer to each of its writes is lost and the SDK sends them again', async () => {
    const handler = jest.fn(async () => 'done');
    const worker = new WorkerHarness(handler);
    const { client, items } = new FakeDynamoDb();
    const send = async (command: GetItemCommand) => client.send(command).then(async () => client.send(command));
    worker.parts = { ...worker.parts, store: new DynamoDbJobStore({ send } as typeof client, 'jobs') };

    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);

    expect(handler).toHaveBeenCalledTimes(1);
    expect(items.get(job_id)).toMatchObject({ status: { S: 'succeeded' }, run: { N: '1' } });
    expect(worker.metrics.counted).toMatchObject({ JobsSucceeded: 1 });
  });

  test('whose submission never wrote its record succeeds all the same', async () => {
    const worker = new WorkerHarness();
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'succeeded' });
    expect(worker.store.only).not.toHaveProperty('result');
  });

  test('that throws is hidden for its backoff and kept', async () => {
    const worker = new WorkerHarness(() => { throw new TypeError('broken'); });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(KEPT);
    expect(worker.store.only).toMatchObject({
      status: 'queued', attempt: 1, not_before: NOW + 10_000, error: { type: 'TypeError', message: 'broken', attempt: 1 },
    });
    expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms: 10_000 });
    expect(worker.metrics.counted).toMatchObject({ JobsRetried: 1 });
    expect(worker.metrics.counted).not.toHaveProperty('JobsFailed');
  });

  test('that throws for the last time fails', async () => {
    const worker = new WorkerHarness(async () => { throw new Error('broken'); });
    worker.store.records.set(job_id, record({ run: 2, attempt: 2 }));
    expect(await processBatch([jobRecord({}, { receiveCount: 3 })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'failed', attempt: 3, error: { message: 'broken', attempt: 3 } });
    expect(worker.metrics.counted).toMatchObject({ JobsFailed: 1, JobsDeadLettered: 1 });
    expect(worker.metrics.causes).toEqual({ attempts: 1 });
  });

  test('that throws past its deadline is given up because of that', async () => {
    const worker: WorkerHarness = new WorkerHarness(async () => {
      worker.now = NOW + 4_000_000;
      throw new Error('broken');
    });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.metrics.causes).toEqual({ deadline: 1 });
  });

  test('that comes past its deadline is given up because of that', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, record({ deadline_at: NOW }));
    expect(await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.metrics.counted).toEqual({ JobsFailed: 1, JobsDeadLettered: 1 });
    expect(worker.metrics.causes).toEqual({ deadline: 1 });
  });

  test('that says so fails at once, and the system did not give it up', async () => {
    const worker = new WorkerHarness(async (job) => { throw (job as Job).failed('not a drawing', 'UnreadableDrawing'); });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'failed', error: { type: 'UnreadableDrawing', message: 'not a drawing' } });
    expect(worker.metrics.counted).toMatchObject({ JobsFailed: 1 });
    expect(worker.metrics.counted).not.toHaveProperty('JobsDeadLettered');
  });

  test('that stops because it is to be cancelled ends so, and is counted', async () => {
    const worker = new WorkerHarness(async (job) => {
      worker.store.records.set(job_id, { ...worker.store.only, cancel_requested: true });
      await (job as Job).setProgress(0.5);
      throw (job as Job).cancelled();
    });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'cancelled' });
    expect(worker.metrics.counted).toMatchObject({ JobsCancelled: 1 });
  });

  test('whose attempt was lost and that is to be cancelled never starts again, and is counted', async () => {
    const worker = new WorkerHarness(async () => { throw new Error('not to be called'); });
    worker.store.records.set(job_id, processing({ cancel_requested: true, lease_expires_at: NOW - 1 }));
    expect(await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'cancelled', run: 1 });
    expect(worker.metrics.counted).toEqual({ JobsCancelled: 1 });
  });

  test('that asks to be called later is sent anew and not charged', async () => {
    const worker = new WorkerHarness(async (job) => { throw (job as Job).retryLater(1_200); });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 0, not_before: NOW + 1_200_000 });
    expect(worker.queue.sent).toMatchObject([{ message: { job_id }, delay_ms: 900_000 }]);
    expect(worker.metrics.counted).toMatchObject({ JobsDeferred: 1 });
  });

  test('past its deadline that asks to be called later is given up', async () => {
    const worker = new WorkerHarness(async (job) => {
      worker.now = NOW + 4_000_000;
      throw (job as Job).retryLater(1);
    });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'failed', error: { type: 'DeadlineExceeded' } });
    expect(worker.metrics.counted).toMatchObject({ JobsFailed: 1, JobsDeadLettered: 1 });
    expect(worker.metrics.causes).toEqual({ deadline: 1 });
  });

  test('goes on from its checkpoint', async () => {
    const seen: unknown[] = [];
    const worker = new WorkerHarness(async (job) => {
      const { checkpoint, attempt, maxAttempts, stagesCompleted, correlationId, id } = job as Job;
      seen.push({ checkpoint, attempt, maxAttempts, stagesCompleted, correlationId, id });
    });
    worker.store.records.set(job_id, record({ run: 1, attempt: 1, checkpoint: '{"page":2}', checkpoint_run: 1, stages_completed: ['read'] }));
    await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts);
    expect(seen).toEqual([{
      checkpoint: { page: 2 }, attempt: 2, maxAttempts: 3, stagesCompleted: ['read'], correlationId: 'correlation-1', id: job_id,
    }]);
    expect(worker.store.calls).toEqual(['read', 'update', 'update']);
  });

  test('whose attempt before was lost is counted as retried', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, processing({ lease_expires_at: NOW }));
    await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts);
    expect(worker.metrics.counted).toMatchObject({ JobsRetried: 1, JobsSucceeded: 1 });
    expect(worker.metrics.counted).not.toHaveProperty('QueueWait');
  });

  test('whose lost attempt had come forward is sent anew', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, processing({ lease_expires_at: NOW, checkpoint: '1', checkpoint_run: 1 }));
    expect(await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.queue.sent).toHaveLength(1);
    expect(worker.metrics.counted).toEqual({ JobsRetried: 1 });
  });

  test('that has used up its attempts without a word fails', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, processing({ lease_expires_at: NOW, attempt: 3 }));
    expect(await processBatch([jobRecord({}, { receiveCount: 4 })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.store.only).toMatchObject({ status: 'failed', error: { type: 'WorkerLost' } });
    expect(worker.metrics.counted).toEqual({ JobsFailed: 1, JobsDeadLettered: 1 });
    expect(worker.metrics.causes).toEqual({ attempts: 1 });
    expect(worker.log.of('no attempt')).toMatchObject({ outcome: 'exhausted', job_status: 'failed', error_type: 'WorkerLost' });
  });

  test('that ended before is acknowledged and not run', async () => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    worker.store.records.set(job_id, ended('succeeded'));
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(handler).not.toHaveBeenCalled();
    expect(worker.log.of('no attempt')).toMatchObject({ outcome: 'already_ended', job_status: 'succeeded' });
    expect(worker.metrics.counted).toEqual({});
  });

  test('that runs elsewhere is hidden until its lease is over', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, processing({ lease_expires_at: NOW + 30_000 }));
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(KEPT);
    expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms: 32_000 });
  });

  test('that another attempt took over ends without a trace', async () => {
    const worker = new WorkerHarness(async () => { worker.store.records.set(job_id, processing({ run: 2 })); });
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(KEPT);
    expect(worker.store.only).toMatchObject({ status: 'processing', run: 2 });
    expect(worker.log.of('attempt ended')).toMatchObject({ outcome: 'fenced', now: 'processing' });
    expect(worker.metrics.counted).toEqual({ QueueWait: 1_000 });
  });

  test('that is retried by its owner is read first', async () => {
    const worker = new WorkerHarness();
    worker.store.records.set(job_id, ended('failed'));
    await processBatch([jobRecord({ generation: 1 })], lambdaContext(), worker.parts);
    expect(worker.store.calls).toEqual(['read', 'update', 'update']);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', generation: 1 });
  });
});

describe('what is no job', () => {
  test.each([
    ['hello', 'the body is not JSON'],
    ['{"job_id":"x"}', 'of the wrong type: owner'],
    [JSON.stringify(message({ payload: '{broken' })), 'the payload is not JSON'],
  ])('%s is kept as a failed record', async (body, reason) => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    for (let delivery = 1; delivery <= 2; delivery++) {
      expect(await processBatch([sqsRecord(body, { receiveCount: delivery })], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    }
    expect(worker.store.only).toMatchObject({
      status: 'failed', owner: 'system', payload: JSON.stringify(body), error: { type: 'InvalidMessage', message: expect.stringContaining(reason) },
    });
    expect(worker.metrics.counted).toEqual({ JobsFailed: 1 });
    expect(worker.log.lines[0]).toMatchObject({ level: 'error', message: 'no attempt', fields: { outcome: 'rejected' } });
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('a batch', () => {
  const three = [1, 2, 3].map((index) => jobRecord(
    { job_id: `job_${index}` }, { messageId: `message-${index}`, receiptHandle: `receipt-${index}` },
  ));

  test('runs one after the other and is hidden once', async () => {
    const running: string[] = [];
    const worker = new WorkerHarness(async (job) => {
      const { id } = job as Job;
      running.push(`${id} starts`);
      expect(worker.store.records.has('job_3')).toBe(id === 'job_3'); // claimed just before it runs
      await new Promise((resolve) => setImmediate(resolve));
      running.push(`${id} ends`);
      if (id === 'job_2') throw new Error('broken');
    });
    expect(await processBatch(three, lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }] });
    expect(running).toEqual([1, 2, 3].flatMap((index) => [`job_${index} starts`, `job_${index} ends`]));
    expect(worker.hidden).toEqual([
      { receipts: ['receipt-1', 'receipt-2', 'receipt-3'], ms: 64_000 },
      { receipts: ['receipt-2'], ms: 10_000 },
    ]);
  });

  test('is left for another worker when the time would not do for one more', async () => {
    let remaining = 60_000;
    const worker = new WorkerHarness(async () => {
      worker.now += 20_000;
      remaining -= 20_000;
    });
    // 40 s are left after the first, enough for 20 s and the shutdown's 5; 20 s after the second are not
    expect(await processBatch(three, lambdaContext(() => remaining), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-3' }] });
    expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-3'], ms: 0 });
    expect(worker.store.records.has('job_3')).toBe(false);
  });

  test('whose first has little time is begun all the same', async () => {
    const worker = new WorkerHarness();
    expect(await processBatch([jobRecord()], lambdaContext(() => 100), worker.parts)).toEqual(ACKNOWLEDGED);
  });

  test('goes on when its visibility cannot be changed', async () => {
    const worker = new WorkerHarness();
    worker.parts = { ...worker.parts, visibility: { ...worker.parts.visibility, hideAll: async () => { throw new Error('throttled'); } } };
    expect(await processBatch(three, lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.log.of('the batch kept its visibility')).toMatchObject({ error: { message: 'throttled' } });

    worker.parts = { ...worker.parts, visibility: { ...worker.parts.visibility, hideAll: async () => 2 } };
    await processBatch(three, lambdaContext(), worker.parts);
    expect(worker.log.of('messages of the batch kept their visibility')).toMatchObject({ messages: 2 });
  });
});

describe('when the store does not answer', () => {
  test('nothing is run, and the message comes back later each time', async () => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    worker.store.before = () => { throw new Error('throttled'); };
    for (const [receiveCount, ms] of [[1, 10_000], [2, 20_000], [3, 40_000]]) {
      expect(await processBatch([jobRecord({}, { receiveCount })], lambdaContext(), worker.parts)).toEqual(KEPT);
      expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms });
    }
    expect(handler).not.toHaveBeenCalled();
    expect(worker.sentAgain).toEqual([]);
    expect(worker.log.of('the delivery could not be judged')).toMatchObject({ job_id, error: { message: expect.stringContaining('throttled') } });
  });

  test('a message that came often is sent again as it came, so that the queue never gives it up', async () => {
    const worker = new WorkerHarness();
    worker.store.before = () => { throw new Error('throttled'); };
    const often = jobRecord({}, { receiveCount: 4 });
    expect(await processBatch([often], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.sentAgain).toEqual([{ body: often.body, delay_ms: 900_000 }]);
    expect(worker.hidden).toEqual([{ receipts: ['receipt-1'], ms: 64_000 }]); // that of the batch
    expect(worker.metrics.counted).toEqual({});
  });

  test('one that cannot be sent again is kept', async () => {
    const worker = new WorkerHarness();
    worker.store.before = () => { throw new Error('throttled'); };
    worker.parts.queue.sendAgain = async () => { throw new Error('down'); };
    expect(await processBatch([jobRecord({}, { receiveCount: 4 })], lambdaContext(), worker.parts)).toEqual(KEPT);
    expect(worker.log.of('the message stays hidden until the end of this function\'s time')).toMatchObject({ error: { message: 'down' } });
  });

  test('nor the queue', async () => {
    const worker = new WorkerHarness();
    worker.store.before = () => { throw new Error('throttled'); };
    worker.parts = { ...worker.parts, visibility: { ...worker.parts.visibility, hide: async () => { throw new Error('down'); } } };
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(KEPT);
    expect(worker.log.of('the message stays hidden until the end of this function\'s time')).toMatchObject({ error: { message: 'down' } });
  });
});

describe('log lines', () => {
  test('carry the ids, the first one all about the job, the last one what it cost and on whose behalf, and never the payload', async () => {
    const worker = new WorkerHarness(async (job) => (job as Job).log.info('hello', { page: 1 }));
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    expect(worker.log.lines.map((line) => line.message)).toEqual(['attempt started', 'hello', 'attempt ended']);
    const ids = { function_request_id: 'request-1', job_id, correlation_id: 'correlation-1', attempt: 1 };
    expect(worker.log.lines.map((line) => line.fields)).toEqual([
      { ...ids, owner: 'customer:acme', generation: 0, run: 1 },
      { ...ids, page: 1 },
      { ...ids, outcome: 'succeeded', owner: 'customer:acme', duration_ms: 0, memory_mb: 1024 },
    ]);
    expect(JSON.stringify(worker.log.lines)).not.toContain('a.pdf');
  });

  test.each([
    ['an attempt', 'attempt started', () => {}],
    ['a delivery that cannot be judged', 'the delivery could not be judged', () => { throw new Error('throttled'); }],
  ])('say of %s whose job it is, and how often it was received', async (_, line, before) => {
    const worker = new WorkerHarness();
    worker.store.before = before;
    await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts);
    expect(worker.log.of(line)).toMatchObject({ job_id, owner: 'customer:acme', generation: 0, receive_count: 2 });
  });

  test('name the error of an attempt', async () => {
    const error = new Error('broken');
    const worker = new WorkerHarness(async () => { throw error; });
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    expect(worker.log.lines.at(-1)).toMatchObject({
      level: 'warn', message: 'attempt ended', fields: { outcome: 'retrying', error_type: 'Error', error_message: 'broken', error },
    });
  });

  test('say so when metrics cannot be published', async () => {
    const worker = new WorkerHarness();
    worker.metrics.publish = () => { throw new Error('collision'); };
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.log.of('metrics were not published')).toMatchObject({ error: { message: 'collision' } });
  });
});

describe('a rolling deployment', () => {
  test.each([[1, 10_000], [3, 40_000]])('a message of a newer version, received %p times, is hidden for %p ms and neither run nor rejected', async (receiveCount, ms) => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    const newer = sqsRecord(JSON.stringify({ version: 2, what: 'is to come' }), { receiveCount });
    expect(await processBatch([newer], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms });
    expect(worker.store.calls).toEqual([]);
    expect(handler).not.toHaveBeenCalled();
    expect(worker.log.of('the job is of a newer version than this worker: left for a newer one')).toMatchObject({ version: 2, message_id: 'message-1' });
    expect(worker.metrics.counted).toEqual({});
  });

  test('one that came often waits outside of the queue\'s count of receives', async () => {
    const worker = new WorkerHarness();
    const newer = sqsRecord(JSON.stringify({ version: 2, what: 'is to come' }), { receiveCount: 7 });
    expect(await processBatch([newer], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.sentAgain).toEqual([{ body: newer.body, delay_ms: 900_000 }]);

    const stored = record({ version: 2, run: 1 });
    worker.store.records.set(stored.job_id, stored);
    const known = jobRecord({}, { receiveCount: 4 });
    expect(await processBatch([known], lambdaContext(), worker.parts)).toEqual(ACKNOWLEDGED);
    expect(worker.sentAgain.at(-1)).toEqual({ body: known.body, delay_ms: 900_000 });
    expect(worker.store.only).toEqual(stored);
  });

  test.each([1, 2])('a record of a newer version is left, received %p times', async (receiveCount) => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    const stored = record({ version: 2, run: 1 }); // nobody but a newer worker can have made it so
    worker.store.records.set(stored.job_id, stored);
    expect(await processBatch([jobRecord({}, { receiveCount })], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(worker.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms: 5_000 * 2 ** receiveCount });
    expect(worker.store.only).toEqual(stored);
    expect(handler).not.toHaveBeenCalled();
    expect(worker.log.of('the job is of a newer version than this worker: left for a newer one')).toMatchObject({ version: 2, job_id: stored.job_id });
  });

  test('a message of a lower version is understood', async () => {
    const worker = new WorkerHarness(async () => 'done');
    expect(await processBatch([jobRecord({ version: 0 })], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [] });
    expect(worker.store.only).toMatchObject({ status: 'succeeded', version: 1 });
  });
});
