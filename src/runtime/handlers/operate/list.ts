import type { Context } from 'aws-lambda';
import { isMeant } from './failed-filter';
import type { ListCommand } from './input';
import { OperatorView, outlineView } from './operator-view';
import { placeToken } from './place';
import { isExpired, isTerminal } from '../../protocol/record';
import type { IndexEntry, JobIndex, JobOutline } from '../../store/job-index';

export interface ListParts {
  readonly index: Pick<JobIndex, 'ofOwner' | 'failed' | 'open' | 'outlines'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Listed {
  readonly jobs: readonly OperatorView[];
  readonly next_token?: string;
}

/** Where few jobs are what was asked for, so many are looked at in one go. */
const LOOK = 100;

/** Looking goes on only with so much time left. */
const RESERVE_MS = 5_000;

/**
 * A page of jobs: those that failed, oldest failure first; those of an owner, newest first; or those that have not ended, by their deadline.
 * It may have fewer jobs than its limit, or none, and yet be followed by another.
 */
export async function list(command: ListCommand, { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>, parts: ListParts): Promise<Listed> {
  const found: JobOutline[] = [];
  let place = command.place;
  do {
    const entries = await entriesOf(command, place, parts);
    const outlines = new Map((await parts.index.outlines(entries.map(({ job_id }) => job_id))).map((outline) => [outline.job_id, outline]));
    for (const entry of entries) {
      const outline = outlines.get(entry.job_id);
      if (outline && isWanted(outline, command) && !isExpired(outline, parts.now())) {
        found.push(outline);
      }
      place = entry;
      if (found.length === command.limit) {
        return pageOf(found, place);
      }
    }
    if (entries.length < lookOf(command)) {
      return pageOf(found, undefined);
    }
  } while (getRemainingTimeInMillis() >= RESERVE_MS);
  return pageOf(found, place);
}

function pageOf(found: readonly JobOutline[], place: IndexEntry | undefined): Listed {
  return { jobs: found.map(outlineView), ...(place && { next_token: placeToken(place) }) };
}

async function entriesOf(command: ListCommand, place: IndexEntry | undefined, { index }: ListParts): Promise<IndexEntry[]> {
  const look = lookOf(command);
  switch (indexOf(command)) {
    case 'failed': return index.failed(command.failed_since ?? 0, look, place);
    case 'owner': return index.ofOwner(command.owner!, look, place);
    case 'open': return index.open(Number.MAX_SAFE_INTEGER, look, place);
  }
}

/** The index that holds what is asked for with the least beside it. */
function indexOf({ failed_since, owner, status }: ListCommand): 'failed' | 'owner' | 'open' {
  if (failed_since !== undefined) {
    return 'failed';
  }
  if (owner !== undefined) {
    return 'owner';
  }
  return status === 'failed' ? 'failed' : 'open';
}

function lookOf({ limit, owner, error_type, status, failed_since }: ListCommand): number {
  return status !== undefined || error_type !== undefined || (owner !== undefined && failed_since !== undefined) ? LOOK : limit;
}

/** An index may lag behind the records, so that what it was asked for is asked of the record again. */
function isWanted(outline: JobOutline, command: ListCommand): boolean {
  if (!isMeant(outline, command)) {
    return false;
  }
  if (command.status !== undefined && outline.status !== command.status) {
    return false;
  }
  switch (indexOf(command)) {
    case 'failed': return outline.status === 'failed';
    case 'owner': return true;
    case 'open': return !isTerminal(outline.status);
  }
}
