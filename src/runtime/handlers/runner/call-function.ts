import { CallAnswer, callAnswer, contractError } from './call-answer';
import { callFailed, functionFailed, isInterrupted } from './call-errors';
import { callRequest, requestText, UploadsOf } from './call-request';
import type { Invoke, Invoked } from './invoke';
import type { RunJob } from '../../node/attempt';
import { ERROR_NAME } from '../../node/errors';
import type { Job, MetricUnit } from '../../node/types';
import { Backoff, backoffDelay } from '../../protocol/backoff';
import type { JobRecord } from '../../protocol/record';

/** What a function is called with. */
export interface CallParts {
  readonly invoke: Invoke;
  /** The timeout of the function that is called. */
  readonly timeoutMs: number;
  readonly uploads?: UploadsOf;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1, exclusive. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** A function that starts anew may take so long before its timeout begins to count. */
export const STARTING_MS = 15_000;

/** Left for writing what became of the call. */
export const WRITING_MS = 8_000;

/** Between calls that the function could not take. Short at the longest: a job that has waited for other reasons begins with long waits, too. */
const BUSY: Backoff = { first_ms: 2_000, max_ms: 120_000, jitter: 0.5 };

/** Runs a job by calling a function, once. */
export function callFunction(parts: CallParts): RunJob {
  return async (job, record, context) => {
    const request = requestText(callRequest(job, record, parts.uploads));
    const timeoutMs = Math.max(1, Math.min(parts.timeoutMs + STARTING_MS, context.getRemainingTimeInMillis() - WRITING_MS));
    const delay = busyDelay(record, parts.random());
    const { failed, payload } = await call(request, timeoutMs, delay, job, parts);
    if (failed) {
      throw functionFailed(payload, delay);
    }
    return apply(callAnswer(payload), job);
  };
}

async function call(request: string, timeoutMs: number, delay: number, job: Job, parts: CallParts): Promise<Invoked> {
  const started = parts.now();
  try {
    const invoked = await parts.invoke(request, timeoutMs);
    const { request_id: called_request_id, failed: function_error, payload } = invoked;
    job.log.info('function called', { called_request_id, function_error, duration_ms: parts.now() - started, answer_bytes: Buffer.byteLength(payload) });
    return invoked;
  } catch (error) {
    const end = callFailed(error as Error, timeoutMs, delay);
    job.log.warn('the function was not called, or did not answer', { error, duration_ms: parts.now() - started });
    if (isInterrupted(end)) {
      // It may be at work for as long as its timeout allows, and a job has one live attempt.
      await parts.sleep(Math.max(0, timeoutMs - (parts.now() - started)));
    }
    throw end;
  }
}

/** Seconds; longer each time a job was called without being charged. */
function busyDelay({ run, attempt }: JobRecord, random: number): number {
  return backoffDelay(BUSY, 1 + Math.max(0, run - attempt), random) / 1000;
}

/** Reports what the function says beside how it ended; returned and thrown is what a handler would return and throw. */
async function apply({ end, stages_completed, metrics }: CallAnswer, job: Job): Promise<unknown> {
  try {
    metrics.forEach(({ name, value, unit }) => job.metric(name, value, unit as MetricUnit | undefined));
    for (const stage of stages_completed) {
      await job.completeStage(stage);
    }
    if ('checkpoint' in end) {
      await job.saveCheckpoint(end.checkpoint, { stage: end.stage });
    }
  } catch (error) {
    if (isLimit(error)) {
      throw contractError([error.message]);
    }
    // The record is marked by then, and how the attempt ends decides: success wins, all else ends as cancelled.
    if ((error as Error).name !== ERROR_NAME.jobCancelled) {
      throw error;
    }
  }
  if ('failed' in end) {
    throw job.failed(end.failed.message, end.failed.type);
  }
  if (!('result' in end)) {
    throw job.retryLater(end.retry_later_seconds);
  }
  return end.result;
}

/** What is over a limit is so the next time as well. */
function isLimit(error: unknown): error is Error {
  return error instanceof RangeError || error instanceof TypeError || (error as Error).name === 'TextTooLong';
}
