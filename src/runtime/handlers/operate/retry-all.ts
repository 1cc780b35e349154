import type { Context } from 'aws-lambda';
import { isFilter, isMeant } from './failed-filter';
import { type FailedJob, type Gone, throughFailed } from './failed-jobs';
import type { RetryAllCommand } from './input';
import { retryToken } from './place';
import { unavailable } from './refused';
import { retryOne, type RetryParts } from './retry-one';
import { decide } from '../../protocol/decide';
import type { Outcome } from '../../protocol/decision';
import type { JobRecord } from '../../protocol/record';
import type { JobIndex, JobOutline } from '../../store/job-index';
import { ERROR_CODE } from '../../wire/http';
import type { SkipReason } from '../../wire/operators';

export interface RetryAllParts extends RetryParts {
  readonly index: Pick<JobIndex, 'failed' | 'records' | 'outlines'>;
}

/** What is left as it is, and why. */
export interface SkippedJob {
  readonly job_id: string;
  readonly reason: SkipReason;
}

interface Through {
  readonly skipped: number;
  readonly skipped_jobs: readonly SkippedJob[];
  /** Why it stopped before its limit. The next call goes on there. */
  readonly stopped?: { readonly code: string; readonly message: string };
  readonly next_token?: string;
}

export interface RetriedAll extends Through {
  readonly retried: number;
  readonly retried_jobs: readonly string[];
}

/** The answer of a dry run. It has no `retried`: nothing was. */
export interface WouldRetry extends Through {
  readonly dry_run: true;
  readonly would_retry: number;
  readonly would_retry_jobs: readonly { readonly job_id: string; readonly error_type: string }[];
}

type Time = Pick<Context, 'getRemainingTimeInMillis'>;

/**
 * Retries the jobs that failed since a time and before this began, oldest failure first. What it has not come to is left to the next call,
 * which is given the place; so is what a queue or table that does not answer has stopped.
 * @throws Refused if that was so before anything was retried
 */
export async function retryAll(command: RetryAllCommand, time: Time, parts: RetryAllParts): Promise<RetriedAll> {
  const until = command.place?.until ?? parts.ports.now();
  const [retried_jobs, skipped_jobs]: [string[], SkippedJob[]] = [[], []];
  const gone = await throughFailed(command, until, time, parts.index, async (jobs) => {
    const records = new Map((await parts.index.records(jobs.map(({ job_id }) => job_id))).map((record) => [record.job_id, record]));
    const meant = jobs.filter((job) => isStillMeant(job, records.get(job.job_id), until, command));
    const ends = await Promise.allSettled(meant.map(async ({ job_id }) => ({ job_id, end: await retryFailed(records.get(job_id), until, parts) })));
    const done = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    retried_jobs.push(...done.filter(({ end }) => end === 'retried').map(({ job_id }) => job_id));
    skipped_jobs.push(...done.flatMap(({ job_id, end }) => (end === 'retried' ? [] : [{ job_id, reason: end }])));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) {
      throw broken.reason;
    }
    return meant.length;
  });
  if (gone.broken !== undefined && retried_jobs.length === 0) {
    throw unavailable('nothing could be retried, as the table or the queue does not answer', gone.broken);
  }
  return { retried: retried_jobs.length, skipped: skipped_jobs.length, retried_jobs, skipped_jobs, ...whereNext(gone, command, parts) };
}

/** Tells what `retryAll` would do now, by the same rules. @throws Refused */
export async function dryRun(command: RetryAllCommand, time: Time, parts: RetryAllParts): Promise<WouldRetry> {
  const now = parts.ports.now();
  const until = command.place?.until ?? now;
  const would_retry_jobs: { readonly job_id: string; readonly error_type: string }[] = [];
  const skipped_jobs: SkippedJob[] = [];
  const gone = await throughFailed(command, until, time, parts.index, async (jobs) => {
    const meant = jobs.filter((job) => isStillMeant(job, job.outline, until, command));
    for (const { job_id, outline } of meant) {
      const end = wouldEnd(outline, until, now);
      if (end === 'retried') {
        would_retry_jobs.push({ job_id, error_type: outline?.error?.type ?? 'unknown' });
      } else {
        skipped_jobs.push({ job_id, reason: end });
      }
    }
    return meant.length;
  });
  if (gone.broken !== undefined && would_retry_jobs.length === 0) {
    throw unavailable('the failed jobs could not be read, as the table does not answer', gone.broken);
  }
  return {
    dry_run: true,
    would_retry: would_retry_jobs.length,
    skipped: skipped_jobs.length,
    would_retry_jobs,
    skipped_jobs,
    ...whereNext(gone, command, parts),
  };
}

function whereNext({ next, broken }: Gone, command: RetryAllCommand, { log }: RetryAllParts): Pick<Through, 'next_token' | 'stopped'> {
  if (broken !== undefined) {
    log.warn('the retry stopped, and goes on with the next call', broken as Error);
  }
  return {
    ...(broken !== undefined && {
      stopped: { code: ERROR_CODE.unavailable, message: 'the table or the queue stopped answering: go on with the next_token' },
    }),
    ...(next && { next_token: retryToken(next, command) }),
  };
}

/**
 * A filter means the failure that a job has now. One that is no longer failed was meant if it was before, and is told as skipped; what is gone
 * is nothing that a filter means.
 */
function isStillMeant({ outline }: FailedJob, seen: JobOutline | undefined, until: number, command: RetryAllCommand): boolean {
  if (!seen || !isFilter(command)) {
    return !isFilter(command);
  }
  const judged = notToRetry(seen, until) ? outline : seen;
  return judged !== undefined && isMeant(judged, command);
}

async function retryFailed(record: JobRecord | undefined, until: number, parts: RetryParts): Promise<'retried' | SkipReason> {
  const reason = notToRetry(record, until);
  if (reason || !record) {
    return reason ?? 'gone';
  }
  const done = await retryOne(record, parts);
  return endOf(done.outcome, done.record);
}

/** A job's long texts are of no matter to whether it is retried. */
function wouldEnd(outline: JobOutline | undefined, until: number, now: number): 'retried' | SkipReason {
  const reason = notToRetry(outline, until);
  if (reason || !outline) {
    return reason ?? 'gone';
  }
  const record = { ...outline, payload: '' };
  return endOf(decide(record, { type: 'retry', generation: outline.generation, deadline_at: now }, now).outcome, record);
}

function notToRetry(job: JobOutline | undefined, until: number): SkipReason | undefined {
  if (!job) {
    return 'gone';
  }
  if (job.status !== 'failed') {
    return 'not_failed';
  }
  return job.finished_at! > until ? 'failed_again' : undefined;
}

function endOf(outcome: Outcome, record: JobRecord | undefined): 'retried' | SkipReason {
  switch (outcome) {
    case 'retried': return 'retried';
    case 'newer': return 'newer_version';
    case 'not_found': return 'gone';
    default: return record?.status === 'failed' ? 'no_job' : 'not_failed';
  }
}
