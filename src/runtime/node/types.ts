/*
 * What the author of a handler sees: `import type { Job, JobHandler } from 'cdk-jobworks/runtime'`.
 * Types alone, and none of an SDK's.
 */

import type { TransactionClient } from '../store/transaction-client';

/**
 * A handler: a plain function, with nothing to import or bundle. What it returns is the job's result
 * (JSON, up to 64 KiB; up to 64 MiB where the pipeline has a bucket).
 * One that answers by a callback, a third parameter, fails its jobs as `HandlerContract`: it would return while it is at work.
 *
 * It ends an attempt otherwise by throwing:
 * - `throw job.retryLater(after)`: call me later; the attempt is not charged. For a provider's rate limit.
 * - `throw job.failed(message)`: another attempt would be of no use.
 * - any other error: another attempt follows after a while, until `maxAttempts` are used up. An attempt that moved its
 *   checkpoint forward is not charged.
 */
export type JobHandler<Payload = unknown, Result = unknown, Checkpoint = unknown> =
  (job: Job<Payload, Checkpoint>, context: JobContext) => Promise<Result> | Result;

/** One attempt at a job. */
export interface Job<Payload = unknown, Checkpoint = unknown> {
  readonly id: string;

  /** What was submitted. */
  readonly payload: Payload;

  /** Number of this attempt, from 1. Deferred attempts and those that moved the checkpoint forward are not counted. */
  readonly attempt: number;

  readonly maxAttempts: number;

  /** What the last attempt saved, or undefined where nothing was saved yet: go on from there. */
  readonly checkpoint: Checkpoint | undefined;

  /** Stages completed so far, by this attempt or an earlier one. */
  readonly stagesCompleted: readonly string[];

  /** Comes from the submission and goes through all log lines. */
  readonly correlationId: string;

  /**
   * Aborts when the attempt should stop: the function's timeout is near (`reason.name` is `TimeoutNear`), the job is to be
   * cancelled (`JobCancelled`), or another attempt has taken its place (`JobSuperseded`). Hand it to `fetch` and the like:
   * an attempt that ends with an error after a `TimeoutNear` is continued at once from its checkpoint.
   */
  readonly signal: AbortSignal;

  /** Structured log lines that carry the ids of the job. */
  readonly log: JobLog;

  /**
   * Saves where the work stands (JSON, up to 64 KiB; up to 64 MiB with a bucket), for the next attempt to go on from.
   * When `signal` has aborted, the state is saved all the same and then the signal's reason is thrown,
   * so that a handler which only saves checkpoints ends in time by itself.
   *
   * An attempt that saved another state than it found is not charged. So save what moves: a handler that saves
   * noise, such as the time, and then fails is tried again until the job's deadline.
   */
  saveCheckpoint(state: Checkpoint, options?: CheckpointOptions): Promise<void>;

  /** Marks a stage as completed and counts its duration; of up to 100 names. Throws as {@link saveCheckpoint} does. */
  completeStage(name: string): Promise<void>;

  /**
   * Ends the job with this result inside a transaction of the handler's own, where the pipeline's jobs are in PostgreSQL: what the handler
   * writes and the end of its job are one commit.
   *
   *     await client.query('BEGIN');
   *     await client.query('INSERT INTO invoices …');
   *     await job.succeedWithin(client, { invoices: 3 });
   *     await client.query('COMMIT');
   *
   * Let it be the last statement before `COMMIT`, and save and show nothing after it: until the transaction ends, nobody else can write the job's
   * record. When it is committed, the job has succeeded, however the handler goes on. When it is rolled back, the job has not ended: throw then,
   * or begin another transaction. A handler that returns after a transaction that was not committed fails its attempt as
   * `TransactionNotCommitted`, and what it returns counts for nothing.
   *
   * Rejects, so that the transaction is rolled back: with `JobSuperseded` where the job is no longer this attempt's, with `NotInTransaction` where
   * none was begun on this client, with a {@link failed} job of `type` `NoTransactions` where jobs are not in PostgreSQL, and with the client's own
   * error where the database refuses the statement.
   * @param client a client of `pg`, connected to the pipeline's database as a role that may write its tables; not a pool, which sends each
   *   statement over another connection
   * @param result JSON, up to 64 KiB; up to 64 MiB with a bucket
   */
  succeedWithin(client: TransactionClient, result?: unknown): Promise<void>;

  /**
   * Shows how far the job is. Written at once and then every five seconds at most, the last one too, so it may be called in a
   * tight loop; need not be awaited. Awaited, it throws as {@link saveCheckpoint} does, and a
   * RangeError for what is no progress; not awaited, the log says so.
   *
   * Each write is billed by the size of the whole record (a write unit for each KB of payload, checkpoint and the rest), as are
   * those of {@link saveCheckpoint} and {@link completeStage}, which are written each time.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
   * @param fraction from 0 to 1
   * @param note up to 256 characters
   */
  setProgress(fraction: number, note?: string): Promise<void>;

  /**
   * Counts something in the namespace and dimension of the pipeline. Throws where the name is one of the pipeline's own metrics.
   * @param unit a unit of CloudWatch; default `Count`
   */
  metric(name: string, value: number, unit?: MetricUnit): void;

  /**
   * Reads a file that the owner of the job has uploaded (`POST /uploads`), whole: a large one is better streamed from
   * {@link uploadLocation}.
   *
   * Rejects with a {@link failed} job, so that it is not tried again unless the handler catches it: of `type` `UploadNotFound` where the owner
   * has no such upload (yet), `InvalidUploadId` for what is no upload's id, `NoBucket` where the pipeline has none.
   * @param upload_id `upl_` and 26 characters
   */
  readUpload(upload_id: string): Promise<Buffer>;

  /**
   * Where such a file is, for a client of S3 of the handler's own. The function may read it. Throws as {@link readUpload} does, but does not
   * ask whether the file is there: the client's `NoSuchKey` is an error like any other, and is tried again.
   */
  uploadLocation(upload_id: string): UploadLocation;

  /**
   * To be thrown: the job is called again after a while, and this attempt is not charged.
   * An error of one's own does the same if its `name` is `RetryLater`; what it has as `seconds` is taken for `after`.
   * @param after seconds, up to 366 days; or what a provider answered as `Retry-After` (seconds or a date), up to a day.
   * Anything else, such as the null of a header that is not there, is 60 seconds
   */
  retryLater(after?: number | string | null, message?: string): Error;

  /**
   * To be thrown: the job has failed, and is not tried again.
   * An error of one's own does the same if its `name` is `JobFailed`.
   * @param type what callers see as `error.type`; default `JobFailed`
   */
  failed(message: string, type?: string): Error;

  /**
   * To be thrown: the job stopped because it was cancelled.
   * An error of one's own does the same if its `name` is `JobCancelled`.
   */
  cancelled(message?: string): Error;
}

export interface CheckpointOptions {
  /** The stage the job is in, shown as `current_stage`. */
  readonly stage?: string;
}

/** An object in S3. */
export interface UploadLocation {
  readonly bucket: string;
  readonly key: string;
}

export interface JobLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Fields of a log line, or the error it is about. */
export type LogFields = Readonly<Record<string, unknown>> | Error;

/** What Lambda tells about the invocation. */
export interface JobContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
}

/** Units of CloudWatch. */
export type MetricUnit =
  | 'Seconds' | 'Microseconds' | 'Milliseconds'
  | 'Bytes' | 'Kilobytes' | 'Megabytes' | 'Gigabytes' | 'Terabytes'
  | 'Bits' | 'Kilobits' | 'Megabits' | 'Gigabits' | 'Terabits'
  | 'Percent' | 'Count' | 'None'
  | 'Bytes/Second' | 'Kilobytes/Second' | 'Megabytes/Second' | 'Gigabytes/Second' | 'Terabytes/Second'
  | 'Bits/Second' | 'Kilobits/Second' | 'Megabits/Second' | 'Gigabits/Second' | 'Terabits/Second'
  | 'Count/Second';
