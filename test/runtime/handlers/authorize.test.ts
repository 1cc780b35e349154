import { authorize } from '../../../src/runtime/handlers/authorize/authorize';
import { newKey } from '../../../src/runtime/keys/key';
import { NOW } from '../../support/job-fixtures';
import { MemoryKeys } from '../../support/memory-keys';
import { MemoryLog } from '../../support/worker-harness';

const { key, key_id, key_hash } = newKey();

let keys: MemoryKeys;
let log: MemoryLog;
beforeEach(async () => {
  [keys, log] = [new MemoryKeys(), new MemoryLog()];
  await keys.add({ key_hash, key_id, customer: 'acme', created_at: NOW });
});

const ask = async (given: string | undefined) => authorize(
  { headers: { 'host': 'x', 'x-api-key': given }, requestContext: { requestId: 'request-1' } }, { keys, log },
);

test('whose key came is told, and by which of theirs', async () => {
  expect(await ask(key)).toEqual({ isAuthorized: true, context: { customer: 'acme', key_id } });
  expect(log.lines).toEqual([]);
});

test.each([
  undefined, '', 'nonsense', key.toUpperCase(), `${key} `, ` ${key}`, `${key},${key}`, key.slice(0, -1), key_id, key_hash, 'constructor', `${key}\n`,
])('%j is no key: the table is not asked', async (given) => {
  expect(await ask(given)).toEqual({ isAuthorized: false });
  expect(keys.found).toEqual([]);
});

test('without headers there is no key', async () => {
  expect(await authorize({}, { keys, log })).toEqual({ isAuthorized: false });
});

test('a key that nobody issued is refused, and so is one that is revoked; the log alone says which', async () => {
  const other = newKey();
  expect(await ask(other.key)).toEqual({ isAuthorized: false });
  expect(await ask(`${key_id}_${other.key.slice(12)}`)).toEqual({ isAuthorized: false }); // with a known beginning
  await keys.revoke(key_hash, NOW, NOW);
  expect(await ask(key)).toEqual({ isAuthorized: false });
  expect(log.lines).toEqual([
    { level: 'info', message: 'key refused', fields: { reason: 'unknown', request_id: 'request-1' } },
    { level: 'info', message: 'key refused', fields: { reason: 'unknown', request_id: 'request-1' } },
    { level: 'info', message: 'key refused', fields: { reason: 'revoked', customer: 'acme', key_id, request_id: 'request-1' } },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain(key.slice(12));
  expect(JSON.stringify(log.lines)).not.toContain(other.key.slice(12));
});

test('when the table does not answer nobody is refused for as long as answers are kept', async () => {
  keys.broken = new Error('no answer');
  await expect(ask(key)).rejects.toThrow('no answer');
});
