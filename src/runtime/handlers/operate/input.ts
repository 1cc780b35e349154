import type { FailedFilter } from './failed-filter';
import { readPlace, readRetryPlace, type RetryPlace } from './place';
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

export interface ListCommand extends FailedFilter {
  readonly action: 'list';
  /** Epoch milliseconds. */
  readonly failed_since?: number;
  readonly status?: JobStatus;
  readonly limit: number;
  readonly place?: IndexEntry;
}

export interface RetryAllCommand extends FailedFilter {
  readonly action: 'retry_all';
  /** Epoch milliseconds. */
  readonly failed_since: number;
  /** Tells what would be retried, and retries nothing. */
  readonly dry_run: boolean;
  readonly limit: number;
  readonly place?: RetryPlace;
}

const ACTIONS = ['list', 'show', 'retry', 'cancel', 'pause', 'resume', 'describe'] as const;
type Action = typeof ACTIONS[number];

/** Go with `failed_since`, where jobs are retried. */
const OF_RETRY_ALL = ['owner', 'error_type', 'dry_run', 'limit', 'next_token'];

/**
 * What each action takes. All else is refused, and must be: a caller may be newer than this function, and mean few jobs by a filter that is
 * not known here.
 */
const FIELDS: Readonly<Record<Action, readonly string[]>> = {
  list: ['failed_since', 'owner', 'error_type', 'status', 'limit', 'next_token'],
  show: ['job_id', 'payload'],
  retry: ['job_id', 'failed_since', ...OF_RETRY_ALL],
  cancel: ['job_id'],
  pause: [],
  resume: [],
  describe: [],
};

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const MOST = 100;
const DEFAULT_LIST = 20;
const LONGEST_TEXT = 1_024;
const TEXT: readonly [Check, string] = [
  (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT, `a text of 1 to ${LONGEST_TEXT} characters`,
];

/** What a field must be, in words, and how that is told. */
const RULES: Readonly<Record<string, readonly [Check, string]>> = {
  job_id: [(value) => typeof value === 'string' && JOB_ID_PATTERN.test(value), 'the id of a job: job_ and 26 letters and digits'],
  failed_since: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a time in epoch milliseconds'],
  owner: TEXT,
  error_type: TEXT,
  dry_run: [(value) => typeof value === 'boolean', 'true or false'],
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

function missing(action: Action, fields: Fields): string[] {
  const { job_id, failed_since } = fields;
  switch (action) {
    case 'show':
    case 'cancel':
      return job_id === undefined ? ['"job_id" is missing'] : [];
    case 'retry':
      return (job_id === undefined) === (failed_since === undefined)
        ? ['"retry" takes either "job_id", for one job, or "failed_since", for all that failed since then']
        : OF_RETRY_ALL.filter((name) => job_id !== undefined && fields[name] !== undefined).map((name) => `"${name}" goes with "failed_since", not with "job_id"`);
    case 'list':
      return missingOfList(fields);
    default:
      return [];
  }
}

function missingOfList({ failed_since, owner, error_type, status }: Fields): string[] {
  return [
    ...(failed_since !== undefined && status !== undefined && status !== 'failed'
      ? [`with "failed_since" only failed jobs are listed, not ${shown(status)}: leave one of them out`] : []),
    ...(error_type !== undefined && failed_since === undefined && status !== 'failed'
      ? ['"error_type" is one that jobs failed with: add "failed_since", or "status": "failed"'] : []),
    ...(owner === undefined && (status === 'succeeded' || status === 'cancelled') ? [`${status} jobs are listed by their "owner" only: add it`] : []),
  ];
}

/** From here on the fields are what the rules say. */
function commandOf(action: Action, fields: Fields): Command {
  const { job_id, failed_since, owner, error_type, status, limit, next_token, payload = false, dry_run = false } = fields as {
    job_id: string;
    failed_since?: number;
    owner?: string;
    error_type?: string;
    status?: JobStatus;
    limit?: number;
    next_token?: string;
    payload?: boolean;
    dry_run?: boolean;
  };
  switch (action) {
    case 'list':
      return { action, failed_since, owner, error_type, status, limit: limit ?? DEFAULT_LIST, place: readPlace(next_token) };
    case 'show':
      return { action, job_id, payload };
    case 'retry': {
      if (failed_since === undefined) {
        return { action, job_id };
      }
      const asked = { owner, error_type, dry_run };
      return { action: 'retry_all', failed_since, ...asked, limit: limit ?? MOST, place: readRetryPlace(next_token, asked) };
    }
    case 'cancel':
      return { action, job_id };
    default:
      return { action };
  }
}

function fieldsOf(event: unknown): Fields {
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event as Fields : {};
}

function isAction(value: unknown): value is Action {
  return ACTIONS.includes(value as Action);
}

/** As much of a wrong value as helps to find it. */
function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
