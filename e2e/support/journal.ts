import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the handler of the test pipelines wrote down of one of its attempts. */
export interface JournalEntry {
  readonly job_id: string;
  readonly attempt: number;
  readonly event: 'start' | 'succeed' | 'end' | 'kill' | 'freeze' | 'thaw' | 'fenced' | 'unfenced';
  readonly at: number;
  readonly pid: number;
}

/** A file that handlers append to, beside everything that the pipeline knows. */
export class Journal {
  private readonly folder = mkdtempSync(join(tmpdir(), 'jobworks-journal-'));
  public readonly file = join(this.folder, 'journal.ndjson');

  public entries(job_id?: string): JournalEntry[] {
    let text = '';
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      // nothing ran yet
    }
    const entries = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JournalEntry);
    return job_id === undefined ? entries : entries.filter((entry) => entry.job_id === job_id);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
