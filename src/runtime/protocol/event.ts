import { JobMessage } from './message';
import { JobError } from './record';

/** Everything that can happen to a job. */
export type JobEvent =
  /** Somebody asks for a job. */
  | { readonly type: 'submit'; readonly message: JobMessage }
  /** A worker received the message and has `remaining_ms` before its platform kills it. */
  | { readonly type: 'deliver'; readonly message: JobMessage; readonly remaining_ms: number }
  /** A worker received something that is not a job. */
  | { readonly type: 'reject'; readonly message: JobMessage; readonly reason: string }
  | AttemptEvent
  /** The owner no longer wants the job. */
  | { readonly type: 'cancel' }
  /** The owner or an operator, who saw `generation` end, wants the job to run again, until `deadline_at`. */
  | { readonly type: 'retry'; readonly generation: number; readonly deadline_at: number }
  /** The queue gave the message up. */
  | { readonly type: 'dead_letter'; readonly message: JobMessage }
  /** The sweeper found the record in the index of deadlines. */
  | { readonly type: 'sweep' };

/** What the attempt holding `run` reports. */
export type AttemptEvent =
  | { readonly type: 'checkpoint'; readonly run: number; readonly checkpoint: string; readonly stage?: string }
  | { readonly type: 'complete_stage'; readonly run: number; readonly stage: string }
  | { readonly type: 'progress'; readonly run: number; readonly progress: number; readonly note?: string }
  | { readonly type: 'succeed'; readonly run: number; readonly result?: string }
  /** The handler threw. `retry` is false when it said that another attempt is of no use. */
  | { readonly type: 'fail'; readonly run: number; readonly error: JobError; readonly retry: boolean; readonly delay_ms: number }
  /** The handler asks to be called later; the attempt is not charged. */
  | { readonly type: 'defer'; readonly run: number; readonly delay_ms: number }
  /** The handler stopped because the job was cancelled. */
  | { readonly type: 'stop'; readonly run: number };
