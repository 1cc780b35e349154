import { INLINE_LIMIT_BYTES } from './payload';
import { expiry, JobRecord, RECORD_VERSION } from './record';

/** What travels on the queue: everything that is needed to create the record, should the worker be first. */
export interface JobMessage {
  readonly version: number;
  readonly job_id: string;
  readonly owner: string;
  readonly generation: number;
  readonly payload: string;
  readonly payload_hash: string;
  readonly max_attempts: number;
  readonly not_before?: number;
  readonly created_at: number;
  readonly deadline_at: number;
  readonly retention_seconds: number;
  readonly correlation_id: string;
}

/** The record as `submit` puts it. */
export function freshRecord(message: JobMessage): JobRecord {
  return {
    ...message,
    version: RECORD_VERSION,
    status: 'queued',
    run: 0,
    attempt: 0,
    updated_at: message.created_at,
    stages_completed: [],
    cancel_requested: false,
  };
}

/** The message that brings a record to a worker again. */
export function messageOf(record: JobRecord, changes: Partial<JobMessage> = {}): JobMessage {
  return {
    version: record.version,
    job_id: record.job_id,
    owner: record.owner,
    generation: record.generation,
    payload: record.payload,
    payload_hash: record.payload_hash,
    max_attempts: record.max_attempts,
    created_at: record.created_at,
    deadline_at: record.deadline_at,
    retention_seconds: record.retention_seconds,
    correlation_id: record.correlation_id,
    ...changes,
  };
}

/** Whether a record of this job that ended by its deadline has expired: the message is the last trace of a job long over. */
export function isOutlived(message: JobMessage, now: number): boolean {
  return expiry(message.deadline_at, message.retention_seconds) * 1000 <= now;
}

/**
 * Reads a message from the queue. Fields that are not known are dropped, so that a newer submitter
 * and an older worker understand each other during a deployment.
 * @returns the message, or why the text is no job
 */
export function parseMessage(body: string): JobMessage | { readonly invalid: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { invalid: 'the body is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { invalid: 'the body is not a JSON object' };
  }
  const found = value as Record<string, unknown>;
  const names = [...TEXTS, ...NUMBERS, ...(found.not_before === undefined ? [] : ['not_before'])];
  const wrong = names.filter((name) => !isText(name, found[name]) && !isNumber(name, found[name]));
  if (wrong.length > 0) {
    return { invalid: `missing, too long or of the wrong type: ${wrong.join(', ')}` };
  }
  return Object.fromEntries(names.map((name) => [name, found[name]])) as unknown as JobMessage;
}

const TEXTS: readonly string[] = ['job_id', 'owner', 'payload', 'payload_hash', 'correlation_id'];
const NUMBERS: readonly string[] = ['version', 'generation', 'max_attempts', 'created_at', 'deadline_at', 'retention_seconds'];

/** Longer ones fit into no key of a table. A record that could never be written would keep its message coming back for ever. */
const TEXT_LIMIT_BYTES = 1_024;

/** Far more than is accepted, and a record of it still fits into the table. */
const PAYLOAD_LIMIT_BYTES = 4 * INLINE_LIMIT_BYTES;

function isText(name: string, value: unknown): boolean {
  return TEXTS.includes(name) && typeof value === 'string' && value !== ''
    && Buffer.byteLength(value) <= (name === 'payload' ? PAYLOAD_LIMIT_BYTES : TEXT_LIMIT_BYTES);
}

function isNumber(name: string, value: unknown): boolean {
  return !TEXTS.includes(name) && Number.isSafeInteger(value) && (value as number) >= (name === 'max_attempts' ? 1 : 0);
}
