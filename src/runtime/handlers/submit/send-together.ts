import type { BatchQueue, Outgoing } from '../../store/batch-queue';
import type { JobQueue } from '../../store/job-queue';

/** A send that waits for the others. */
interface Waiting extends Outgoing {
  readonly done: (failure: Error | undefined) => void;
}

/**
 * Does several things at once, each of which may send, and gathers their sends into one call.
 *
 * Each thing is a job being submitted, and goes through the protocol's steps as if it were alone: its send is answered when its message is
 * on the queue, and its put comes after that. So no rule needs to know of batches, and a crash in between leaves what it leaves anywhere.
 * The call is made as soon as every thing that is not done yet waits for its send: no timer decides what belongs together, and a
 * send is never kept waiting by something that is over. Nothing here may wait for another of these things.
 */
export async function sendTogether<T>(queue: BatchQueue, things: readonly ((queue: JobQueue) => Promise<T>)[]): Promise<T[]> {
  const gathered = new GatheredSends(queue, things.length);
  return Promise.all(things.map(async (thing) => thing(gathered).finally(() => gathered.oneIsDone())));
}

class GatheredSends implements JobQueue {
  private waiting: Waiting[] = [];

  /** @param busy how many are not done yet */
  constructor(private readonly queue: BatchQueue, private busy: number) {}

  async send(message: Outgoing['message'], delay_ms: number): Promise<void> {
    const failure = await new Promise<Error | undefined>((done) => {
      this.waiting.push({ message, delay_ms, done });
      this.sendIfAllWait();
    });
    if (failure) {
      throw failure;
    }
  }

  oneIsDone(): void {
    this.busy--;
    this.sendIfAllWait();
  }

  private sendIfAllWait(): void {
    if (this.waiting.length === 0 || this.waiting.length < this.busy) {
      return;
    }
    const { waiting } = this;
    this.waiting = [];
    this.queue.sendAll(waiting).then(
      (failures) => waiting.forEach(({ done }, index) => done(failures[index])),
      (error: Error) => waiting.forEach(({ done }) => done(error)),
    );
  }
}
