import type { JobMessage } from '../protocol/message';

/** The queue of a pipeline. */
export interface JobQueue {
  /** @param delay_ms from 0 to the queue's longest delay */
  send(message: JobMessage, delay_ms: number): Promise<void>;
}

/** The message that a worker or a dead-letter handler has in hand. */
export interface Delivery {
  /** Hide it until then (epoch milliseconds); it is delivered again. */
  hide(until: number): Promise<void>;

  /** It is done with: the batch's answer will not name it as failed, so the queue deletes it. */
  acknowledge(): void;
}
