import { JobMessage } from './message';
import { JobError } from './record';

/** Everything that can happen to a job. */
export type JobEvent =
  /** Somebody asks for a job. */
  | { readonly type: 'submit'; readonly message: JobMessage }
  /** A worker received the message and has `remaining_ms` before its platform kills it. */
  | { readonly type: 'deliver'; readonly message: JobMessage; readonly remaining_ms: number; readonly judged_run?: JudgedRun }
  /** A worker received something that is not a job. */
  | { readonly type: 'reject'; readonly message: JobMessage; readonly reason: string }
  | AttemptEvent
  /** The execution of the attempt that holds `run` is under way, and its end will be told: the message in hand has done its part. */
  | { readonly type: 'started'; readonly generation: number; readonly run: number; readonly lease_ms: number }
  /** The owner no longer wants the job. */
  | { readonly type: 'cancel' }
  /** The owner or an operator, who saw `generation` end, wants the job to run again, until `deadline_at`. */
  | { readonly type: 'retry'; readonly generation: number; readonly deadline_at: number }
  /** The queue gave the message up. */
  | { readonly type: 'dead_letter'; readonly message: JobMessage; readonly judged_run?: JudgedRun }
  /** The sweeper found the record in the index of deadlines. */
  | { readonly type: 'sweep'; readonly judged_run?: JudgedRun };

/**
 * Given where attempts are executions that outlive the process which has started them: the run whose execution was asked about and is not there;
 * 0 where none was asked about. An attempt under another run is not judged by its lease.
 */
export type JudgedRun = number;

/** What the attempt holding `run` reports. */
export type AttemptEvent =
  | { readonly type: 'checkpoint'; readonly run: number; readonly checkpoint: string; readonly stage?: string }
  | { readonly type: 'complete_stage'; readonly run: number; readonly stage: string }
  | { readonly type: 'progress'; readonly run: number; readonly progress: number; readonly note?: string }
  | { readonly type: 'succeed'; readonly run: number; readonly result?: string }
  /**
   * The handler threw. `retry` is false when it said that another attempt is of no use. `detached` is an attempt whose message is gone since it
   * was started: the next attempt gets one of its own.
   */
  | { readonly type: 'fail'; readonly run: number; readonly error: JobError; readonly retry: boolean; readonly delay_ms: number; readonly detached?: boolean }
  /** The handler asks to be called later; the attempt is not charged. */
  | { readonly type: 'defer'; readonly run: number; readonly delay_ms: number }
  /** The handler stopped because the job was cancelled. */
  | { readonly type: 'stop'; readonly run: number };
