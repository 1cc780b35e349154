import { type Job, type JobHandler, testJob } from 'cdk-jobworks/runtime';

/* Mostly for the compiler: each job below must fit, or not fit, a typed handler. */

interface Payload { readonly url: string }
interface Result { readonly pages: number }
interface State { readonly page: number; readonly cursor?: string }

const handler: JobHandler<Payload, Result, State> = async (job) => {
  const page = job.checkpoint?.page ?? 0;
  await job.saveCheckpoint({ page: page + 1 });
  return { pages: page + 1 };
};

test('a job without a checkpoint fits a handler with a state of its own', async () => {
  const job = testJob({ url: 'a' }, { attempt: 2 });
  expect(await handler(job, job.context)).toEqual({ pages: 1 });
  const [saved]: { readonly state: unknown }[] = job.recorded.checkpoints;
  expect(saved.state).toEqual({ page: 1 });
});

test('a checkpoint is of the type that it is given as', async () => {
  const job = testJob({ url: 'a' }, { checkpoint: { page: 3 } });
  expect(await handler(job, job.context)).toEqual({ pages: 4 });
  expect(job.recorded.checkpoints[0].state.page).toBe(4);
});

test('types may be written out', async () => {
  const job = testJob<Payload, State>({ url: 'a' }, { checkpoint: { page: 3, cursor: 'x' } });
  expect(await handler(job, job.context)).toEqual({ pages: 4 });
  await job.saveCheckpoint({ page: 5 });
  expect(job.recorded.checkpoints.map(({ state }) => state.page)).toEqual([4, 5]);
  const asPayload = testJob<Payload>({ url: 'a' });
  expect(await handler(asPayload, asPayload.context)).toEqual({ pages: 1 });
  const asJob: Job<Payload, State> = testJob({ url: 'a' });
  expect(asJob.checkpoint).toBeUndefined();
});

test('an untyped handler takes any job', async () => {
  const untyped: JobHandler = async (job) => job.payload;
  const job = testJob({ url: 'a' });
  expect(await untyped(job, job.context)).toEqual({ url: 'a' });
});

test('what does not fit is refused by the compiler', () => {
  const refused = [
    // @ts-expect-error another payload
    () => handler(testJob({ uri: 'a' }), testJob(null).context),
    // @ts-expect-error another state
    () => handler(testJob({ url: 'a' }, { checkpoint: { page: 'three' } }), testJob(null).context),
    // @ts-expect-error a checkpoint that is not of the type written out
    () => testJob<Payload, State>({ url: 'a' }, { checkpoint: 3 }),
  ];
  expect(refused).toHaveLength(3);
});
