import { WriteStep } from '../../src/runtime/protocol/decision';
import { JobMessage } from '../../src/runtime/protocol/message';
import { JobRecord } from '../../src/runtime/protocol/record';
import { apply, holds } from '../../src/runtime/protocol/write';
import { Delivery, JobQueue } from '../../src/runtime/store/job-queue';
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

export class MemoryQueue implements JobQueue {
  readonly sent: { message: JobMessage; delay_ms: number }[] = [];
  /** Called before each send; throws to make it fail. */
  before?: () => void;

  async send(message: JobMessage, delay_ms: number): Promise<void> {
    this.before?.();
    this.sent.push({ message, delay_ms });
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
