// @ts-check
/**
 * The steps of an invoice's extraction, on what the payload says, with a file in which each writes down what it does.
 *
 * @typedef {{ job_id: string, attempt: number, payload: { plan: string, journal: string }, result?: { text: string, lines?: number } }} Input
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SLOW_MS = 1_500;
const VERY_SLOW_MS = 15_000;

/** @param {Input} input @param {string} event */
function write({ job_id, attempt, payload }, event) {
  appendFileSync(payload.journal, `${JSON.stringify({ job_id, attempt, event, at: Date.now(), pid: process.pid })}\n`);
}

/** @param {Input} input */
export async function read(input) {
  write(input, 'start');
  return { text: 'Screws 3' };
}

/** @param {Input} input */
export async function extract(input) {
  const { plan } = input.payload;
  if (plan === 'fail' || (plan === 'fail-once' && input.attempt === 1)) {
    write(input, 'end');
    throw new TypeError(`attempt ${input.attempt} fails, as planned`);
  }
  await sleep(plan === 'very-slow' ? VERY_SLOW_MS : plan === 'slow' ? SLOW_MS : 0);
  return { ...input.result, lines: 1 };
}

/** @param {Input} input */
export async function complete(input) {
  write(input, 'succeed');
  return { lines: input.result?.lines, attempt: input.attempt };
}
