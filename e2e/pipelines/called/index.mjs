// @ts-check
/**
 * A function that knows nothing of jobs but what it is called with. It does what the payload says, and writes down when.
 *
 * @typedef {{ plan: string[], journal?: string, secret?: string }} Payload
 * @typedef {{ job_id: string, payload: Payload, attempt: number, checkpoint?: { step: number } | null }} Call
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SLOW_MS = 900;

/** @param {Call} call */
export async function handler({ job_id, payload: { plan, journal, secret }, attempt, checkpoint }) {
  const step = attempt + (checkpoint?.step ?? 0);
  const action = plan[Math.min(step, plan.length) - 1];
  /** @param {string} event */
  const write = (event) => {
    if (journal) {
      appendFileSync(journal, `${JSON.stringify({ job_id, attempt, event, at: Date.now(), pid: process.pid })}\n`);
    }
  };

  write('start');
  switch (action) {
    case 'throw':
      write('end');
      throw new TypeError(`attempt ${attempt} throws, as planned`);
    case 'give-up':
      write('end');
      return { jobworks: { failed: { type: 'GivenUp', message: 'there is no use, as planned' } } };
    case 'wait':
      write('end');
      return { jobworks: { retry_later_seconds: 1, checkpoint: { step, secret } } };
    case 'kill':
      write('kill');
      process.kill(process.pid, 'SIGKILL');
      await sleep(1_000); // it dies in the meantime
      break;
    case 'hang':
      return new Promise(() => {});
    case 'freeze':
      write('freeze');
      process.kill(process.pid, 'SIGSTOP');
      await sleep(1);
      write('fenced'); // whoever called has long gone: nobody hears what is returned
      return { frozen: true };
    case 'slow':
      await sleep(SLOW_MS);
      break;
    default:
  }
  write('succeed');
  return { attempt, step, secret };
}
