import { escapeText, unescapeText } from './text-escape';
import type { JobRecord } from '../../protocol/record';

/** How a field of the record is kept. */
type Kind = 'text' | 'texts' | 'whole' | 'fraction' | 'flag' | 'json' | 'milliseconds' | 'seconds';

/** Fields that are columns of `jobs`: all but the result, which has a table of its own. */
export type Column = Exclude<keyof JobRecord, 'result'>;

/** Every field of a record, so that a new one cannot be forgotten here: it would not compile. */
const KINDS: Record<Column, Kind> = {
  version: 'whole',
  job_id: 'text',
  owner: 'text',
  status: 'text',
  payload: 'text',
  payload_hash: 'text',
  generation: 'whole',
  run: 'whole',
  attempt: 'whole',
  max_attempts: 'whole',
  not_before: 'milliseconds',
  created_at: 'milliseconds',
  updated_at: 'milliseconds',
  started_at: 'milliseconds',
  finished_at: 'milliseconds',
  lease_expires_at: 'milliseconds',
  deadline_at: 'milliseconds',
  retention_seconds: 'whole',
  stages_completed: 'texts',
  current_stage: 'text',
  last_checkpoint: 'milliseconds',
  checkpoint: 'text',
  checkpoint_run: 'whole',
  progress: 'fraction',
  progress_note: 'text',
  error: 'json',
  cancel_requested: 'flag',
  correlation_id: 'text',
  expires_at: 'seconds',
};

const TYPES: Record<Kind, string> = {
  text: 'text',
  texts: 'text[]',
  whole: 'bigint',
  fraction: 'double precision',
  flag: 'boolean',
  json: 'jsonb',
  milliseconds: 'timestamptz',
  seconds: 'timestamptz',
};

const LONG: readonly Column[] = ['payload', 'checkpoint'];

export const COLUMNS = Object.keys(KINDS) as Column[];

/** Those of a `JobOutline`. */
export const OUTLINE_COLUMNS = COLUMNS.filter((column) => !LONG.includes(column));

/** A row as the expressions of {@link selected} give it, and what else was asked for. */
export type Row = Readonly<Record<string, unknown>>;

/** A column as a number where it is one: `pg` gives whole numbers as texts, and of a time what the session's settings make of it. */
export function selected(column: Column, table: string): string {
  const name = `${table}."${column}"`;
  switch (KINDS[column]) {
    case 'whole': return `${name}::float8 AS "${column}"`;
    case 'milliseconds': return `${epochMs(name)} AS "${column}"`;
    case 'seconds': return `extract(epoch FROM ${name})::float8 AS "${column}"`;
    default: return name;
  }
}

/** A time as milliseconds: exact, since what is extracted is a decimal number. */
export function epochMs(expression: string): string {
  return `(extract(epoch FROM ${expression}) * 1000)::float8`;
}

/** The type that a value of a column is sent as. */
export function typeOf(column: Column): string {
  return TYPES[KINDS[column]];
}

/** The value of a column as it is sent; null where the record has none. */
export function sent(column: Column, value: JobRecord[Column]): unknown {
  if (value === undefined) {
    return null;
  }
  switch (KINDS[column]) {
    case 'text': return escapeText(value as string);
    case 'texts': return (value as readonly string[]).map(escapeText);
    case 'json': return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? escapeText(wellFormed(part)) : part));
    case 'milliseconds': return timeText(value as number);
    case 'seconds': return timeText(value as number * 1000);
    default: return value;
  }
}

/** The record in a row; undefined where there is none. Columns that are not the record's are not looked at. */
export function toRecord(row: Row): JobRecord | undefined {
  if (typeof row.job_id !== 'string') {
    return undefined;
  }
  const fields = COLUMNS.filter((column) => (row[column] ?? null) !== null).map((column) => [column, received(column, row[column])]);
  return Object.fromEntries(typeof row.result === 'string' ? [...fields, ['result', unescapeText(row.result)]] : fields) as unknown as JobRecord;
}

/** Half of a pair, such as a text that was cut has at its end: a text may have it, and JSON in the database may not. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function received(column: Column, value: unknown): unknown {
  switch (KINDS[column]) {
    case 'text': return unescapeText(value as string);
    case 'texts': return (value as string[]).map(unescapeText);
    case 'json': return unescapedJson(value);
    default: return value;
  }
}

function unescapedJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => (typeof part === 'string' ? unescapeText(part) : part));
}

/** The last moment that JavaScript can name, in the year 275760. PostgreSQL knows a few years more. */
const LAST_MS = 8.64e15;

/** A time as PostgreSQL reads it under any setting. What is later than all times that can be named is the last of them. */
export function timeText(epoch_ms: number): string {
  return new Date(Math.min(Math.max(0, epoch_ms), LAST_MS)).toISOString().replace(/^\+0*/, '');
}
