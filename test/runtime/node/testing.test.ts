import { JobFailed, JobHandler, testJob } from '../../../src/runtime/node/runtime';

interface Payload { readonly pages: number }
interface Checkpoint { readonly page: number }

const analyse: JobHandler<Payload, { total: number }, Checkpoint> = async (job, context) => {
  if (job.payload.pages > 100) throw job.failed('too many pages', 'TooLong');
  for (let page = job.checkpoint?.page ?? 0; page < job.payload.pages; page++) {
    job.log.info('page', { page });
    await job.setProgress(page / job.payload.pages, `page ${page}`);
    await job.saveCheckpoint({ page: page + 1 }, { stage: 'read' });
  }
  await job.completeStage('read');
  job.metric('Pages', job.payload.pages);
  job.metric('Remaining', context.getRemainingTimeInMillis(), 'Milliseconds');
  return { total: job.payload.pages };
};

test('a handler is tested as the function that it is', async () => {
  const job = testJob<Payload, Checkpoint>({ pages: 3 }, { attempt: 2, checkpoint: { page: 1 } });
  expect(await analyse(job, job.context)).toEqual({ total: 3 });
  expect(job.recorded).toEqual({
    checkpoints: [{ state: { page: 2 }, stage: 'read' }, { state: { page: 3 }, stage: 'read' }],
    stages: ['read'],
    progress: [{ fraction: 1 / 3, note: 'page 1' }, { fraction: 2 / 3, note: 'page 2' }],
    succeededWithin: [],
    metrics: [{ name: 'Pages', value: 3, unit: 'Count' }, { name: 'Remaining', value: 60_000, unit: 'Milliseconds' }],
    log: [{ level: 'info', message: 'page', fields: { page: 1 } }, { level: 'info', message: 'page', fields: { page: 2 } }],
  });
  expect(job).toMatchObject({ id: 'job_TEST', attempt: 2, maxAttempts: 3, stagesCompleted: [], correlationId: 'test' });
});

test('an end inside a transaction is kept, and its client left alone', async () => {
  const job = testJob<Payload, Checkpoint>({ pages: 3 });
  const client = { query: jest.fn() };
  await job.succeedWithin(client, { at: new Date(0) });
  await job.succeedWithin(client);
  await expect(job.succeedWithin(client, 1n)).rejects.toThrow('the result is not JSON');
  expect(job.recorded.succeededWithin).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, undefined]);
  expect(client.query).not.toHaveBeenCalled();
});

test('its errors are the real ones', async () => {
  const job = testJob<Payload, Checkpoint>({ pages: 101 });
  await expect(analyse(job, job.context)).rejects.toBeInstanceOf(JobFailed);
  expect(job.retryLater(5)).toMatchObject({ name: 'RetryLater', seconds: 5 });
  expect(job.cancelled()).toMatchObject({ name: 'JobCancelled' });
});

test.each(['TimeoutNear', 'JobCancelled', 'JobSuperseded', undefined] as const)('its signal aborts for %s', async (reason) => {
  const name = reason ?? 'TimeoutNear';
  const job = testJob<Payload, Checkpoint>({ pages: 3 });
  job.abort(reason);
  await expect(job.saveCheckpoint({ page: 1 })).rejects.toMatchObject({ name });
  await expect(job.completeStage('read')).rejects.toMatchObject({ name });
  await expect(job.setProgress(1)).rejects.toMatchObject({ name });
  expect(job.recorded).toMatchObject({ checkpoints: [{ state: { page: 1 } }], stages: ['read'], progress: [{ fraction: 1 }] });
});

test('its limits are the real ones', async () => {
  const job = testJob(null, { remainingMs: 5, checkpoint: new Date(0) as unknown });
  expect(job.checkpoint).toBe('1970-01-01T00:00:00.000Z');
  await expect(job.saveCheckpoint('x'.repeat(65_536))).rejects.toThrow('a job keeps up to 65536');
  await expect(job.saveCheckpoint(1, { stage: '' })).rejects.toThrow('the stage has a name');
  await expect(job.completeStage('')).rejects.toThrow('the stage has a name');
  await expect(job.setProgress(2)).rejects.toThrow('progress is a number from 0 to 1, not 2');
  expect(job.recorded.log).toMatchObject([{ level: 'warn', message: 'progress was not written', fields: { name: 'RangeError' } }]);
  expect(() => job.metric('JobsFailed', 1)).toThrow('a metric cannot be called "JobsFailed": that is one of the pipeline\'s own');
  expect(() => job.metric('Tokens', NaN)).toThrow('metric "Tokens" is NaN');
  expect(() => testJob(() => {})).toThrow('the payload is not JSON');
  expect(job.recorded).toMatchObject({ checkpoints: [], progress: [], metrics: [] });
});

test('what JavaScript lets pass is refused, with what to write', async () => {
  const job = testJob(null);
  expect(() => testJob(null, { atempt: 2 } as never)).toThrow('testJob() has no option atempt: there is id, attempt, maxAttempts');
  expect(() => testJob(null, 2 as never)).toThrow('testJob() takes options such as { attempt: 2 } as its second argument, not 2');
  expect(() => job.abort('Nonsense' as never)).toThrow('job.abort() takes TimeoutNear, JobCancelled, JobSuperseded, or nothing for the first, not Nonsense');
  expect(() => job.abort('toString' as never)).toThrow('not toString');
  await expect(job.saveCheckpoint(1 as never, 'read' as never)).rejects.toThrow("saveCheckpoint() takes { stage: 'read' } as its second argument, not read");
  await expect(job.saveCheckpoint(1 as never, { stages: 'read' } as never)).rejects.toThrow('saveCheckpoint() has no option stages: there is stage');
  expect(() => job.metric('A', 1, 'Pieces' as never)).toThrow('metric "A" has the unit Pieces, which CloudWatch does not know: Count, Percent');
  expect(job.signal.aborted).toBe(false);
  expect(job.recorded).toMatchObject({ checkpoints: [], metrics: [] });
  job.metric('A', 1, 'Terabits/Second');
});

test('its stages are counted with those of earlier attempts', async () => {
  const job = testJob(null, { stagesCompleted: Array.from({ length: 99 }, (_, index) => `stage-${index}`) });
  await job.completeStage('read');
  await job.completeStage('stage-0');
  await expect(job.completeStage('measure')).rejects.toThrow('"measure" would be stage 101 of the job');
  expect(job.recorded.stages).toEqual(['read', 'stage-0']);
});

describe('uploads of a test', () => {
  const ID = 'upl_01KDVDNB00ABCDEFGHJKMNPQRS';

  test('are read by their id', async () => {
    const job = testJob(null, { uploads: { [ID]: 'a drawing' } });
    expect(await job.readUpload(ID)).toEqual(Buffer.from('a drawing'));
    expect(job.uploadLocation(ID)).toEqual({ bucket: 'bucket', key: `uploads/${ID}` });
    await expect(job.readUpload(ID.replace('K', 'J'))).rejects.toMatchObject({ name: 'JobFailed', type: 'UploadNotFound' });
    await expect(job.readUpload('a.pdf')).rejects.toThrow('an upload\'s id is upl_ and 26 characters');
  });

  test('need a bucket, with which texts may be long', async () => {
    await expect(testJob(null).readUpload(ID)).rejects.toThrow('the pipeline has no bucket for an upload: give it one (its prop bucket)');
    const job = testJob<null, string>(null, { bucket: 'drawings' });
    await job.saveCheckpoint('x'.repeat(70_000));
    expect(job.uploadLocation(ID).bucket).toBe('drawings');
    expect(job.recorded.checkpoints).toHaveLength(1);
  });
});
