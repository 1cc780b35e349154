import { WriteStep } from '../../src/runtime/protocol/decision';
import { JobMessage } from '../../src/runtime/protocol/message';
import { JobRecord } from '../../src/runtime/protocol/record';
import { apply, holds } from '../../src/runtime/protocol/write';
import { BatchQueue, Outgoing } from '../../src/runtime/store/batch-queue';
import { Delivery } from '../../src/runtime/store/job-queue';
import { JobStore, WriteResult } from '../../src/runtime/store/job-store';

/** A store made of the protocol's own definitions: what every adapter is compared with. */
export class MemoryStore implements JobStore {
  readonly records = new Map<string, JobRecord>();
  /** Calls in their order. */
  readonly calls: string[] = [];
  /** Called before each call; throws to make it fail. */
  before?: (call: 'read' | 'create' | 'update', step?: WriteStep) => void;

  constructor(...records: JobRecord[]) {
    records.forEach((record) => this.records.set(record.job_id, record));
  }

  async read(job_id: string): Promise<JobRecord | undefined> {
    this.calls.push('read');
    this.before?.('read');
    return this.records.get(job_id);
  }

  async write(step: WriteStep, now: number): Promise<WriteResult> {
    this.calls.push(step.do);
    this.before?.(step.do, step);
    const job_id = step.do === 'create' ? step.record.job_id : step.job_id;
    const stored = this.records.get(job_id);
    if (!holds(step, stored, now)) {
      return { held: false, stored };
    }
    this.records.set(job_id, apply(step, stored));
    return { held: true };
  }

  get only(): JobRecord {
    if (this.records.size !== 1) throw new Error(`${this.records.size} records`);
    return [...this.records.values()][0];
  }
}

export class MemoryQueue implements BatchQueue {
  readonly sent: Outgoing[] = [];
  /** Calls in their order: how many messages each had. */
  readonly calls: number[] = [];
  /** Called before each message is sent; throws to make it fail. */
  before?: (message: JobMessage) => void;

  async send(message: JobMessage, delay_ms: number): Promise<void> {
    this.calls.push(1);
    this.put({ message, delay_ms });
  }

  async sendAll(messages: readonly Outgoing[]): Promise<(Error | undefined)[]> {
    this.calls.push(messages.length);
    return messages.map((outgoing) => {
      try {
        this.put(outgoing);
        return undefined;
      } catch (error) {
        return error as Error;
      }
    });
  }

  private put(outgoing: Outgoing): void {
    this.before?.(outgoing.message);
    this.sent.push(outgoing);
  }
}

export class MemoryDelivery implements Delivery {
  hidden?: number;
  acknowledged = false;

  async hide(until: number): Promise<void> {
    this.hidden = until;
  }

  acknowledge(): void {
    this.acknowledged = true;
  }
}
