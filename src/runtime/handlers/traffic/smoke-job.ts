import type { Call, Called, Clock } from './call';
import { missing } from './contains';
import type { Log } from '../../telemetry/log';
import { SMOKE_TEST_OWNER, type SmokeJob } from '../../wire/deployment';

/** The job did not end as it should. */
export class SmokeTestFailed extends Error {
  readonly name = 'SmokeTestFailed';
}

export interface SmokeJobParts extends Clock {
  readonly call: Call;
  /** ARN of the function that submits, and of the one that tells the status. */
  readonly submit: string;
  readonly status: string;
  readonly log: Log;
}

/** What of a job's status is looked at. */
interface Seen {
  readonly status?: string;
  readonly result?: unknown;
  readonly result_url?: string;
  readonly error?: { readonly type: string; readonly message: string };
}

const ENDED = ['succeeded', 'failed', 'cancelled'];
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Submits a job as anybody does, and waits until it has succeeded.
 *
 * @param id of the deployment's step: a second call for the same step finds the job of the first
 * @param until when the caller has to be done, epoch milliseconds
 * @throws SmokeTestFailed
 */
export async function runSmokeJob({ payload, result, timeout_seconds }: SmokeJob, id: string, until: number, parts: SmokeJobParts): Promise<void> {
  const correlation_id = `smoke-test.${id.replace(/[^\w.-]/g, '-')}`.slice(0, 128);
  const deadline = Math.min(parts.now() + timeout_seconds * 1_000, until);
  const { job_id } = answerOf(await parts.call(parts.submit, {
    payload, owner: SMOKE_TEST_OWNER, idempotency_key: id.replace(/[^\x21-\x7e]/g, '-').slice(0, 255), correlation_id,
  }, deadline), 'the job could not be submitted') as { readonly job_id: string };
  const log = parts.log.with({ job_id, correlation_id });
  log.info('submitted the job of the smoke test');
  const seen = await ended(job_id, correlation_id, deadline, timeout_seconds, parts);
  if (seen.status !== 'succeeded') {
    throw new SmokeTestFailed(`job ${job_id} ${seen.status}${seen.error ? ` with ${seen.error.type}: ${seen.error.message}` : ''}`);
  }
  const path = result === undefined ? undefined : missing(seen.result, result, 'result');
  if (path !== undefined) {
    throw new SmokeTestFailed(seen.result_url === undefined
      ? `job ${job_id} succeeded, but its ${path} is not as expected`
      : `job ${job_id} succeeded, but its result is in the bucket, where it is not compared: expect a smaller one`);
  }
  log.info('the job of the smoke test succeeded');
}

async function ended(job_id: string, correlation_id: string, deadline: number, seconds: number, parts: SmokeJobParts): Promise<Seen> {
  let seen: Seen = {};
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const called = await parts.call(parts.status, { job_id, correlation_id }, deadline);
    // for a moment after its submission the job may be on the queue alone
    seen = 'error' in called && called.error.type === 'NotFound' ? seen : answerOf(called, `job ${job_id} could not be read`) as Seen;
    if (ENDED.includes(seen.status ?? '')) {
      return seen;
    }
    if (parts.now() + pause >= deadline) {
      throw new SmokeTestFailed(`job ${job_id} did not end within ${seconds} seconds, and is ${seen.status ?? 'not known yet'}: `
        + 'is the pipeline paused, busy with other jobs, or the timeout of the smoke test too short?');
    }
    await parts.sleep(pause);
  }
}

function answerOf(called: Called, otherwise: string): unknown {
  if ('error' in called) {
    throw new SmokeTestFailed(`${otherwise}: ${called.error.type}: ${called.error.message}`);
  }
  return called.answer;
}
