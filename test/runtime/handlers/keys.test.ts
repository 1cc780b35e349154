import { manageKeys } from '../../../src/runtime/handlers/keys/keys';
import { newKey } from '../../../src/runtime/keys/key';
import { NOW } from '../../support/job-fixtures';
import { MemoryKeys } from '../../support/memory-keys';
import { MemoryLog } from '../../support/worker-harness';

const AT = new Date(NOW).toISOString();
const DAY = 86_400_000;

let keys: MemoryKeys;
let log: MemoryLog;
let now: number;
beforeEach(() => {
  [keys, log, now] = [new MemoryKeys(), new MemoryLog(), NOW];
});

const ask = async (event: unknown) => manageKeys(event, { awsRequestId: 'invocation-1' }, { keys, log, now: () => now });
const create = async (customer: string) => {
  const made = newKey();
  await ask({ action: 'create', customer, key_id: made.key_id, key_hash: made.key_hash });
  return made;
};

test('a key is kept as its hash, and shown by its beginning', async () => {
  const { key, key_id, key_hash } = newKey();
  expect(await ask({ action: 'create', customer: 'acme', key_id, key_hash })).toEqual({ key: { key_id, customer: 'acme', created_at: AT } });
  expect([...keys.keys.values()]).toEqual([{ key_hash, key_id, customer: 'acme', created_at: NOW }]);
  expect(JSON.stringify([...keys.keys, log.lines])).not.toContain(key);
  expect(log.lines).toEqual([
    { level: 'info', message: 'keys', fields: { action: 'create', customer: 'acme', key_id, function_request_id: 'invocation-1' } },
  ]);
});

test('the same again is the same key, unless it is for somebody else', async () => {
  const { key_id, key_hash } = await create('acme');
  const again = { action: 'create', customer: 'acme', key_id, key_hash };
  await expect(ask(again)).resolves.toMatchObject({ key: { key_id } });
  await expect(ask({ ...again, customer: 'globex' })).rejects.toMatchObject({ name: 'Conflict' });
  expect(keys.keys.get(key_hash)?.customer).toBe('acme');
});

test('a list is read page by page, and may be of one customer', async () => {
  const made = [await create('acme'), await create('globex'), await create('acme')];
  const first = await ask({ action: 'list' }) as { keys: object[]; next_token: string };
  expect(first.keys).toMatchObject([{ key_id: made[0].key_id }, { key_id: made[1].key_id }]);
  expect(await ask({ action: 'list', next_token: first.next_token })).toEqual({ keys: [expect.objectContaining({ key_id: made[2].key_id })] });
  keys.pageSize = 10;
  expect(await ask({ action: 'list', customer: 'acme' })).toMatchObject({ keys: [{ key_id: made[0].key_id }, { key_id: made[2].key_id }] });
  expect(JSON.stringify(await ask({ action: 'list' }))).not.toContain(made[0].key_hash);
});

test('one that is revoked stays so from its first time on, and is forgotten after 90 days', async () => {
  await create('acme');
  await create('acme');
  const { key_id, key_hash } = await create('acme'); // on the second page
  expect(await ask({ action: 'revoke', key_id })).toEqual({ key: { key_id, customer: 'acme', created_at: AT, revoked_at: AT } });
  now += DAY;
  expect(await ask({ action: 'revoke', key_id })).toMatchObject({ key: { revoked_at: AT } });
  expect(keys.keys.get(key_hash)).toMatchObject({ revoked_at: NOW, forget_at: NOW + 90 * DAY });
});

test('nothing is revoked that is not named: not another customer\'s, and not one of two that begin alike', async () => {
  const { key_id } = await create('acme');
  await expect(ask({ action: 'revoke', key_id, customer: 'globex' })).rejects.toMatchObject({ name: 'NotFound', message: expect.stringContaining('of globex') });
  await expect(ask({ action: 'revoke', key_id: 'jw_zzzzzzzz' })).rejects.toMatchObject({ name: 'NotFound' });
  await ask({ action: 'create', customer: 'globex', key_id, key_hash: newKey().key_hash });
  await expect(ask({ action: 'revoke', key_id })).rejects.toMatchObject({ name: 'Conflict', message: expect.stringContaining('name the customer') });
  expect([...keys.keys.values()].filter(({ revoked_at }) => revoked_at !== undefined)).toEqual([]);
  await expect(ask({ action: 'revoke', key_id, customer: 'acme' })).resolves.toMatchObject({ key: { customer: 'acme' } });
});

test.each([
  [undefined, '"action" must be one of create, list, revoke'],
  [[], '"action" must be one of'],
  [{ action: 'constructor' }, '"action" must be one of'],
  [{ action: 'create' }, '"customer" is missing; "key_id" is missing; "key_hash" is missing'],
  [{ action: 'create', customer: 'a/b', key_id: 'x', key_hash: 'y' }, '"customer" must be 1 to 64 letters'],
  [{ action: 'create', customer: 'a'.repeat(65), key_id: 'jw_aaaaaaaa', key_hash: 'f'.repeat(64) }, '"customer" must be'],
  [{ action: 'create', customer: 'acme', key_id: 'jw_aaaaaaaa', key_hash: 'f'.repeat(64), key: 'x' }, '"key" is nothing that "create" takes'],
  [{ action: 'list', customer: 7 }, '"customer" must be'],
  [{ action: 'list', next_token: 'x' }, '"next_token" must be'],
  [{ action: 'revoke' }, '"key_id" is missing'],
])('%j is refused', async (event, message) => {
  await expect(ask(event)).rejects.toMatchObject({ name: 'BadRequest', message: expect.stringContaining(message) });
  expect(keys.keys.size).toBe(0);
});

test('what is wrong is told without its value, which may be a key', async () => {
  const { key, key_hash } = newKey();
  await expect(ask({ action: 'create', customer: 'acme', key_id: key, key_hash })).rejects.toMatchObject({ message: expect.not.stringContaining(key.slice(12)) });
  expect(JSON.stringify(log.lines)).not.toContain(key.slice(12));
});

test('when the table does not answer that is said, and to try again', async () => {
  keys.broken = new Error('no answer');
  await expect(ask({ action: 'list' })).rejects.toMatchObject({ name: 'ServiceUnavailable', message: 'the table of keys does not answer: try again' });
});
