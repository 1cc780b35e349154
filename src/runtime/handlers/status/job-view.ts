import type { JobError, JobRecord } from '../../protocol/record';
import { referredKey } from '../../store/files/stored-text';
import type { JobOutline } from '../../store/job-index';

/** A job as a list shows it: times in ISO 8601. */
export interface JobSummary {
  readonly job_id: string;
  readonly status: JobRecord['status'];
  readonly attempt: number;
  readonly max_attempts: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly not_before?: string;
  readonly stages_completed: readonly string[];
  readonly current_stage?: string;
  readonly last_checkpoint?: string;
  readonly progress?: number;
  readonly progress_note?: string;
  readonly cancel_requested?: true;
  readonly error?: JobError;
}

/** A job as its owner sees it. */
export interface JobView extends JobSummary {
  /** The value, where it stands in the record. */
  readonly result?: unknown;
  /** Where to get it for a while, where it does not. */
  readonly result_url?: string;
}

/** What is nobody's business but the worker's (payload, checkpoint, lease, run) is left out, and so is the result: it may be long. */
export function jobSummary(record: JobOutline): JobSummary {
  return {
    job_id: record.job_id,
    status: record.status,
    attempt: record.attempt,
    max_attempts: record.max_attempts,
    created_at: iso(record.created_at),
    updated_at: iso(record.updated_at),
    ...times(record),
    stages_completed: record.stages_completed,
    ...(record.current_stage !== undefined && { current_stage: record.current_stage }),
    ...(record.progress !== undefined && { progress: record.progress }),
    ...(record.progress_note !== undefined && { progress_note: record.progress_note }),
    ...(record.cancel_requested && { cancel_requested: true }),
    ...(record.error && { error: record.error }),
  };
}

/** @param result_url of a result that is not in the record */
export function jobView(record: JobRecord, result_url?: string): JobView {
  const inRecord = record.result !== undefined && referredKey(record.result) === undefined;
  return {
    ...jobSummary(record),
    ...(inRecord && { result: JSON.parse(record.result!) as unknown }),
    ...(result_url !== undefined && { result_url }),
  };
}

function times(record: JobOutline): Partial<Record<'started_at' | 'finished_at' | 'not_before' | 'last_checkpoint', string>> {
  const names = ['started_at', 'finished_at', 'not_before', 'last_checkpoint'] as const;
  return Object.fromEntries(names.filter((name) => record[name] !== undefined).map((name) => [name, iso(record[name]!)]));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
