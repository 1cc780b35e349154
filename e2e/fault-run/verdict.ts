import type { JobRecord } from '../../src/runtime/protocol/record';
import type { JournalEntry } from '../support/journal';
import type { Change } from '../support/stream';

const TERMINAL = ['succeeded', 'failed', 'cancelled'];

export interface Verdict {
  /** Jobs that were accepted and have no record, or one that is not over. */
  readonly lost: readonly string[];
  /** `job#generation` of which there is more than one end. */
  readonly endedTwice: readonly string[];
  /** `job#generation` that is over, although no change tells of its end. */
  readonly untold: readonly string[];
  /** Changes of records that had ended, other than by the next generation. */
  readonly revived: readonly Change[];
}

/** What became of jobs: by their records now, and by every change that the table's stream tells. */
export function verdictOn(ids: readonly string[], records: readonly JobRecord[], changes: readonly Change[]): Verdict {
  const known = new Map(records.map((record) => [record.job_id, record]));
  const ends = new Map<string, number>();
  for (const { job_id, from, to, generation, fromGeneration } of changes) {
    if (isTerminal(to) && (!isTerminal(from) || fromGeneration !== generation)) {
      const key = `${job_id}#${generation}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
  }
  const over = records.flatMap(({ job_id, status, generation }) =>
    Array.from({ length: generation + (isTerminal(status) ? 1 : 0) }, (_, i) => `${job_id}#${i}`));
  return {
    lost: [...new Set([...ids, ...known.keys()])].filter((id) => !isTerminal(known.get(id)?.status)),
    endedTwice: [...ends].filter(([, count]) => count > 1).map(([key]) => key),
    untold: over.filter((key) => !ends.has(key)),
    revived: changes.filter(({ from, generation, fromGeneration }) => isTerminal(from) && fromGeneration === generation),
  };
}

function isTerminal(status: string | undefined): boolean {
  return status !== undefined && TERMINAL.includes(status);
}

/**
 * Attempts that began while another one of the same job could still be at work: neither had that one come to an end, nor was its time over.
 */
export function overlaps(entries: readonly JournalEntry[], timeoutSeconds: number): JournalEntry[] {
  const found: JournalEntry[] = [];
  for (const attempts of byJob(entries).values()) {
    let open: JournalEntry | undefined;
    for (const entry of attempts) {
      if (entry.event === 'start') {
        if (open && entry.at - open.at < timeoutSeconds * 1000) found.push(entry);
        open = entry;
      } else if (open?.pid === entry.pid && ['end', 'succeed', 'kill'].includes(entry.event)) {
        open = undefined;
      }
    }
  }
  return found;
}

function byJob(entries: readonly JournalEntry[]): Map<string, JournalEntry[]> {
  const jobs = new Map<string, JournalEntry[]>();
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    jobs.set(entry.job_id, [...jobs.get(entry.job_id) ?? [], entry]);
  }
  return jobs;
}
