import type { Carrier } from './carrier';
import type { SettledLoad } from './expected-load';

/*
 * What one job takes that succeeds at once. Counted and measured by `npm run bench`, whose page says how; a test compares the two.
 */

/** Texts over this are kept in the bucket, and the record has their key. */
export const INLINE_BYTES = 65_536;
const KEY_BYTES = 120;

/** A record without its payload and result, as it is stored; a message without its payload. */
const RECORD_BYTES = 600;
const MESSAGE_BYTES = 350;

/** Of the library's own functions. */
export const OWN_GB = 0.5;
export const SECONDS = { submit: 0.009, worker: 0.013, status: 0.006, starter: 0.02, sweeper: 0.1 };
/** Bytes of log lines, with those that Lambda and API Gateway add for each call. */
export const LOG_BYTES = { submit: 527, worker: 1_106, status: 400, invocation: 350, access: 450 };

/** By the owner's index when it is created; into the index of deadlines and out of it again. Keys alone, less than 1 KB. */
export const INDEX_WRITES = { owner: 1, deadline: 2 };

/** Requests of SQS beside sending and receiving, which are billed by size: hide, delete. */
const SMALL_REQUESTS = 2;
const SQS_CHUNK = 65_536;

/** Statements of PostgreSQL: create, claim, end; each way there and back. */
export const STATEMENTS = 3;
export const STATEMENT_SECONDS = 0.004;

/** What one job takes, and one reading of its status. */
export interface JobFigures {
  readonly invocations: number;
  /** Of the record; those of the indexes come on top. */
  readonly recordWrites: number;
  readonly indexWrites: number;
  readonly readsOfStatus: number;
  readonly sqsRequests: number;
  readonly recordBytes: number;
  readonly logBytes: number;
  readonly logBytesOfStatus: number;
  readonly apiRequests: number;
  readonly files: { readonly puts: number; readonly gets: number; readonly bytes: number };
}

/** What it is by the sizes of payload and result. */
export function figuresOf(load: SettledLoad, carrier: Carrier): JobFigures {
  const [payload, result] = [load.payloadBytes, load.resultBytes].map((bytes) => (bytes > INLINE_BYTES ? KEY_BYTES : bytes)) as [number, number];
  const files = [load.payloadBytes, load.resultBytes].filter((bytes) => bytes > INLINE_BYTES);
  const before = RECORD_BYTES + payload;
  const recordBytes = before + result;
  const message = Math.ceil((MESSAGE_BYTES + payload) / SQS_CHUNK);
  const access = carrier.api ? LOG_BYTES.access : 0;
  return {
    invocations: 2 + (carrier.called || carrier.inExecutions ? 1 : 0),
    recordWrites: 2 * units(before, 1) + units(recordBytes, 1) + (carrier.api?.exactLimit ? 1 : 0),
    indexWrites: INDEX_WRITES.owner + INDEX_WRITES.deadline,
    readsOfStatus: units(recordBytes, 4),
    sqsRequests: 2 * message + SMALL_REQUESTS,
    recordBytes,
    logBytes: LOG_BYTES.submit + LOG_BYTES.worker + 2 * LOG_BYTES.invocation + access,
    logBytesOfStatus: LOG_BYTES.status + LOG_BYTES.invocation + access,
    apiRequests: carrier.api ? 1 + load.statusReadsPerJob : 0,
    files: { puts: files.length, gets: files.length, bytes: files.reduce((sum, bytes) => sum + bytes, 0) },
  };
}

function units(bytes: number, kibibytes: number): number {
  return Math.ceil(bytes / (1024 * kibibytes));
}
