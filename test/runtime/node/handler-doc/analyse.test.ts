import { handler } from './analyse';
import { testJob } from 'cdk-jobworks/runtime';

test('goes on from its checkpoint', async () => {
  const job = testJob({ pages: ['a b', 'c'] }, { attempt: 2, checkpoint: { next: 1, words: 2 } });
  expect(await handler(job, job.context)).toEqual({ words: 3 });
  expect(job.recorded.stages).toEqual(['count']);
  expect(job.recorded.checkpoints).toEqual([{ state: { next: 2, words: 3 }, stage: 'count' }]);
  expect(job.recorded.metrics).toEqual([{ name: 'Pages', value: 2, unit: 'Count' }]);
});

test('stops when the timeout is near', async () => {
  const job = testJob({ pages: ['a b', 'c'] });
  job.abort('TimeoutNear');
  await expect(handler(job, job.context)).rejects.toMatchObject({ name: 'TimeoutNear' });
});

test('fails for good without pages', async () => {
  const job = testJob({ pages: [] });
  await expect(handler(job, job.context)).rejects.toMatchObject({ name: 'JobFailed', type: 'EmptyDrawing' });
});
