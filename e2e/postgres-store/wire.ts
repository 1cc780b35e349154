import type { Taken } from './queue';
import type { JobMessage } from '../../src/runtime/protocol/message';

/** What a process of workers is started with. */
export interface Task {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly role: string;
  readonly password: string;
  readonly caFile: string;
  readonly pipeline: string;
  /** At once in this process. */
  readonly workers: number;
  /** All that they share. */
  readonly connections: number;
}

/** What a worker is asked to do: to submit a job, or to work on a message. Nothing means that all is done. */
export type Work = { readonly submit: JobMessage } | { readonly deliver: Taken } | undefined;

/** What a process says. With a number it waits for the answer. */
export type Said =
  | { readonly say: 'next'; readonly number: number }
  | { readonly say: 'send'; readonly number: number; readonly message: JobMessage; readonly delay_ms: number }
  | { readonly say: 'hide'; readonly number: number; readonly taken: Taken; readonly until: number }
  | { readonly say: 'delete'; readonly taken: Taken }
  | { readonly say: 'accepted'; readonly job_id: string }
  | { readonly say: 'journal'; readonly job_id: string; readonly event: 'start' | 'succeed' | 'end' | 'fenced'; readonly at: number }
  | { readonly say: 'error'; readonly during: 'submit' | 'work'; readonly text: string };

export interface Answer {
  readonly number: number;
  readonly work?: Work;
}

/** Jobs of which the rows of their handler and their end are one commit; others end by a statement of their own. */
export const endsWithin = (job_id: string): boolean => Number(job_id.slice(-1)) % 2 === 0;
