import type { JobRecord } from '../../protocol/record';
import { FileTooLong } from '../../store/files/job-files';
import { referredKey } from '../../store/files/stored-text';
import type { JobOutline } from '../../store/job-index';

/** A job as an operator sees it: the fields of its record by their names, times in ISO 8601. */
export type OperatorView = Readonly<Record<string, unknown>>;

const TIMES: readonly string[] = [
  'created_at', 'updated_at', 'started_at', 'finished_at', 'not_before', 'lease_expires_at', 'deadline_at', 'last_checkpoint',
] satisfies (keyof JobRecord)[];

/** In the order in which they are read. */
const FIELDS = [
  'job_id', 'status', 'owner', 'attempt', 'max_attempts', 'generation', 'run', 'error', 'cancel_requested', 'progress', 'progress_note', 'current_stage',
  'stages_completed', 'created_at', 'updated_at', 'started_at', 'finished_at', 'not_before', 'lease_expires_at', 'deadline_at', 'last_checkpoint',
  'correlation_id',
] as const satisfies (keyof JobOutline)[];

/** A job in a list. */
export function outlineView(record: JobOutline): OperatorView {
  return {
    ...Object.fromEntries(FIELDS.filter((name) => record[name] !== undefined).map((name) => [name, timeOr(name, record[name])])),
    ...(record.expires_at !== undefined && { expires_at: iso(record.expires_at * 1000) }),
  };
}

/** What is longer is named and not shown: a function answers with 6 MB at most, and nobody reads more. */
const LONGEST_SHOWN_BYTES = 1_000_000;

/** Reads the JSON of what stands in a record, in the bucket where it is there. @throws FileTooLong before it reads what is longer */
export type ReadText = (inRecord: string, mostBytes: number) => Promise<string>;

/** A job on its own: with what it gave and where it stood. @param payload whether what it was given is shown, too: it may be confidential */
export async function detailView(record: JobRecord, { payload }: { readonly payload: boolean }, read: ReadText): Promise<OperatorView> {
  const texts = { result: record.result, checkpoint: record.checkpoint, ...(payload && { payload: record.payload }) };
  const views = await Promise.all(Object.entries(texts).map(async ([name, text]) => (text === undefined ? {} : textView(name, text, read))));
  return Object.assign({}, outlineView(record), ...views) as OperatorView;
}

/** JSON as JSON. What is too long to be shown, or no longer in the bucket, is named by its key. */
async function textView(name: string, text: string, read: ReadText): Promise<OperatorView> {
  const key = referredKey(text);
  if (key === undefined) {
    return { [name]: JSON.parse(text) as unknown };
  }
  try {
    return { [name]: JSON.parse(await read(text, LONGEST_SHOWN_BYTES)) as unknown };
  } catch (error) {
    return { [`${name}_key`]: key, ...(!(error instanceof FileTooLong) && { [`${name}_missing`]: (error as Error).message }) };
  }
}

function timeOr(name: string, value: unknown): unknown {
  return TIMES.includes(name) ? iso(value as number) : value;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
