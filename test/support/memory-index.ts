import type { MemoryStore } from './memory-store';
import { isTerminal, type JobRecord } from '../../src/runtime/protocol/record';
import type { IndexEntry, JobIndex, JobOutline } from '../../src/runtime/store/job-index';

/** The indexes of what a memory store holds, as their port describes them: what every adapter is compared with. */
export class MemoryIndex implements JobIndex {
  /** Calls in their order. */
  readonly calls: string[] = [];
  /** Called before each call; throws to make it fail. */
  before?: (call: keyof JobIndex) => void;

  constructor(private readonly store: MemoryStore) {}

  async ofOwner(owner: string, limit: number, before?: IndexEntry): Promise<IndexEntry[]> {
    this.note('ofOwner');
    const entries = this.entries((record) => record.owner === owner, 'created_at').reverse();
    return entries.filter((entry) => !before || byTimeAndId(entry, before) < 0).slice(0, limit);
  }

  async failed(since: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    this.note('failed');
    const entries = this.entries(({ status }) => status === 'failed', 'finished_at').filter(({ at }) => at >= since);
    return entries.filter((entry) => !after || byTimeAndId(entry, after) > 0).slice(0, limit);
  }

  async open(until: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    this.note('open');
    const entries = this.entries(({ status }) => !isTerminal(status), 'deadline_at').filter(({ at }) => at <= until);
    return entries.filter((entry) => !after || byTimeAndId(entry, after) > 0).slice(0, limit);
  }

  async records(job_ids: readonly string[]): Promise<JobRecord[]> {
    this.note('records');
    return job_ids.flatMap((job_id) => this.store.records.get(job_id) ?? []);
  }

  async outlines(job_ids: readonly string[]): Promise<JobOutline[]> {
    this.note('outlines');
    return job_ids.flatMap((job_id) => this.store.records.get(job_id) ?? [])
      .map(({ payload: _payload, checkpoint: _checkpoint, result: _result, ...outline }) => outline);
  }

  private note(call: keyof JobIndex): void {
    this.calls.push(call);
    this.before?.(call);
  }

  private entries(among: (record: JobRecord) => boolean, time: 'created_at' | 'finished_at' | 'deadline_at'): IndexEntry[] {
    return [...this.store.records.values()]
      .filter(among)
      .map((record) => ({ job_id: record.job_id, at: record[time]! }))
      .sort(byTimeAndId);
  }
}

function byTimeAndId(a: IndexEntry, b: IndexEntry): number {
  return a.at - b.at || (a.job_id < b.job_id ? -1 : Number(a.job_id > b.job_id));
}
