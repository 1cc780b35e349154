import type { Task } from './command';
import type { FailedMeant } from './meant';
import { SKIP_REASONS, type SkipReason } from '../../runtime/wire/operators';

export const MOST_IN_A_PAGE = 100;

interface Skipped {
  readonly job_id: string;
  readonly reason: SkipReason;
}

/** What the operate function answers of some of the jobs; an older one does not name them. */
export interface RetryPage {
  readonly retried?: number;
  readonly retried_jobs?: readonly string[];
  readonly would_retry_jobs?: readonly { readonly job_id: string; readonly error_type: string }[];
  readonly skipped: number;
  readonly skipped_jobs?: readonly Skipped[];
  /** Why the function broke off: it goes on with the next call. */
  readonly stopped?: object;
  readonly next_token?: string;
}

/** What broke off is asked for again after so long at least, and up to twice as long: a table that does not answer needs a moment. */
const AFTER_A_STOP_MS = 1_000;

/** Asks until there is no more. */
export async function* retryPages({ operator, io }: Pick<Task, 'operator' | 'io'>, asked: FailedMeant & { readonly dry_run?: true }): AsyncGenerator<RetryPage> {
  let next_token: string | undefined;
  do {
    const page: RetryPage = await operator.ask({ action: 'retry', ...asked, limit: MOST_IN_A_PAGE, ...(next_token && { next_token }) });
    yield page;
    ({ next_token } = page);
    if (page.stopped && next_token !== undefined) {
      await io.wait(AFTER_A_STOP_MS * (1 + Math.random()));
    }
  } while (next_token !== undefined);
}

/**
 * What became of all jobs, page by page. After a page that broke off some of its jobs come again in the next: as such they are what they were
 * at first.
 */
export class Tally {
  /** Ids of what was done, with the type of error where that is told. */
  readonly jobs = new Map<string, string>();
  private readonly skips = new Map<string, SkipReason>();
  private unnamed = { done: 0, skipped: 0 };

  add({ retried = 0, retried_jobs, would_retry_jobs, skipped, skipped_jobs }: RetryPage): void {
    const named = would_retry_jobs ?? retried_jobs?.map((job_id) => ({ job_id, error_type: '' }));
    named?.forEach(({ job_id, error_type }) => this.jobs.set(job_id, error_type));
    skipped_jobs?.filter(({ job_id }) => !this.jobs.has(job_id)).forEach(({ job_id, reason }) => this.skips.set(job_id, reason));
    this.unnamed = { done: this.unnamed.done + (named ? 0 : retried), skipped: this.unnamed.skipped + (skipped_jobs ? 0 : skipped) };
  }

  get done(): number {
    return this.jobs.size + this.unnamed.done;
  }

  get skipped(): number {
    return this.skips.size + this.unnamed.skipped;
  }

  /** How many were skipped for each reason, the most frequent first. */
  get reasons(): [SkipReason | 'unnamed', number][] {
    return [...countedBy(this.skips.values()), ...(this.unnamed.skipped > 0 ? [['unnamed', this.unnamed.skipped] as ['unnamed', number]] : [])];
  }

  get skipped_jobs(): Skipped[] {
    return [...this.skips].map(([job_id, reason]) => ({ job_id, reason }));
  }

  /** For who reads JSON; ids only where all are known. */
  document(): object {
    const isNamed = this.unnamed.done + this.unnamed.skipped === 0;
    return {
      retried: this.done, skipped: this.skipped, ...(isNamed && { retried_jobs: [...this.jobs.keys()], skipped_jobs: this.skipped_jobs }),
    };
  }
}

/** `2 no longer failed, 1 expired`. */
export function skippedWords({ reasons }: Pick<Tally, 'reasons'>): string {
  return reasons.map(([reason, number]) => `${number} ${reason === 'unnamed'
    ? 'no longer failed, no jobs, or of a newer version'
    : SKIP_REASONS[reason] ?? reason}`).join(', ');
}

/** How often each is there, the most frequent first. */
export function countedBy<Key>(keys: Iterable<Key>): [Key, number][] {
  const counts = new Map<Key, number>();
  for (const key of keys) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
