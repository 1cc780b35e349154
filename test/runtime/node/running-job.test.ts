import { JobTexts } from '../../../src/runtime/node/job-texts';
import { RunningJob } from '../../../src/runtime/node/running-job';
import { JobRecord } from '../../../src/runtime/protocol/record';
import { NOW, processing } from '../../support/job-fixtures';
import { MemoryDelivery, MemoryQueue, MemoryStore } from '../../support/memory-store';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

const { job_id } = processing();

function start(record: JobRecord = processing(), msUntilShutdown = 60_000) {
  const store = new MemoryStore(record);
  const log = new MemoryLog();
  const metrics = new MemoryMetrics();
  const ports = { store, queue: new MemoryQueue(), delivery: new MemoryDelivery(), now: Date.now };
  const texts = new JobTexts(record, 'Jobs-1A2B3C', undefined);
  const given = { payload: JSON.parse(record.payload) as unknown, checkpoint: record.checkpoint && JSON.parse(record.checkpoint) as unknown };
  const running = new RunningJob({ record, texts, given, ports, log, metrics, msUntilShutdown });
  opened.push(running);
  return { running, store, log, metrics, job: running.job, stored: () => store.only };
}

let opened: RunningJob[];

beforeEach(() => {
  opened = [];
  jest.useFakeTimers({ now: NOW });
});

afterEach(() => {
  opened.forEach((running) => running.close());
  jest.useRealTimers();
});

test('an end inside a transaction is refused where jobs are in no database that has any', async () => {
  const { job, store, running } = start();
  const client = { query: jest.fn() };
  await expect(job.succeedWithin(client, 1)).rejects.toMatchObject({ name: 'JobFailed', type: 'NoTransactions' });
  expect([client.query.mock.calls, store.calls, running.inTransaction]).toEqual([[], [], false]);
});

describe('a checkpoint', () => {
  test('is one write', async () => {
    const { job, store, stored } = start();
    await job.saveCheckpoint({ page: 2 }, { stage: 'read' });
    expect(store.calls).toEqual(['update']);
    expect(stored()).toMatchObject({ checkpoint: '{"page":2}', checkpoint_run: 1, current_stage: 'read', last_checkpoint: NOW });
  });

  test('that is not JSON is refused in words', async () => {
    const { job, store } = start();
    await expect(job.saveCheckpoint({ big: 1n })).rejects.toThrow('the checkpoint is not JSON: Do not know how to serialize a BigInt');
    await expect(job.saveCheckpoint(undefined)).rejects.toThrow('the checkpoint is not JSON: it is undefined');
    await expect(job.saveCheckpoint(() => {})).rejects.toThrow('the checkpoint is not JSON: it is a function');
    expect(store.calls).toEqual([]);
  });

  test('that is too large is refused with the limit and the way out', async () => {
    const { job } = start();
    await job.saveCheckpoint('x'.repeat(65_534));
    await expect(job.saveCheckpoint('x'.repeat(65_535))).rejects.toThrow(
      'the checkpoint is 65537 bytes of JSON, and a job keeps up to 65536: give the pipeline a bucket (its prop bucket), or store it elsewhere and keep its key here',
    );
    await expect(job.saveCheckpoint('ü'.repeat(40_000))).rejects.toThrow('80002 bytes');
  });

  test('that cannot be written is the handler\'s to know', async () => {
    const { job, store } = start();
    store.before = () => { throw new Error('throttled'); };
    await expect(job.saveCheckpoint(1)).rejects.toThrow('could not update: throttled');
  });

  test.each(['', 'x'.repeat(129), 7 as unknown as string])('of a stage called %p is refused', async (stage) => {
    const { job, store } = start();
    await expect(job.saveCheckpoint(1, { stage })).rejects.toThrow('the stage has a name of 1 to 128 characters');
    await expect(job.completeStage(stage)).rejects.toThrow('the stage has a name of 1 to 128 characters');
    expect(store.calls).toEqual([]);
  });
});

describe('a stage', () => {
  test('is counted from the one before', async () => {
    const { job, metrics, stored } = start(processing({ stages_completed: ['fetch'] }));
    jest.setSystemTime(NOW + 300);
    await job.completeStage('read');
    jest.setSystemTime(NOW + 700);
    await job.completeStage('measure');
    expect(metrics.stages).toEqual({ read: 300, measure: 400 });
    expect(stored()).toMatchObject({ stages_completed: ['fetch', 'read', 'measure'] });
  });

  test('that a checkpoint announced is counted from there', async () => {
    const { job, metrics, stored } = start();
    jest.setSystemTime(NOW + 300);
    await job.saveCheckpoint(1, { stage: 'count' });
    jest.setSystemTime(NOW + 350);
    await job.saveCheckpoint(2, { stage: 'count' });
    expect(stored().current_stage).toBe('count');
    jest.setSystemTime(NOW + 400);
    await job.completeStage('count');
    expect(metrics.stages).toEqual({ count: 100 });
    expect(stored()).not.toHaveProperty('current_stage');
  });

  test('is one of a hundred at most, which may be completed as often as anybody likes', async () => {
    const { job, store, stored } = start(processing({ stages_completed: Array.from({ length: 99 }, (_, index) => `stage-${index}`) }));
    await job.completeStage('read');
    await job.completeStage('read');
    await job.completeStage('stage-0');
    expect(stored().stages_completed).toHaveLength(100);
    await expect(job.completeStage('page-7')).rejects.toThrow(
      '"page-7" would be stage 101 of the job, and the record keeps 100: a stage is a step of the work, such as "read"; '
      + 'what there are many of (pages, rows) is shown by setProgress, and gone on from by saveCheckpoint',
    );
    expect(store.calls).toHaveLength(3);
    expect(job.signal.aborted).toBe(false);
  });

  test('too many: the log says that this one is not counted', async () => {
    const { job, metrics, log } = start();
    metrics.knowsStages = false;
    await job.completeStage('page-17');
    expect(log.of('too many stages: the duration of this one is not counted')).toEqual({ stage: 'page-17' });
  });
});

describe('progress', () => {
  test('in a tight loop is written at once, and then every five seconds, the last one too', async () => {
    const { job, store, stored } = start();
    for (let index = 0; index <= 100; index++) await job.setProgress(index / 200, `item ${index}`);
    expect(store.calls).toHaveLength(1);
    expect(stored()).toMatchObject({ progress: 0, progress_note: 'item 0' });

    await jest.advanceTimersByTimeAsync(4_999);
    expect(store.calls).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(store.calls).toHaveLength(2);
    expect(stored()).toMatchObject({ progress: 0.5, progress_note: 'item 100' });

    await jest.advanceTimersByTimeAsync(5_000);
    expect(store.calls).toHaveLength(2);
    await job.setProgress(0.75);
    expect(store.calls).toHaveLength(3);
    expect(stored()).toMatchObject({ progress: 0.75 });
    expect(stored()).not.toHaveProperty('progress_note');
  });

  test.each([-0.1, 1.1, NaN, '1' as unknown as number])('of %p is refused by its promise, and the log says so to whom does not await it', async (fraction) => {
    const { job, store, log } = start();
    await expect(job.setProgress(fraction)).rejects.toThrow(`progress is a number from 0 to 1, not ${fraction}`);
    expect(log.of('progress was not written')).toMatchObject({ error: { name: 'RangeError' } });
    expect(store.calls).toEqual([]);
  });

  test('with a note that is no text is refused, and a long one is cut', async () => {
    const { job, stored } = start();
    await expect(job.setProgress(0, {} as string)).rejects.toThrow('the note of a progress is a text');
    await job.setProgress(0, 'x'.repeat(1_000));
    expect(stored().progress_note).toHaveLength(256);
  });

  test('that cannot be written does not stop the work', async () => {
    const { job, store, log } = start();
    store.before = () => { throw new Error('throttled'); };
    await job.setProgress(0.5);
    expect(log.of('progress was not written')).toMatchObject({ error: { message: 'could not update: throttled' } });
  });

  test('that is due is not written any more when the attempt has ended', async () => {
    const { running, job, store } = start();
    await job.setProgress(0.1);
    await job.setProgress(0.2);
    await running.finish({ type: 'succeed', run: 1 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(store.calls).toEqual(['update', 'update']);
    await job.setProgress(0.3);
    expect(store.calls).toEqual(['update', 'update']);
  });
});

describe('the signal', () => {
  test('aborts when the timeout is near; a checkpoint is saved still, and then ends the handler', async () => {
    const { job, stored } = start(processing(), 5_000);
    await jest.advanceTimersByTimeAsync(4_999);
    await job.saveCheckpoint(1);
    expect(job.signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(job.signal.reason).toMatchObject({ name: 'TimeoutNear' });
    await expect(job.saveCheckpoint(2)).rejects.toMatchObject({ name: 'TimeoutNear' });
    await expect(job.completeStage('read')).rejects.toMatchObject({ name: 'TimeoutNear' });
    expect(stored()).toMatchObject({ checkpoint: '2', stages_completed: ['read'] });
  });

  test('does not abort after the attempt', async () => {
    const { running, job } = start(processing(), 5_000);
    await running.finish({ type: 'succeed', run: 1 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(job.signal.aborted).toBe(false);
  });

  test.each([
    ['a checkpoint', async (job: RunningJob['job']) => job.saveCheckpoint(1)],
    ['a stage', async (job: RunningJob['job']) => job.completeStage('read')],
    ['progress', async (job: RunningJob['job']) => job.setProgress(0.5)],
  ])('aborts when %s finds that the job is to be cancelled', async (_, call) => {
    const { job, store, stored } = start();
    store.records.set(job_id, processing({ cancel_requested: true }));
    await expect(call(job)).rejects.toMatchObject({ name: 'JobCancelled' });
    expect(job.signal.reason).toMatchObject({ name: 'JobCancelled' });
    expect(stored().updated_at).toBe(NOW);
  });

  test.each([
    ['another attempt', processing({ run: 2 })],
    ['nothing', undefined],
  ])('aborts when a write finds %s in its place', async (_, there) => {
    const { job, store } = start();
    store.records.clear();
    if (there) store.records.set(job_id, there);
    await expect(job.completeStage('read')).rejects.toMatchObject({ name: 'JobSuperseded' });
    expect(store.records.get(job_id)).toEqual(there);
  });

  test('progress that nobody waits for leaves no unhandled rejection', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const { job, store } = start();
    store.records.clear();
    void job.setProgress(0.5);
    await jest.advanceTimersByTimeAsync(2_000);
    jest.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.removeListener('unhandledRejection', unhandled);
    expect(job.signal.aborted).toBe(true);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

test('calls that nobody waits for keep their order', async () => {
  const { running, job, stored } = start();
  void job.saveCheckpoint({ page: 1 }, { stage: 'read' });
  void job.completeStage('read');
  void job.saveCheckpoint({ page: 2 });
  await running.finish({ type: 'fail', run: 1, error: { type: 'E', message: 'm', attempt: 1 }, retry: false, delay_ms: 0 });
  expect(stored()).toMatchObject({ status: 'failed', checkpoint: '{"page":2}', stages_completed: ['read'] });
});

test('metrics and errors of the user', () => {
  const { job, metrics } = start();
  job.metric('Tokens', 120);
  job.metric('Bytes', 5, 'Bytes');
  expect(metrics.counted).toEqual({ 'Tokens Count': 120, 'Bytes Bytes': 5 });
  expect(job.retryLater(60)).toMatchObject({ name: 'RetryLater', seconds: 60, message: 'to be called again in 60 s' });
  expect(job.failed('no')).toMatchObject({ name: 'JobFailed', type: 'JobFailed', message: 'no' });
  expect(job.cancelled()).toMatchObject({ name: 'JobCancelled' });
});
