// @ts-check
/**
 * Does what the payload says. What a job may call is a file that says how long it takes at the moment, in milliseconds.
 *
 * @typedef {{ plan: 'succeed' | 'throw' | 'give-up' | 'kill' | 'hang' | 'cancelled' | 'call' | 'wait', provider?: string }} Payload
 * @typedef {import('cdk-jobworks/runtime').Job<Payload, { step: number }>} Job
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const A_MOMENT_MS = 1_000;

/** @param {Job} job */
export async function handler(job) {
  if (!job.payload) { // called by somebody, and not by the queue
    await sleep(A_MOMENT_MS);
    return undefined;
  }
  const { plan, provider } = job.payload;
  await job.saveCheckpoint({ step: 1 });
  await job.completeStage('begun');
  switch (plan) {
    case 'throw': throw new TypeError('thrown, as planned');
    case 'give-up': throw job.failed('there is no use, as planned', 'GivenUp');
    case 'wait': if (job.attempt === 1 && !job.checkpoint) throw job.retryLater(1); break;
    case 'kill': process.kill(process.pid, 'SIGKILL'); await sleep(A_MOMENT_MS); break;
    case 'hang': hang(); break;
    case 'call': await sleep(Number(readFileSync(provider ?? '', 'utf8'))); break;
    default:
  }
  job.metric('Pages', 3);
  return { done: true };
}

/** Nothing else is done in the meantime: nobody can stop it but Lambda. */
function hang() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * A_MOMENT_MS);
}

/** @param {{ payload: { provider: string } }} input */
export async function step({ payload }) {
  await sleep(Number(readFileSync(payload.provider, 'utf8')));
  return { done: true };
}

export async function mail() {
  throw new Error('the mail server is down, as planned');
}
