import { createHash, randomBytes } from 'node:crypto';

/** A key that was just made. */
export interface NewKey {
  /** For its customer, and nobody else. */
  readonly key: string;
  /** Its beginning, by which it is listed and revoked. It tells nothing of the secret. */
  readonly key_id: string;
  readonly key_hash: string;
}

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 8;
const SECRET_BYTES = 32;

/** Makes a key with a secret of 256 bits. */
export function newKey(): NewKey {
  const key_id = `jw_${[...randomBytes(ID_LENGTH)].map((byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('')}`;
  const key = `${key_id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { key, key_id, key_hash: hashOf(key) };
}

/**
 * By which a key is looked up. No salt, and no slow hash: those are for passwords, which can be guessed. Nobody is told how near a guess
 * came, as it is a hash that is compared, by the index of a table.
 */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
