import { processBatch } from '../../../src/runtime/node/batch';
import { Job } from '../../../src/runtime/node/types';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { jobKey, ownerPrefix, uploadKey } from '../../../src/runtime/store/files/keys';
import { referenceTo } from '../../../src/runtime/store/files/stored-text';
import { message, processing, record } from '../../support/job-fixtures';
import { MemoryFiles } from '../../support/memory-files';
import { jobRecord, lambdaContext, WorkerHarness } from '../../support/worker-harness';

const { job_id, owner } = message();
const BIG = 'x'.repeat(70_000);
const key = (name: string) => jobKey('Jobs-1A2B3C', owner, job_id, name);
const UPLOAD = 'upl_01KDVDNB00ABCDEFGHJKMNPQRS';

let files: MemoryFiles;

function workerOf(handler: (job: Job) => unknown, hasBucket = true): WorkerHarness {
  const worker = new WorkerHarness(async (job) => handler(job as Job));
  files = new MemoryFiles();
  worker.parts = { ...worker.parts, ...(hasBucket && { files }) };
  return worker;
}

const deliver = async (worker: WorkerHarness, changes = {}, receiveCount = 1, remaining = 60_000) =>
  processBatch([jobRecord(changes, { receiveCount })], lambdaContext(() => remaining), worker.parts);

const put = ({ store }: WorkerHarness, stored: JobRecord) => store.records.set(stored.job_id, stored);

const DONE = { batchItemFailures: [] };

describe('a result over 64 KiB', () => {
  test('is stored before the write that refers to it', async () => {
    const worker = workerOf(() => BIG);
    worker.store.before = (call) => { files.calls.push(call); };
    expect(await deliver(worker)).toEqual(DONE);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: referenceTo(key('result-0-1')) });
    expect(files.objects.get(key('result-0-1'))).toBe(JSON.stringify(BIG));
    expect(files.calls).toEqual(['create', `put ${key('result-0-1')}`, 'update']);
  });

  test('fails the job without a bucket, and the error names the prop', async () => {
    const worker = workerOf(() => BIG, false);
    await deliver(worker);
    expect(worker.store.only).toMatchObject({
      status: 'failed', error: { type: 'InvalidResult', message: expect.stringContaining('give the pipeline a bucket (its prop bucket)') },
    });
  });

  test('is tried again when it cannot be stored', async () => {
    const worker = workerOf(() => BIG);
    let failures = 2;
    files.before = () => { if (failures-- > 0) throw new Error('slow down'); };
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: referenceTo(key('result-0-1')) });
  });

  test('that cannot be stored at all costs no attempt', async () => {
    const worker = workerOf(() => BIG);
    files.before = () => { throw new Error('no such host'); };
    expect(await deliver(worker, {}, 1, 600)).toEqual(DONE); // no time left to try again
    expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 0, run: 1 });
    expect(worker.queue.sent).toMatchObject([{ delay_ms: 10_000 }]);
    expect(worker.log.of('the result could not be stored: the job is run again later, and this attempt is not charged')).toMatchObject({ job_id });
  });
});

describe('a checkpoint over 64 KiB', () => {
  test('is stored, each in an object of its own, and the next attempt goes on from it', async () => {
    const worker = workerOf(async (job) => {
      if (job.checkpoint !== undefined) return (job.checkpoint as { page: number }).page;
      await job.saveCheckpoint({ page: 1, BIG });
      await job.saveCheckpoint({ page: 2, BIG });
      throw job.retryLater(0);
    });
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 0, checkpoint: referenceTo(key('checkpoint-0-1-2')) });
    expect([...files.objects.keys()]).toEqual([key('checkpoint-0-1-1'), key('checkpoint-0-1-2')]);
    await deliver(worker, {}, 2);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: '2' });
  });

  test('that is the same as before has not moved: the attempt is charged', async () => {
    const worker = workerOf(async (job) => {
      await job.saveCheckpoint({ BIG });
      throw new Error('broken');
    });
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ attempt: 0, error: { message: 'broken' } });
    worker.now += 60_000;
    await deliver(worker, {}, 2);
    expect(worker.store.only).toMatchObject({ attempt: 1, run: 2, checkpoint: referenceTo(key('checkpoint-0-1-1')) });
    expect(files.objects.size).toBe(1);
  });

  test('may be small again', async () => {
    const worker = workerOf(async (job) => {
      await job.saveCheckpoint({ BIG });
      await job.saveCheckpoint(3);
      throw job.retryLater(0);
    });
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ checkpoint: '3' });
  });

  test('that cannot be stored is the handler\'s to know, and the record refers to the one before', async () => {
    const worker = workerOf(async (job) => {
      await job.saveCheckpoint(1);
      files.before = () => { throw new Error('slow down'); };
      await job.saveCheckpoint({ BIG });
    });
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ checkpoint: '1', error: { message: 'slow down' } });
  });

  test('of a superseded attempt is never what the record refers to', async () => {
    const worker = workerOf(async (job) => {
      put(worker, processing({ run: 2, checkpoint: referenceTo(key('checkpoint-0-2-1')) })); // while this one was frozen
      await job.saveCheckpoint({ late: BIG });
    });
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ run: 2, checkpoint: referenceTo(key('checkpoint-0-2-1')) });
    expect([...files.objects.keys()]).toEqual([key('checkpoint-0-1-1')]);
  });
});

describe('a payload in the bucket', () => {
  const stored = { payload: referenceTo(key('payload')) };

  test('is what the handler gets', async () => {
    const worker = workerOf((job) => (job.payload as { pages: number }).pages);
    files.objects.set(key('payload'), '{"pages":7}');
    expect(await deliver(worker, stored)).toEqual(DONE);
    expect(worker.store.only).toMatchObject({ status: 'succeeded', result: '7', payload: stored.payload });
  });

  test('that is gone fails the job', async () => {
    const handler = jest.fn();
    const worker = workerOf(handler);
    expect(await deliver(worker, stored)).toEqual(DONE);
    expect(worker.store.only).toMatchObject({ status: 'failed', attempt: 1, error: { type: 'PayloadGone' } });
    expect(handler).not.toHaveBeenCalled();
  });

  test.each([[1, 1, 10_000], [2, 1, 20_000], [4, 2, 40_000], [60, 1, 900_000]])(
    'that cannot be read in run %p, attempt %p, costs no attempt and comes again after %p ms', async (run, attempt, delay_ms) => {
      const worker = workerOf(() => 'never');
      put(worker, record({ ...stored, run: run - 1, attempt: attempt - 1 }));
      files.before = () => { throw new Error('no such host'); };
      expect(await deliver(worker, stored, 2)).toEqual(DONE);
      expect(worker.store.only).toMatchObject({ status: 'queued', attempt: attempt - 1, run });
      expect(worker.queue.sent).toMatchObject([{ delay_ms }]);
    });

  test('of another owner is no job, and nothing is read', async () => {
    const worker = workerOf(() => 'never');
    const foreign = referenceTo(`${ownerPrefix('Jobs-1A2B3C', 'globex')}jobs/${job_id}/payload`);
    expect(await deliver(worker, { payload: foreign })).toEqual(DONE);
    expect(worker.store.only).toMatchObject({ owner: 'system', status: 'failed', error: { type: 'InvalidMessage' } });
    expect(worker.store.only!.job_id).not.toBe(job_id);
    expect(files.calls).toEqual([]);
  });

  test('of another owner in the checkpoint of a record ends the job', async () => {
    const worker = workerOf(() => 'never');
    put(worker, record({ checkpoint: referenceTo(`${ownerPrefix('Jobs-1A2B3C', 'globex')}jobs/${job_id}/checkpoint-0-1-1`) }));
    await deliver(worker, {}, 2);
    expect(worker.store.only).toMatchObject({ status: 'failed', error: { type: 'NotTheOwnersFile' } });
    expect(files.calls).toEqual([]);
  });
});

test('a checkpoint that is gone fails the job: to begin anew might do twice what was done', async () => {
  const worker = workerOf(() => 'never');
  put(worker, record({ run: 1, attempt: 0, checkpoint: referenceTo(key('checkpoint-0-1-1')) }));
  await deliver(worker, {}, 2);
  expect(worker.store.only).toMatchObject({ status: 'failed', error: { type: 'CheckpointGone' } });
});

describe('an upload', () => {
  const outcome = async (handler: (job: Job) => unknown, hasBucket = true) => {
    const worker = workerOf(handler, hasBucket);
    files.objects.set(uploadKey('Jobs-1A2B3C', owner, UPLOAD), 'a drawing');
    await deliver(worker);
    return worker.store.only!;
  };

  test('is read under the prefix of the job\'s own owner', async () => {
    expect(await outcome(async (job) => (await job.readUpload(UPLOAD)).toString())).toMatchObject({ result: '"a drawing"' });
    expect(files.calls).toEqual([`get ${uploadKey('Jobs-1A2B3C', owner, UPLOAD)}`]);
  });

  test('is where it is told to be', async () => {
    const { result } = await outcome((job) => job.uploadLocation(UPLOAD));
    expect(JSON.parse(result!)).toEqual({ bucket: 'files', key: uploadKey('Jobs-1A2B3C', owner, UPLOAD) });
    expect(files.calls).toEqual([]);
  });

  test('that is not there fails the job at once: the next attempt would find the same', async () => {
    expect(await outcome(async (job) => job.readUpload(UPLOAD.replace('K', 'J')))).toMatchObject({
      status: 'failed', attempt: 1, error: { type: 'UploadNotFound', message: expect.stringContaining(UPLOAD.replace('K', 'J')) },
    });
  });

  test('that is not there is not counted as given up, and rings no operator', async () => {
    const worker = workerOf(async (job) => job.readUpload(UPLOAD));
    await deliver(worker);
    expect(worker.metrics.counted).toMatchObject({ JobsFailed: 1 });
    expect(worker.metrics.counted).not.toHaveProperty('JobsDeadLettered');
  });

  test('that is not there yet can be waited for', async () => {
    const waiting = async (job: Job) => job.readUpload(UPLOAD.replace('K', 'J')).catch((error: Error & { type?: string }) => {
      throw error.type === 'UploadNotFound' ? job.retryLater(60, 'not there yet') : error;
    });
    expect(await outcome(waiting)).toMatchObject({ status: 'queued', attempt: 0 });
  });

  test('that cannot be read now is tried again', async () => {
    const worker = workerOf(async (job) => job.readUpload(UPLOAD));
    files.before = () => { throw new Error('slow down'); };
    await deliver(worker);
    expect(worker.store.only).toMatchObject({ status: 'queued', attempt: 1, error: { message: 'slow down' } });
  });

  test.each(['', 'upl_1', `../${UPLOAD}`, `${UPLOAD}/..`, `${UPLOAD}\n`, UPLOAD.toLowerCase(), job_id, undefined, 7])('%p is no id, and becomes no key', async (id) => {
    expect(await outcome(async (job) => job.readUpload(id as string))).toMatchObject({ status: 'failed', error: { type: 'InvalidUploadId' } });
    expect(await outcome((job) => job.uploadLocation(id as string))).toMatchObject({ status: 'failed', error: { type: 'InvalidUploadId' } });
    expect(files.calls).toEqual([]);
  });

  test.each<[unknown, string]>([
    ['secret text', 'not a text of 11 characters'], [{ password: 'secret' }, 'not a value of type object'], [null, 'not null'],
  ])('an error about %p says nothing of the payload', async (id, told) => {
    const { error } = (await outcome((job) => job.uploadLocation(id as string)))!;
    expect(error!.message).toContain(told);
    expect(error!.message).not.toContain('secret');
  });

  test('needs a bucket, and the error names the prop', async () => {
    expect(await outcome((job) => job.uploadLocation(UPLOAD), false)).toMatchObject({
      status: 'failed', error: { type: 'NoBucket', message: expect.stringContaining('(its prop bucket)') },
    });
  });
});
