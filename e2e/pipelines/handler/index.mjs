// @ts-check
/**
 * Does what the payload says, and writes down when, in a file beside everything else: what a test believes is then
 * not only what the pipeline says of itself.
 *
 * @typedef {{ plan: string[], journal?: string, secret?: string, upload?: string }} Payload
 * @typedef {import('cdk-jobworks/runtime').Job<Payload, { step: number, secret?: string, filler?: string }>} Job
 * @typedef {(event: string) => void} Write
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_SECONDS = 2;
/** More than a queue delays. */
const LONG_WAIT_SECONDS = 2_000;
const SLOW_MS = 900;
/** More than a record holds. */
const LONG = 70_000;

/** @param {Job} job */
export async function handler(job) {
  const { journal } = job.payload;
  /** @type {Write} */
  const write = (event) => {
    if (journal) {
      appendFileSync(journal, `${JSON.stringify({ job_id: job.id, attempt: job.attempt, event, at: Date.now(), pid: process.pid })}\n`);
    }
  };

  write('start');
  try {
    return await act(job, write);
  } catch (error) {
    write('end'); // whatever it was: also a service that fails is an end of this attempt
    throw error;
  }
}

/**
 * @param {Job} job
 * @param {Write} write
 */
async function act(job, write) {
  const { plan, secret } = job.payload;
  // an attempt that saves is not charged, so it is told from the next one by what it saved
  const step = job.attempt + (job.checkpoint?.step ?? 0);
  const action = plan[Math.min(step, plan.length) - 1];
  job.log.info('handling', { action });
  switch (action) {
    case 'throw':
      throw new TypeError(`attempt ${job.attempt} throws, as planned`);
    case 'give-up':
      throw job.failed('there is no use, as planned', 'GivenUp');
    case 'wait':
      await job.saveCheckpoint({ step, secret });
      throw job.retryLater(WAIT_SECONDS);
    case 'save-and-kill':
      await job.saveCheckpoint({ step, secret }, { stage: 'saved' });
      return kill(write);
    case 'kill':
      return kill(write);
    case 'hang':
      return hang(job, write);
    case 'freeze':
      return freeze(job, write);
    case 'slow':
      await work(job);
      break;
    case 'deaf':
      await sleep(SLOW_MS);
      break;
    case 'deaf-throw':
      await sleep(SLOW_MS);
      throw new TypeError('thrown although it was cancelled, as planned');
    case 'wait-long':
      throw job.retryLater(LONG_WAIT_SECONDS);
    case 'save-and-work':
      await job.saveCheckpoint({ step, secret }, { stage: 'begun' });
      await sleep(60_000, undefined, { signal: job.signal });
      break;
    case 'long-result':
      return { filler: 'r'.repeat(LONG) };
    case 'files':
      return files(job);
    default:
  }
  write('succeed');
  return { attempt: job.attempt, step, secret };
}

/**
 * Does not stop when it is asked to. The attempt ends all the same: nobody waits for it any longer.
 *
 * @param {Job} job
 * @param {Write} write
 */
function hang(job, write) {
  job.signal.addEventListener('abort', () => write('end'));
  return new Promise(() => {});
}

/** @param {Write} write */
async function kill(write) {
  write('kill');
  process.kill(process.pid, 'SIGKILL');
  await sleep(1_000); // it dies in the meantime
}

/**
 * Is thawed when the next attempt has begun, and must not be able to change anything any more.
 *
 * @param {Job} job
 * @param {Write} write
 */
async function freeze(job, write) {
  write('freeze');
  process.kill(process.pid, 'SIGSTOP');
  await sleep(1);
  write('thaw');
  try {
    await job.saveCheckpoint({ step: 99 });
    write('unfenced');
  } catch {
    write('fenced');
  }
  return { frozen: true };
}

/**
 * Reads what was uploaded, and leaves a checkpoint and a result that are too long for a record.
 *
 * @param {Job} job
 */
async function files(job) {
  const { upload = '', secret } = job.payload;
  const file = await job.readUpload(upload);
  await job.saveCheckpoint({ step: 0, secret, filler: 'c'.repeat(LONG) });
  return { bytes: file.length, location: job.uploadLocation(upload), secret, filler: 'r'.repeat(LONG) };
}

/** @param {Job} job */
async function work(job) {
  for (let part = 0; part < 3; part++) {
    await sleep(SLOW_MS / 3, undefined, { signal: job.signal });
    await job.setProgress(part / 3);
  }
}
