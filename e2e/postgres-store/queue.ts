import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMessage } from '../../src/runtime/protocol/message';

/** How long a message that was taken is hidden, until whoever has it says otherwise. */
const VISIBILITY_MS = 3_000;

/** A message in somebody's hand. */
export interface Taken {
  readonly id: number;
  /** Rises each time it is taken: who had it before can neither hide nor delete it any more. */
  readonly receipt: number;
  readonly message: JobMessage;
}

interface Entry {
  readonly message: JobMessage;
  receipt: number;
  timer?: NodeJS.Timeout;
}

/** Delivers at least once, as SQS does: what is not deleted comes again, and each tenth message comes twice anyway. */
export class Queue {
  private readonly entries = new Map<number, Entry>();
  private readonly ready: number[] = [];
  private readonly takers: ((taken: Taken | undefined) => void)[] = [];
  private next = 0;

  get nothingReady(): boolean {
    return this.ready.length === 0;
  }

  send(message: JobMessage, delay_ms: number): void {
    const id = this.next++;
    this.entries.set(id, { message, receipt: 0 });
    this.show(id, delay_ms);
    if (id % 10 === 0) {
      const copy = this.next++;
      this.entries.set(copy, { message, receipt: 0 });
      this.show(copy, delay_ms);
    }
  }

  /** The next message, when there is one; nothing when there will be none. */
  async take(): Promise<Taken | undefined> {
    return new Promise((resolve) => {
      this.takers.push(resolve);
      this.match();
    });
  }

  hide({ id, receipt }: Taken, until: number): void {
    const entry = this.entries.get(id);
    if (entry?.receipt === receipt) this.show(id, until - Date.now());
  }

  delete({ id, receipt }: Taken): void {
    const entry = this.entries.get(id);
    if (entry?.receipt !== receipt) return;
    clearTimeout(entry.timer);
    this.entries.delete(id);
  }

  /** Until every message is deleted. Then whoever waits for one is sent home. */
  async empty(): Promise<void> {
    while (this.entries.size > 0) await sleep(20);
    this.takers.splice(0).forEach((taker) => taker(undefined));
  }

  /** Forgets all that is left. */
  stop(): void {
    this.entries.forEach(({ timer }) => clearTimeout(timer));
    this.entries.clear();
  }

  private show(id: number, delay_ms: number): void {
    const entry = this.entries.get(id)!;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.ready.push(id);
      this.match();
    }, Math.max(0, delay_ms));
  }

  private match(): void {
    while (this.takers.length > 0 && this.ready.length > 0) {
      const id = this.ready.shift()!;
      const entry = this.entries.get(id);
      if (!entry) continue; // deleted meanwhile by whoever had it
      entry.receipt++;
      this.takers.shift()!({ id, receipt: entry.receipt, message: entry.message });
      this.show(id, VISIBILITY_MS);
    }
  }
}
