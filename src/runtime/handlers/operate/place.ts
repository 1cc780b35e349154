import type { FailedFilter } from './failed-filter';
import { badRequest } from './refused';
import { JOB_ID_PATTERN } from '../../protocol/job-id';
import type { IndexEntry } from '../../store/job-index';

/** Where a retry of many jobs goes on. */
export interface RetryPlace extends IndexEntry {
  /** When it began: what failed later has failed anew. */
  readonly until: number;
}

/** What a retry of many jobs was asked for beside the time. */
export interface RetryAsked extends FailedFilter {
  readonly dry_run: boolean;
}

/** A place in a list as text. It gives no rights: whoever may call this function may see every place. */
export function placeToken({ at, job_id }: IndexEntry): string {
  return tokenOf([at, job_id]);
}

/** The same of a retry, which goes on with what it was asked for: with a filter left out by mistake it would retry all. */
export function retryToken({ at, job_id, until }: RetryPlace, asked: RetryAsked): string {
  return tokenOf([at, job_id, until, ...boundTo(asked)]);
}

/** @throws Refused */
export function readPlace(token: string | undefined): IndexEntry | undefined {
  if (token === undefined) {
    return undefined;
  }
  const place = parse(token);
  return isEntry(place) && place.length === 2 ? { at: place[0], job_id: place[1] } : refuse();
}

/** @throws Refused, also if the token is of something else that was asked for */
export function readRetryPlace(token: string | undefined, asked: RetryAsked): RetryPlace | undefined {
  if (token === undefined) {
    return undefined;
  }
  const place = parse(token);
  if (!isEntry(place) || !isTime(place[2])) {
    return refuse();
  }
  if (JSON.stringify(place.slice(3)) !== JSON.stringify(boundTo(asked))) {
    throw badRequest('"next_token" is of a retry with another "owner", "error_type" or "dry_run": ask as before, or without "next_token"');
  }
  return { at: place[0], job_id: place[1], until: place[2] };
}

/** Nothing where all jobs are retried. */
function boundTo({ owner, error_type, dry_run }: RetryAsked): unknown[] {
  return owner === undefined && error_type === undefined && !dry_run ? [] : [owner ?? null, error_type ?? null, dry_run];
}

function tokenOf(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isEntry(place: unknown): place is [at: number, job_id: string, ...more: unknown[]] {
  return Array.isArray(place) && isTime(place[0]) && typeof place[1] === 'string' && JOB_ID_PATTERN.test(place[1]);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refuse(): never {
  throw badRequest('"next_token" is none that this action has answered: ask without it, from the start');
}
