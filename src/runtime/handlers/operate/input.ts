import { badRequest } from './refused';
import { JOB_ID_PATTERN } from '../../protocol/job-id';
import type { JobStatus } from '../../protocol/record';
import type { IndexEntry } from '../../store/job-index';
import { JOB_STATUSES } from '../../wire/job';

/** What an operator can ask for. */
export type Command =
  | ListCommand
  | { readonly action: 'show'; readonly job_id: string; readonly payload: boolean }
  | { readonly action: 'retry'; readonly job_id: string }
  | RetryAllCommand
  | { readonly action: 'cancel'; readonly job_id: string }
  | { readonly action: 'pause' | 'resume' | 'describe' };

export interface ListCommand {
  readonly action: 'list';
  /** Epoch milliseconds. */
  readonly failed_since?: number;
  readonly owner?: string;
  readonly status?: JobStatus;
  readonly limit: number;
  readonly place?: IndexEntry;
}

export interface RetryAllCommand {
  readonly action: 'retry_all';
  /** Epoch milliseconds. */
  readonly failed_since: number;
  readonly limit: number;
  readonly place?: RetryPlace;
}

/** Where a retry of many jobs goes on. */
export interface RetryPlace extends IndexEntry {
  /** When it began: what failed later has failed anew. */
  readonly until: number;
}

const ACTIONS = ['list', 'show', 'retry', 'cancel', 'pause', 'resume', 'describe'] as const;
type Action = typeof ACTIONS[number];

/** What each action takes. */
const FIELDS: Readonly<Record<Action, readonly string[]>> = {
  list: ['failed_since', 'owner', 'status', 'limit', 'next_token'],
  show: ['job_id', 'payload'],
  retry: ['job_id', 'failed_since', 'limit', 'next_token'],
  cancel: ['job_id'],
  pause: [],
  resume: [],
  describe: [],
};

const MOST = 100;
const DEFAULT_LIST = 20;
const LONGEST_OWNER = 1_024;

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** What a field must be, in words, and how that is told. */
const RULES: Readonly<Record<string, readonly [Check, string]>> = {
  job_id: [(value) => typeof value === 'string' && JOB_ID_PATTERN.test(value), 'the id of a job: job_ and 26 letters and digits'],
  failed_since: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a time in epoch milliseconds'],
  owner: [(value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_OWNER, `a text of 1 to ${LONGEST_OWNER} characters`],
  status: [(value) => JOB_STATUSES.includes(value as JobStatus), `one of ${JOB_STATUSES.join(', ')}`],
  limit: [(value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST, `a whole number from 1 to ${MOST}`],
  next_token: [(value) => typeof value === 'string' && value !== '', 'the next_token of an answer'],
  payload: [(value) => typeof value === 'boolean', 'true or false'],
};

/** Reads what was asked. @throws Refused naming everything that is wrong */
export function readCommand(event: unknown): Command {
  const fields = fieldsOf(event);
  const { action } = fields;
  if (!isAction(action)) {
    throw badRequest(`"action" must be one of ${ACTIONS.join(', ')}, not ${shown(action)}`);
  }
  const wrong = [
    ...Object.keys(fields).filter((name) => name !== 'action' && !FIELDS[action].includes(name))
      .map((name) => `"${name}" is nothing that "${action}" takes: ${FIELDS[action].join(', ') || 'it takes nothing'}`),
    ...FIELDS[action].filter((name) => fields[name] !== undefined && !RULES[name][0](fields[name]))
      .map((name) => `"${name}" must be ${RULES[name][1]}, not ${shown(fields[name])}`),
    ...missing(action, fields),
  ];
  if (wrong.length > 0) {
    throw badRequest(wrong.join('; '));
  }
  return commandOf(action, fields);
}

function missing(action: Action, { job_id, failed_since, owner, status, limit, next_token }: Fields): string[] {
  switch (action) {
    case 'show':
    case 'cancel':
      return job_id === undefined ? ['"job_id" is missing'] : [];
    case 'retry':
      return (job_id === undefined) === (failed_since === undefined)
        ? ['"retry" takes either "job_id", for one job, or "failed_since", for all that failed since then']
        : job_id !== undefined && (limit ?? next_token) !== undefined ? ['"limit" and "next_token" go with "failed_since"'] : [];
    case 'list':
      return [
        ...(failed_since !== undefined && status !== undefined && status !== 'failed' ? [`with "failed_since" only failed jobs are listed, not ${shown(status)}`] : []),
        ...(owner === undefined && (status === 'succeeded' || status === 'cancelled') ? [`${status} jobs are listed by their "owner" only`] : []),
      ];
    default:
      return [];
  }
}

/** From here on the fields are what the rules say. */
function commandOf(action: Action, fields: Fields): Command {
  const { job_id, failed_since, owner, status, limit, next_token, payload } = fields as {
    job_id: string; failed_since?: number; owner?: string; status?: JobStatus; limit?: number; next_token?: string; payload?: boolean;
  };
  switch (action) {
    case 'list':
      return { action, failed_since, owner, status, limit: limit ?? DEFAULT_LIST, place: readPlace(next_token) };
    case 'show':
      return { action, job_id, payload: payload ?? false };
    case 'retry':
      return failed_since === undefined
        ? { action, job_id }
        : { action: 'retry_all', failed_since, limit: limit ?? MOST, place: readRetryPlace(next_token) };
    case 'cancel':
      return { action, job_id };
    default:
      return { action };
  }
}

/** A place in a list as text. It gives no rights: whoever may call this function may see every place. */
export function placeToken({ at, job_id, ...more }: IndexEntry | RetryPlace): string {
  return Buffer.from(JSON.stringify([at, job_id, ...('until' in more ? [more.until] : [])])).toString('base64url');
}

function readPlace(token: string | undefined): IndexEntry | undefined {
  if (token === undefined) {
    return undefined;
  }
  const [at, job_id] = placeOf(token, 2);
  return { at, job_id };
}

function readRetryPlace(token: string | undefined): RetryPlace | undefined {
  if (token === undefined) {
    return undefined;
  }
  const [at, job_id, until] = placeOf(token, 3);
  return { at, job_id, until };
}

function placeOf(token: string, length: 2 | 3): [number, string, number] {
  const place = parse(Buffer.from(token, 'base64url').toString());
  const isTime = RULES.failed_since[0];
  const fits = Array.isArray(place) && place.length === length && isTime(place[0]) && RULES.job_id[0](place[1]) && (length === 2 || isTime(place[2]));
  if (!fits) {
    throw badRequest('"next_token" is none that this action has answered');
  }
  return place as [number, string, number];
}

function fieldsOf(event: unknown): Fields {
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event as Fields : {};
}

function isAction(value: unknown): value is Action {
  return ACTIONS.includes(value as Action);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As much of a wrong value as helps to find it. */
function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
