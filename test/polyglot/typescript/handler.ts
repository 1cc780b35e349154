import { type JobHandler, testJob } from 'cdk-jobworks/runtime';

/** What a handler's author takes from the package: types, and a job to test with. */
const countPages: JobHandler<{ pages: number[] }, { pages: number }> = async (job) => {
  await job.completeStage('counted');
  return { pages: job.payload.pages.length };
};

async function test(): Promise<void> {
  const job = testJob({ pages: [1, 2] });
  const { pages } = await countPages(job, job.context);
  if (pages !== 2 || job.recorded.stages[0] !== 'counted') throw new Error(`the handler found ${pages} pages and completed ${job.recorded.stages}`);
}

void test();
