// @ts-check
/**
 * Does what the payload says, and writes down when, in a file beside everything else: what a test believes is then
 * not only what the pipeline says of itself.
 *
 * @typedef {import('cdk-jobworks/runtime').Job<{ plan: string[], journal?: string }, { step: number }>} Job
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_SECONDS = 2;

/** @param {Job} job */
export async function handler(job) {
  const { plan, journal } = job.payload;
  // an attempt that saves is not charged, so it is told from the next one by what it saved
  const step = job.attempt + (job.checkpoint?.step ?? 0);
  const action = plan[Math.min(step, plan.length) - 1];
  /** @param {string} event */
  const write = (event) => {
    if (journal) {
      appendFileSync(journal, `${JSON.stringify({ job_id: job.id, attempt: job.attempt, event, at: Date.now(), pid: process.pid })}\n`);
    }
  };

  write('start');
  job.log.info('handling', { action });
  switch (action) {
    case 'throw':
      throw new TypeError(`attempt ${job.attempt} throws, as planned`);
    case 'give-up':
      throw job.failed('there is no use, as planned', 'GivenUp');
    case 'wait':
      await job.saveCheckpoint({ step });
      throw job.retryLater(WAIT_SECONDS);
    case 'save-and-kill':
      await job.saveCheckpoint({ step }, { stage: 'saved' });
      return kill(write);
    case 'kill':
      return kill(write);
    default:
      write('succeed');
      return { attempt: job.attempt, step };
  }
}

/** @param {(event: string) => void} write */
async function kill(write) {
  write('kill');
  process.kill(process.pid, 'SIGKILL');
  await sleep(1_000); // it dies in the meantime
}
