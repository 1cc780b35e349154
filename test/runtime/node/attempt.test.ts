import { processBatch } from '../../../src/runtime/node/batch';
import { UserHandler } from '../../../src/runtime/node/load-handler';
import { Job } from '../../../src/runtime/node/types';
import { message, record } from '../../support/job-fixtures';
import { jobRecord, lambdaContext, WorkerHarness } from '../../support/worker-harness';

const { job_id } = message();

describe('near the timeout', () => {
  test('the signal aborts so long before it, and the end is written still', async () => {
    const worker = new WorkerHarness(async (job) => new Promise((_, reject) => {
      const { signal } = job as Job;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }));
    worker.parts = { ...worker.parts, settings: { ...worker.parts.settings, shutdownMs: 100 } };
    const started = Date.now();
    await processBatch([jobRecord()], lambdaContext(() => 300), worker.parts);
    expect(Date.now() - started).toBeGreaterThanOrEqual(195);
    expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 1, error: { type: 'TimeoutNear' } });
  });

  test('half of a short time is the handler\'s', async () => {
    const worker = new WorkerHarness(async (job) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { aborted: (job as Job).signal.aborted };
    });
    await processBatch([jobRecord()], lambdaContext(() => 2_000), worker.parts);
    expect(worker.store.only).toMatchObject({ result: '{"aborted":false}' });
  });
});

describe('when the end cannot be written', () => {
  test('it is tried again', async () => {
    let failures = 2;
    const worker = new WorkerHarness(async () => 'done');
    worker.store.before = (call) => {
      if (call === 'update' && failures-- > 0) throw new Error('throttled');
    };
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [] });
    expect(worker.store.calls).toEqual(['create', 'update', 'update', 'update']);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: '"done"' });
  });

  test('it is given up when the time is up', async () => {
    const worker = new WorkerHarness(async () => 'done');
    worker.store.before = (call) => {
      if (call === 'update') throw new Error('throttled');
    };
    expect(await processBatch([jobRecord()], lambdaContext(() => 600), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(worker.store.calls).toEqual(['create', 'update']);
    // hidden for its own time and no longer: the next delivery finds the lease expired
    expect(worker.hidden).toEqual([{ receipts: ['receipt-1'], ms: 4_600 }]);
    expect(worker.log.of('the end of the attempt could not be recorded')).toMatchObject({ job_id, error: { message: 'could not update: throttled' } });
  });

  test('but what comes after it is not: the message in hand brings the job back', async () => {
    const worker = new WorkerHarness(async (job) => { throw (job as Job).retryLater(1); });
    worker.queue.before = () => { throw new Error('throttled'); };
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(worker.store.calls).toEqual(['create', 'update']);
  });
});

describe('a handler that answers by a callback', () => {
  test('fails its job at once, is not called, and says what to do', async () => {
    let called = false;
    const worker = new WorkerHarness(function (_event: unknown, _context: unknown, _callback: unknown) { called = true; } as UserHandler);
    expect(await processBatch([jobRecord()], lambdaContext(), worker.parts)).toEqual({ batchItemFailures: [] });
    expect(called).toBe(false);
    expect(worker.store.only).toMatchObject({
      status: 'failed', attempt: 1, error: { type: 'HandlerContract', message: expect.stringContaining('make it `async (job, context) => result`') },
    });
    expect(worker.metrics.counted).toMatchObject({ JobsFailed: 1 });
    expect(worker.metrics.counted).not.toHaveProperty('JobsDeadLettered');
  });

  test('is not one that is async, though it names a third parameter', async () => {
    const worker = new WorkerHarness((async (_job: unknown, _context: unknown, _callback: unknown) => 'done') as UserHandler);
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: '"done"' });
  });
});

test('a checkpoint that is no JSON leaves the process as it was', async () => {
  const before = jest.fn();
  const worker = new WorkerHarness();
  worker.process.on('unhandledRejection', before);
  worker.store.records.set(job_id, record({ run: 1, attempt: 1, checkpoint: '{broken' }));
  expect(await processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(), worker.parts)).toMatchObject({ batchItemFailures: [{}] });
  expect(worker.process.listeners('unhandledRejection')).toEqual([before]);
});

describe('a rejection that nobody handles', () => {
  test('ends the attempt as failed, and then the process as it would have', async () => {
    const before = jest.fn();
    const worker = new WorkerHarness(async () => new Promise(() => {
      setImmediate(() => worker.process.emit('unhandledRejection', new RangeError('lost'), Promise.resolve()));
    }));
    worker.process.on('unhandledRejection', before);
    await expect(processBatch([jobRecord(), jobRecord({ job_id: 'job_2' })], lambdaContext(), worker.parts)).rejects.toMatchObject({
      name: 'ProcessCrashed',
    });
    expect(worker.store.only).toMatchObject({ job_id, status: 'queued', attempt: 1, error: { type: 'RangeError', message: 'lost' } });
    expect(before.mock.calls).toEqual([[expect.objectContaining({ message: 'lost' }), expect.any(Promise)]]);
    expect(worker.metrics).toMatchObject({ counted: { JobsRetried: 1 }, published: 1 });
    expect(worker.log.of('attempt ended')).toMatchObject({ outcome: 'retrying', error_type: 'RangeError' });
    expect(worker.process.listeners('unhandledRejection')).toEqual([before]);
  });

  test('ends the process where nobody listens', async () => {
    const worker = new WorkerHarness(async () => new Promise(() => {
      setImmediate(() => worker.process.emit('uncaughtException', new Error('out of a callback'), 'uncaughtException'));
    }));
    await expect(processBatch([jobRecord()], lambdaContext(), worker.parts)).rejects.toMatchObject({ name: 'ProcessCrashed' });
    expect(worker.process.exited).toBe(1);
  });

  test('is counted before the process ends', async () => {
    const worker = new WorkerHarness(async () => new Promise(() => {
      setImmediate(() => worker.process.emit('uncaughtException', new Error('lost'), 'uncaughtException'));
    }));
    worker.process.exit = () => expect(worker.metrics.published).toBe(1);
    await expect(processBatch([jobRecord()], lambdaContext(), worker.parts)).rejects.toMatchObject({ name: 'ProcessCrashed' });
  });

  test.each([new Error('left behind'), 'left behind'])('when the handler has ended is not hidden either', async (left) => {
    const worker = new WorkerHarness(async () => 'done');
    worker.store.before = (call) => {
      if (call === 'update') worker.process.emit('unhandledRejection', left, Promise.resolve());
    };
    await expect(processBatch([jobRecord()], lambdaContext(), worker.parts)).rejects.toMatchObject({ name: 'ProcessCrashed' });
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: '"done"' });
    expect(worker.process.exited).toBe(1);
    expect(worker.log.of('an error was left behind when the handler had ended')).toMatchObject({ job_id, error: left });
  });

  test('is heard once', async () => {
    const worker = new WorkerHarness(async () => new Promise(() => {
      setImmediate(() => {
        worker.process.emit('unhandledRejection', new Error('first'), Promise.resolve());
        worker.process.emit('unhandledRejection', new Error('second'), Promise.resolve());
      });
    }));
    await expect(processBatch([jobRecord()], lambdaContext(), worker.parts)).rejects.toMatchObject({ name: 'ProcessCrashed' });
    expect(worker.store.only).toMatchObject({ error: { message: 'first' } });
  });

  test('before or after an attempt is not ours', async () => {
    const before = jest.fn();
    const worker = new WorkerHarness();
    worker.process.on('unhandledRejection', before);
    await processBatch([jobRecord()], lambdaContext(), worker.parts);
    worker.process.emit('unhandledRejection', new Error('late'));
    expect(before).toHaveBeenCalledTimes(1);
    expect(worker.process.listenerCount('uncaughtException')).toBe(0);
  });
});
