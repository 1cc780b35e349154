import type { JobRecord } from '../../protocol/record';
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

/** A job on its own: with what it gave and where it stood. @param payload whether what it was given is shown, too: it may be confidential */
export function detailView(record: JobRecord, { payload }: { readonly payload: boolean }): OperatorView {
  return {
    ...outlineView(record),
    ...textView('result', record.result),
    ...textView('checkpoint', record.checkpoint),
    ...(payload && textView('payload', record.payload)),
  };
}

/** JSON as JSON. What is not in the record but in the bucket is named by its key: reading the bucket takes rights of its own. */
function textView(name: string, text: string | undefined): OperatorView {
  if (text === undefined) {
    return {};
  }
  const key = referredKey(text);
  return key === undefined ? { [name]: JSON.parse(text) as unknown } : { [`${name}_key`]: key };
}

function timeOr(name: string, value: unknown): unknown {
  return TIMES.includes(name) ? iso(value as number) : value;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
