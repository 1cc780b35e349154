import { createHash } from 'node:crypto';
import { hashOf, newKey } from '../../../src/runtime/keys/key';
import { KEY_HASH_PATTERN, KEY_ID_PATTERN, KEY_PATTERN } from '../../../src/runtime/wire/keys';

test('a key is its id and 256 bits of secret, and known by its SHA-256', () => {
  const { key, key_id, key_hash } = newKey();
  expect(key).toMatch(new RegExp(KEY_PATTERN));
  expect(key_id).toMatch(new RegExp(KEY_ID_PATTERN));
  expect(key_hash).toMatch(new RegExp(KEY_HASH_PATTERN));
  expect(key.startsWith(`${key_id}_`)).toBe(true);
  expect(Buffer.from(key.slice(key_id.length + 1), 'base64url')).toHaveLength(32);
  expect(key_hash).toBe(createHash('sha256').update(key, 'utf8').digest('hex'));
  expect(hashOf(key)).toBe(key_hash);
});

test('of a thousand keys no two share an id or a secret, and every letter is used', () => {
  const keys = Array.from({ length: 1_000 }, newKey);
  expect(new Set(keys.map(({ key_id }) => key_id)).size).toBe(1_000);
  expect(new Set(keys.map(({ key }) => key.slice(12))).size).toBe(1_000);
  expect(new Set(keys.flatMap(({ key_id }) => [...key_id.slice(3)])).size).toBe(32);
});
