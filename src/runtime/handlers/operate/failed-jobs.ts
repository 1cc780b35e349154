import type { Context } from 'aws-lambda';
import { isFilter, isMeant } from './failed-filter';
import type { RetryAllCommand } from './input';
import type { RetryPlace } from './place';
import type { IndexEntry, JobIndex, JobOutline } from '../../store/job-index';

/** A failed job as the index has it, and as it was seen, where that was asked for. */
export interface FailedJob extends IndexEntry {
  readonly outline?: JobOutline;
}

/** How far it went. */
export interface Gone {
  /** Where to go on; none at the end. */
  readonly next?: RetryPlace;
  /** What has stopped it there. */
  readonly broken?: unknown;
}

/** So many jobs are handled at a time. */
const AT_ONCE = 10;

/** Where few jobs are what was asked for, so many are looked at in one go, and so many in a call: a caller would like to see how it goes. */
const LOOK = 100;
const MOST_LOOKS = 1_000;

/** The next ones are begun only with so much time left. */
const RESERVE_MS = 8_000;

/** Before every id. */
const FIRST_ID = `job_${'0'.repeat(26)}`;

/**
 * Goes through the jobs that failed since a time and until another, oldest failure first, as far as the command's limit and the time allow.
 * @param each handles some of them, and says how many of them were what the command asks for. What it throws, and what the index throws,
 *   is where the way ends.
 */
export async function throughFailed(
  command: RetryAllCommand, until: number, { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>,
  index: Pick<JobIndex, 'failed' | 'outlines'>, each: (jobs: readonly FailedJob[]) => Promise<number>,
): Promise<Gone> {
  const look = isFilter(command) ? LOOK : command.limit;
  let place: IndexEntry | undefined = command.place;
  let handled = 0;
  let begun = false;
  const isLate = () => begun && getRemainingTimeInMillis() < RESERVE_MS;
  const stopped = (broken?: unknown): Gone => ({ next: { at: 0, job_id: FIRST_ID, ...place, until }, ...(broken !== undefined && { broken }) });
  try {
    for (let looks = 0; looks < MOST_LOOKS && handled < command.limit && !(looks > 0 && isLate()); looks += look) {
      const due = (await index.failed(command.failed_since, look, place)).filter(({ at }) => at <= until);
      const meant = await asMeant(due, command, index);
      while (meant.length > 0 && handled < command.limit) {
        if (isLate()) {
          return stopped();
        }
        begun = true;
        const some = meant.splice(0, Math.min(AT_ONCE, command.limit - handled));
        handled += await each(some);
        place = some.at(-1);
      }
      if (meant.length > 0) {
        break; // the limit is reached before the last of these
      }
      if (due.length < look) {
        return {}; // what is missing from a full page of the index failed later, and so does everything after it
      }
      begun = true;
      place = due.at(-1);
    }
    return stopped();
  } catch (error) {
    return stopped(error);
  }
}

/**
 * What the command asks for among these. An outline may be a moment old: where it does not show the failure that the index has, the record
 * is to tell.
 */
async function asMeant(entries: readonly IndexEntry[], command: RetryAllCommand, index: Pick<JobIndex, 'outlines'>): Promise<FailedJob[]> {
  if (!isFilter(command) && !command.dry_run) {
    return [...entries];
  }
  const outlines = new Map((await index.outlines(entries.map(({ job_id }) => job_id))).map((outline) => [outline.job_id, outline]));
  return entries.map((entry) => ({ ...entry, outline: outlines.get(entry.job_id) }))
    .filter(({ at, outline }) => !outline || outline.finished_at !== at || isMeant(outline, command));
}
