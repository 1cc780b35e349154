import { createHash, randomBytes } from 'node:crypto';
import { JOB_ID_PATTERN as ID } from '../wire/job';

/** Crockford's base32: sorts like the bytes it stands for, and has no letters that are misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `job_` and 26 characters of the alphabet. */
export const JOB_ID_PATTERN = new RegExp(ID);

/** A new id: a ULID, so that ids sort by the time they were made. */
export function newJobId(now: number, random: Buffer = randomBytes(10)): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(now, 0, 6);
  return jobId(Buffer.concat([time, random]));
}

/** The id of a job submitted with an idempotency key: the same owner and key give the same id. */
export function idempotentJobId(owner: string, key: string): string {
  // The length keeps ("a", "bc") and ("ab", "c") apart.
  return jobId(createHash('sha256').update(`${Buffer.byteLength(owner)}:${owner}${key}`).digest().subarray(0, 16));
}

/** The id of what came on the queue and is no job. */
export function rejectedJobId(message_id: string): string {
  return idempotentJobId('system', message_id);
}

/** 128 bits as 26 characters of 5 bits, the first of them padded. */
function jobId(bytes: Buffer): string {
  let value = bytes.readBigUInt64BE(0) << 64n | bytes.readBigUInt64BE(8);
  const characters: string[] = [];
  for (let index = 0; index < 26; index++) {
    characters.unshift(ALPHABET[Number(value & 31n)]);
    value >>= 5n;
  }
  return `job_${characters.join('')}`;
}
