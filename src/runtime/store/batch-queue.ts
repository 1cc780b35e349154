import type { JobQueue } from './job-queue';
import type { JobMessage } from '../protocol/message';

/** A message on its way out. */
export interface Outgoing {
  readonly message: JobMessage;
  readonly delay_ms: number;
}

/** A queue that takes many messages at once, and answers for each of them. */
export interface BatchQueue extends JobQueue {
  /** @returns why a message was not sent, in their order; undefined where it was. Never throws */
  sendAll(messages: readonly Outgoing[]): Promise<readonly (Error | undefined)[]>;
}
