import type { Context } from 'aws-lambda';
import { placeToken, RetryAllCommand, RetryPlace } from './input';
import { orUnavailable, unavailable } from './refused';
import type { JobRecord } from '../../protocol/record';
import type { IndexEntry, JobIndex } from '../../store/job-index';
import { perform, Performed, Ports, StepFailed } from '../../store/perform';
import type { Log } from '../../telemetry/log';

export interface RetryParts {
  readonly ports: Ports;
  /** From a retry to the time at which the job is failed if it has not ended. */
  readonly deadlineSeconds: number;
  readonly log: Log;
}

export interface RetryAllParts extends RetryParts {
  readonly index: Pick<JobIndex, 'failed' | 'records'>;
}

export interface RetriedAll {
  readonly retried: number;
  /** What was no longer failed, what was no job, and what is of a newer version than this function: the log names each of the last two. */
  readonly skipped: number;
  readonly next_token?: string;
}

/** So many jobs are retried at a time. */
const AT_ONCE = 10;

const NOTHING = 'nothing could be retried';

/** The next ones are begun only with so much time left. */
const RESERVE_MS = 8_000;

/**
 * Retries the jobs that failed since a time and before this began, oldest failure first. What it has not come to is left to the next call,
 * which is given the place; so is what a queue or table that does not answer has stopped.
 */
export async function retryAll(
  command: RetryAllCommand, { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>, parts: RetryAllParts,
): Promise<RetriedAll> {
  const until = command.place?.until ?? parts.ports.now();
  const count = { retried: 0, skipped: 0 };
  let place: IndexEntry | undefined = command.place;
  const entries = await orUnavailable(NOTHING, async () => parts.index.failed(command.failed_since, command.limit, place));
  const due = entries.filter(({ at }) => at <= until);
  for (let start = 0; start < due.length; start += AT_ONCE) {
    if (start > 0 && getRemainingTimeInMillis() < RESERVE_MS) {
      return goOn(count, place, until);
    }
    const some = due.slice(start, start + AT_ONCE);
    const ends = await Promise.allSettled((await recordsOf(some, parts)).map(async (record) => retryFailed(record, until, parts)));
    ends.forEach((end) => end.status === 'fulfilled' && count[end.value]++);
    count.skipped += some.length - ends.length; // records that are gone
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) {
      if (count.retried === 0) {
        throw unavailable(NOTHING, broken.reason);
      }
      parts.log.warn('the retry stopped, and goes on with the next call', broken.reason as Error);
      return goOn(count, place, until);
    }
    place = some.at(-1);
  }
  // what is missing from a full page of the index failed later, and so does everything after it
  return due.length === command.limit ? goOn(count, place, until) : count;
}

function goOn(count: { retried: number; skipped: number }, place: IndexEntry | undefined, until: number): RetriedAll {
  const from: RetryPlace = place ? { ...place, until } : { at: 0, job_id: FIRST_ID, until };
  return { ...count, next_token: placeToken(from) };
}

/** Before every id. */
const FIRST_ID = `job_${'0'.repeat(26)}`;

async function recordsOf(entries: readonly IndexEntry[], { index }: RetryAllParts): Promise<JobRecord[]> {
  return index.records(entries.map(({ job_id }) => job_id));
}

async function retryFailed(record: JobRecord, until: number, parts: RetryParts): Promise<'retried' | 'skipped'> {
  if (record.status !== 'failed' || record.finished_at! > until) {
    return 'skipped';
  }
  const { outcome } = await retryOne(record, parts);
  return outcome === 'retried' ? 'retried' : 'skipped';
}

/**
 * Retries a job as it was seen to have ended. Once its message is sent it runs again, also when its record could not be written:
 * the worker does that then.
 * @throws if nothing was sent
 */
export async function retryOne(record: JobRecord, { ports, deadlineSeconds, log }: RetryParts): Promise<Pick<Performed, 'outcome' | 'record'>> {
  const { job_id, owner, correlation_id, generation } = record;
  const jobLog = log.with({ job_id, owner, correlation_id });
  try {
    const done = await perform({ type: 'retry', generation, deadline_at: ports.now() + deadlineSeconds * 1000 }, record, ports);
    jobLog[done.outcome === 'newer' ? 'warn' : 'info']('retry', { outcome: done.outcome, generation: done.record?.generation });
    return done;
  } catch (error) {
    if (error instanceof StepFailed && error.sent) {
      jobLog.warn('retried without a record', error);
      return { outcome: 'retried', record: { ...record, generation: generation + 1 } };
    }
    jobLog.error('not retried', error as Error);
    throw error;
  }
}
