import type { JOB_STATUSES } from '../wire/job';

/** The five states of a job. The last three are terminal: only an explicit retry leaves them. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Why a job or one of its attempts ended badly. */
export interface JobError {
  /** Class of the error, such as the handler's `error.name` or one of {@link SYSTEM_ERRORS}. */
  readonly type: string;
  readonly message: string;
  /** The attempt that failed; 0 when no attempt was ever made. */
  readonly attempt: number;
}

/** Error types written by the system itself, never by a handler. */
export const SYSTEM_ERRORS = {
  /** An attempt ended without a word: its process crashed, or ran into its timeout. */
  workerLost: 'WorkerLost',
  /** The queue gave the message up before a worker could take it. */
  deadLettered: 'DeadLettered',
  /** The job was not done by its `deadline_at`. */
  deadlineExceeded: 'DeadlineExceeded',
  /** The message on the queue is not a job. */
  invalidMessage: 'InvalidMessage',
} as const;

/**
 * The record of one job: the same names in code, on the wire, in the table and in SQL.
 * Times are epoch milliseconds, except `expires_at`, which the table's TTL wants in seconds.
 * `payload`, `result` and `checkpoint` are JSON texts, so that what comes back is exactly what went in.
 */
export interface JobRecord {
  /** Format of the record; see {@link RECORD_VERSION}. */
  readonly version: number;
  readonly job_id: string;
  readonly owner: string;
  readonly status: JobStatus;
  readonly payload: string;
  /** Hash of the payload, by which a repeated submission is recognised. */
  readonly payload_hash: string;
  /** Rises with every explicit retry of an ended job. */
  readonly generation: number;
  /** Rises at every claim and never falls: the fence between attempts. */
  readonly run: number;
  /** Attempts charged in this generation. */
  readonly attempt: number;
  readonly max_attempts: number;
  /** No attempt starts before this time. */
  readonly not_before?: number;
  readonly created_at: number;
  readonly updated_at: number;
  /** First claim of this generation. */
  readonly started_at?: number;
  readonly finished_at?: number;
  /** Until then the attempt that holds `run` is taken to be alive. */
  readonly lease_expires_at?: number;
  /** A job that has not ended by then is failed. */
  readonly deadline_at: number;
  /** How long the record is kept after the job ended or its deadline passed, whichever is later. */
  readonly retention_seconds: number;
  readonly stages_completed: readonly string[];
  readonly current_stage?: string;
  /** When `checkpoint` was saved. */
  readonly last_checkpoint?: number;
  readonly checkpoint?: string;
  /** The run that last moved the checkpoint forward. */
  readonly checkpoint_run?: number;
  /** From 0 to 1. */
  readonly progress?: number;
  readonly progress_note?: string;
  readonly result?: string;
  readonly error?: JobError;
  readonly cancel_requested: boolean;
  readonly correlation_id: string;
  /** Epoch seconds after which the record counts as absent; set by the terminal write alone. */
  readonly expires_at?: number;
}

/** Format written today. A reader must accept any higher minor change: fields it does not know are left alone. */
export const RECORD_VERSION = 1;

/** Added to the time an attempt has left: for as long its record is leased to it. */
export const LEASE_MARGIN_MS = 2_000;

/** Added to the time an attempt has left: for as long its message is hidden. Greater than the lease's, so a redelivery finds the lease expired. */
export const VISIBILITY_MARGIN_MS = 4_000;

/** A message can be delayed by this much at most; longer waits are chained. */
export const MAX_DELAY_MS = 900_000;

/**
 * What a decision rests on. Each transition changes it, so a write conditional on the stamp
 * happens only if nothing was decided in between. A checkpoint does not change it.
 */
export interface Stamp {
  readonly status: JobStatus;
  readonly generation: number;
  readonly run: number;
  readonly cancel_requested: boolean;
}

export function stampOf(record: JobRecord): Stamp {
  return { status: record.status, generation: record.generation, run: record.run, cancel_requested: record.cancel_requested };
}

export function isTerminal(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Epoch seconds from which a record is gone that is kept for `retention_seconds` after `end`. */
export function expiry(end: number, retention_seconds: number): number {
  return Math.ceil(end / 1000) + retention_seconds;
}

/** A record past its `expires_at` is absent, whether the table has deleted it yet or not. */
export function isExpired(record: Pick<JobRecord, 'expires_at'>, now: number): boolean {
  return record.expires_at !== undefined && record.expires_at * 1000 <= now;
}

/** Whether an attempt may still be running: only a processing record has a lease. */
export function isLeased(record: JobRecord, now: number): boolean {
  return record.lease_expires_at !== undefined && record.lease_expires_at > now;
}

/** Whether the attempt that claimed the record last has moved its checkpoint forward: it is not charged then. */
export function hasMoved(record: JobRecord): boolean {
  return record.checkpoint_run === record.run;
}
