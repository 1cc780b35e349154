import type { JobError, JobRecord } from '../../protocol/record';

/** A job as its owner sees it: times in ISO 8601, texts of JSON as JSON. */
export interface JobView {
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
  readonly result?: unknown;
  readonly error?: JobError;
}

/** What is nobody's business but the worker's (payload, checkpoint, lease, run) is left out. */
export function jobView(record: JobRecord): JobView {
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
    ...(record.result !== undefined && { result: JSON.parse(record.result) as unknown }),
    ...(record.error && { error: record.error }),
  };
}

function times(record: JobRecord): Partial<Record<'started_at' | 'finished_at' | 'not_before' | 'last_checkpoint', string>> {
  const names = ['started_at', 'finished_at', 'not_before', 'last_checkpoint'] as const;
  return Object.fromEntries(names.filter((name) => record[name] !== undefined).map((name) => [name, iso(record[name]!)]));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
