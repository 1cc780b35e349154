// @ts-check
/**
 * For demonstrations and tests only: what a real analysis meets now and then, on demand. A payload without `simulate` meets none of it.
 *
 * @typedef {object} Simulation
 * @property {number} [pause_ms] every stage takes so much longer
 * @property {number} [fail_attempts] so many attempts throw before they have read the drawing
 * @property {number} [crash_attempts] so many attempts are killed before they have read the drawing
 * @property {boolean} [outage] fails for good, and succeeds when the job is retried
 * @property {number} [busy_seconds] a provider asks, once, to come back after so many seconds
 * @property {string} [crash_after] the process is killed when this stage has been saved
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {import('./index.mjs').Job} job */
export function simulated(job) {
  const { pause_ms = 0, fail_attempts = 0, crash_attempts = 0, outage = false, busy_seconds, crash_after } = job.payload.simulate ?? {};
  return {
    /** @param {string} stage */
    async before(stage) {
      await sleep(pause_ms);
      if (stage !== 'read') {
        return;
      }
      if (job.attempt <= crash_attempts) {
        await die();
      }
      if (job.attempt <= fail_attempts) {
        throw new Error(`simulated failure of attempt ${job.attempt}`);
      }
      if ((outage || busy_seconds !== undefined) && !job.checkpoint) {
        await job.saveCheckpoint({}); // by which the next attempt knows that it is not the first
        throw outage
          ? job.failed('simulated: a service is down', 'Outage')
          : job.retryLater(String(busy_seconds), 'simulated: the provider is busy'); // as its Retry-After may say
      }
    },

    /** @param {string} stage */
    async saved(stage) {
      if (stage === crash_after) { // once: the next attempt finds the stage saved and does not come here again
        await die();
      }
    },
  };
}

async function die() {
  process.kill(process.pid, 'SIGKILL');
  await sleep(1_000); // it dies in the meantime
}
