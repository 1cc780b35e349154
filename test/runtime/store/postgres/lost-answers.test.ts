import type { UpdateStep, WriteStep } from '../../../../src/runtime/protocol/decision';
import { JobRecord, stampOf } from '../../../../src/runtime/protocol/record';
import { apply } from '../../../../src/runtime/protocol/write';
import { CounterThrottled } from '../../../../src/runtime/store/counter';
import { storeOn, type PostgresStore } from '../../../../src/runtime/store/postgres/postgres-store';
import { NOW, processing, record } from '../../../support/job-fixtures';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { Relay } from '../../../support/postgres/relay';
import { PostgresServer } from '../../../support/postgres/server';

let server: PostgresServer;
let database: JobsDatabase;
let relay: Relay;
let direct: PostgresStore;
let lossy: PostgresStore;
let job_id: string;
let number = 0;

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  direct = database.store();
}, 60_000);

beforeEach(async () => {
  job_id = `job_${String(++number).padStart(26, '0')}`;
  relay = await Relay.to(server.port);
  lossy = over();
  await lossy.warmUp();
});

afterEach(async () => relay.stop());

afterAll(async () => {
  database?.close();
  await server?.stop();
});

function over(limits: Partial<Parameters<typeof storeOn>[2]> = {}): PostgresStore {
  return storeOn(database.pool({ port: relay.port, maxConnections: 1 }), 'drawings', { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 30_000, ...limits });
}

const claim = (): UpdateStep => ({ do: 'update', job_id, expect: stampOf(record()), set: { status: 'processing', run: 1 }, remove: [] });
const end = (): UpdateStep => ({ do: 'update', job_id, expect: stampOf(processing()), set: { status: 'succeeded', result: '[1]' }, remove: ['lease_expires_at'] });
const create = (what: JobRecord, over_fresh = false): WriteStep => ({ do: 'create', record: { ...what, job_id }, over_fresh });

describe('a write whose answer is lost holds when it is made again', () => {
  test.each<[string, JobRecord | undefined, () => WriteStep]>([
    ['a new record', undefined, () => create(record())],
    ['a claim by the first message', undefined, () => create(processing(), true)],
    ['a claim by the first message, over what was submitted', record(), () => create(processing(), true)],
    ['a claim', record(), claim],
    ['an end', processing(), end],
    ['a save, whose condition holds twice', processing(), () => ({ ...end(), set: { progress: 0.5 }, remove: [] })],
  ])('%s', async (_, stored, step) => {
    const before = stored && { ...stored, job_id };
    if (stored) await direct.store.write(create(stored), NOW);
    relay.loseNext();
    expect(await lossy.store.write(step(), NOW)).toEqual({ held: true });
    expect(relay.connections).toBe(2);
    expect(await direct.store.read(job_id)).toEqual(apply(step(), before));
  });
});

test('it does not when somebody else has written since', async () => {
  await direct.store.write(create(record()), NOW);
  const claimed = apply(claim(), { ...record(), job_id });
  const cancel: WriteStep = { do: 'update', job_id, expect: stampOf(claimed), set: { cancel_requested: true }, remove: [] };
  relay.meanwhile = async () => direct.store.write(cancel, NOW);
  relay.loseNext();
  expect(await lossy.store.write(claim(), NOW)).toEqual({ held: false, stored: { ...claimed, cancel_requested: true } });
});

test('it is not mistaken for the same write by another worker in the same millisecond', async () => {
  const step = create(processing(), true);
  relay.meanwhile = async () => direct.store.write(step, NOW);
  expect(await direct.store.write(step, NOW)).toEqual({ held: true });
  relay.loseNext();
  expect(await lossy.store.write(step, NOW)).toEqual({ held: false, stored: { ...processing(), job_id } });
});

test('what is read is read again', async () => {
  await direct.store.write(create(record()), NOW);
  relay.loseNext();
  expect(await lossy.store.read(job_id)).toEqual({ ...record(), job_id });
});

test('a connection that says nothing is given up, and another one taken', async () => {
  const store = over({ answerMs: 2_000 }); // as long as a busy machine may take for the new one
  await store.warmUp();
  relay.keepNext();
  expect(await store.store.write(create(record()), NOW)).toEqual({ held: true });
});

test('one that stood idle and says nothing any more is not waited for', async () => {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + 60_000);
  relay.keepNext();
  const started = performance.now();
  expect(await lossy.store.read(job_id)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(5_000);
  jest.restoreAllMocks();
});

test('what took too long is not begun again', async () => {
  const store = over({ answerMs: 2_000, repeatWithinMs: 200 });
  await store.warmUp();
  relay.keepNext();
  await expect(store.store.write(create(record()), NOW)).rejects.toMatchObject({ name: 'NoAnswer', message: 'no answer within 2000 ms' });
});

test('what the server refuses is not asked again', async () => {
  const before = relay.connections;
  await expect(lossy.store.write(create(record({ status: 'dreaming' as 'queued' })), NOW)).rejects.toMatchObject({ code: '23514' });
  expect(relay.connections).toBe(before);
});

test('who meets another write that is under way is answered with what that one has written', async () => {
  await direct.store.write(create(record()), NOW);
  const claimed = apply(claim(), { ...record(), job_id });
  const other = await database.plainPool().connect();
  await other.query('BEGIN');
  await direct.store.writeWithin(other, claim(), NOW);
  const answer = direct.store.write(claim(), NOW);
  while ((await database.rows('SELECT FROM pg_locks WHERE NOT granted')).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await other.query('COMMIT');
  other.release();
  expect(await answer).toEqual({ held: false, stored: claimed });
});

test('who waits for a database that takes its statements back asks once more', async () => {
  await direct.store.write(create(record()), NOW);
  const pool = database.pool({ maxConnections: 1 });
  await pool.query('SET default_transaction_isolation = \'repeatable read\'');
  const careful = storeOn(pool, 'drawings', { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 30_000 });
  const other = await database.plainPool().connect();
  await other.query('BEGIN');
  await direct.store.writeWithin(other, claim(), NOW);
  const answer = careful.store.write(claim(), NOW);
  while ((await database.rows('SELECT FROM pg_locks WHERE NOT granted')).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await other.query('COMMIT');
  other.release();
  expect(await answer).toMatchObject({ held: false, stored: { run: 1 } });
});

describe('a count', () => {
  test('whose answer is lost is not made again', async () => {
    relay.loseNext();
    await expect(lossy.counter.add('customer:acme#1', 1, 60, NOW / 1000)).rejects.toThrow();
    expect(await database.rows('SELECT count::integer FROM jobworks.counters WHERE name = $1', ['customer:acme#1'])).toEqual([{ count: 1 }]);
  });

  test('that waits for others is refused, so that no flood is let through; one without a connection is not', async () => {
    const other = await database.plainPool().connect();
    await direct.counter.add('customer:acme#2', 1, 60, NOW / 1000);
    await other.query('BEGIN');
    await other.query('SELECT FROM jobworks.counters WHERE name = $1 FOR UPDATE', ['customer:acme#2']);
    const { counter } = over({ answerMs: 200 });
    await expect(counter.add('customer:acme#2', 1, 60, NOW / 1000)).rejects.toBeInstanceOf(CounterThrottled);
    other.release(true);
    const away = storeOn(database.pool({ port: 1, connectTimeoutMs: 100 }), 'drawings', { connectMs: 100, answerMs: 200, repeatWithinMs: 0 });
    await expect(away.counter.add('customer:acme#2', 1, 60, NOW / 1000)).rejects.not.toBeInstanceOf(CounterThrottled);
  });
});
