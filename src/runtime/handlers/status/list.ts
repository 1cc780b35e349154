import { JobSummary, jobSummary } from './job-view';
import { listQuery, ListQuery, nextToken } from './list-query';
import { isExpired } from '../../protocol/record';
import type { IndexEntry, JobIndex, JobOutline } from '../../store/job-index';
import type { Log } from '../../telemetry/log';
import { Answer, unavailable } from '../http/answer';
import type { OwnerOf } from '../http/owner';
import type { Request } from '../http/route';

/** What an owner's jobs are listed with. */
export interface ListParts {
  readonly index: Pick<JobIndex, 'ofOwner' | 'outlines'>;
  readonly ownerOf: OwnerOf;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A page of a list. It may have fewer jobs than were asked for, or none, and yet be followed by another: the last one has no token. */
export interface JobList {
  readonly jobs: readonly JobSummary[];
  readonly next_token?: string;
}

/**
 * So many jobs are looked at for a page where few of them may be what is asked for, and no more: anybody may ask, and DynamoDB bills each look
 * by the whole record. Whoever wants more of them asks for the next page.
 */
const LOOK = 60;

/** The caller's jobs, newest first. */
export async function list({ event, log }: Request, parts: ListParts): Promise<Answer> {
  const owner = parts.ownerOf(event);
  const query = listQuery(event.queryStringParameters ?? {});
  return { status: 200, body: await listOf(owner, query, parts, log) };
}

export async function listOf(owner: string, query: ListQuery, { index, now }: Omit<ListParts, 'ownerOf'>, log: Log): Promise<JobList> {
  const look = query.status === undefined ? query.limit : LOOK;
  const { entries, outlines } = await orUnavailable(log.with({ owner }), async () => lookAt(index, owner, look, query.before));
  const found: JobOutline[] = [];
  for (const [position, entry] of entries.entries()) {
    const outline = outlines.get(entry.job_id);
    if (outline && isWanted(outline, owner, query) && !isExpired(outline, now())) {
      found.push(outline);
    }
    if (found.length === query.limit && position < entries.length - 1) {
      return page(found, entry);
    }
  }
  return page(found, entries.length < look ? undefined : entries.at(-1));
}

function page(found: readonly JobOutline[], place: IndexEntry | undefined): JobList {
  return { jobs: found.map(jobSummary), ...(place && { next_token: nextToken(place) }) };
}

async function lookAt(index: ListParts['index'], owner: string, look: number, place: IndexEntry | undefined) {
  const entries = await index.ofOwner(owner, look, place);
  const outlines = await index.outlines(entries.map(({ job_id }) => job_id));
  return { entries, outlines: new Map(outlines.map((outline) => [outline.job_id, outline])) };
}

/** The index was asked for the owner; what is answered with goes by the record. */
function isWanted(outline: JobOutline, owner: string, { status }: ListQuery): boolean {
  return outline.owner === owner && (status === undefined || outline.status === status);
}

async function orUnavailable<Found>(log: Log, look: () => Promise<Found>): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    log.error('the index did not answer', error as Error);
    throw unavailable('the jobs could not be listed');
  }
}
