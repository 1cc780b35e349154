import { setTimeout as sleep } from 'node:timers/promises';
import type { Measure } from './measure';
import { LEASE_MARGIN_MS } from '../../src/runtime/protocol/record';
import { DeployedPipeline, withCloud } from '../deployed-pipeline';
import { waited } from '../row';

/** How long after the deadline of the killed attempt the next one must have begun. */
const GOAL_SECONDS = 10;
/** They overlap: of each attempt's time nearly all is waiting. */
const APART_MS = 400;

export const recovery: Measure = {
  title: 'What a crash costs',
  how: 'A handler on the local cloud kills its own process (SIGKILL) in its first attempt; its function has a timeout of 3 s. From the deadline of that attempt, which is the '
    + 'function\'s timeout, to the first line of the handler in the next one.',
  run: async ({ rounds, progress }) => withCloud('recovery', progress, async cloud => {
    const pipeline = await DeployedPipeline.on(cloud, 'recovery');
    const jobs = Array.from({ length: rounds }, async (_, index) => {
      await sleep(index * APART_MS);
      return secondsAfterDeadline(pipeline);
    });
    progress.at('recovery: waiting for the next attempts');
    const seconds = await Promise.all(jobs);
    return [waited({ metric: 'from the deadline of a killed attempt to the next attempt', unit: 's', goal: GOAL_SECONDS }, seconds)];
  }),
};

async function secondsAfterDeadline(pipeline: DeployedPipeline): Promise<number> {
  const job_id = await pipeline.submit('die first');
  const { lease_expires_at } = await pipeline.record(job_id, ({ run }) => run === 1);
  const { result } = await pipeline.ended(job_id, 'succeeded');
  const { began_at } = JSON.parse(result!) as { began_at: number };
  return (began_at - (lease_expires_at! - LEASE_MARGIN_MS)) / 1000;
}
