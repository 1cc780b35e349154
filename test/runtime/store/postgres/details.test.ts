import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import type { UpdateStep } from '../../../../src/runtime/protocol/decision';
import { stampOf } from '../../../../src/runtime/protocol/record';
import { perform } from '../../../../src/runtime/store/perform';
import { postgresStore, storeOn, type PostgresStore } from '../../../../src/runtime/store/postgres/postgres-store';
import { LIBRARY_TABLES } from '../../../../src/runtime/wire/migrations';
import { ended, message, NOW, processing, record } from '../../../support/job-fixtures';
import { MemoryDelivery, MemoryQueue } from '../../../support/memory-store';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';

const LIMITS = { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 0 };

let server: PostgresServer;
let database: JobsDatabase;
let pool: Pool;
let jobs: PostgresStore;
/** Of a pipeline of the test's own. */
let pipeline: string;
let number = 0;

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  pool = database.pool();
}, 60_000);

beforeEach(() => {
  pipeline = `pipeline-${++number}`;
  jobs = database.store(pipeline, pool);
});

afterAll(async () => {
  database?.close();
  await server?.stop();
});

const { job_id } = record();
const create = async (what = record()) => jobs.store.write({ do: 'create', record: what, over_fresh: false }, NOW);
const update = (decidedOn: ReturnType<typeof record>, changes: Partial<UpdateStep>): UpdateStep =>
  ({ do: 'update', job_id: decidedOn.job_id, expect: stampOf(decidedOn), set: {}, remove: [], ...changes });

describe('statements', () => {
  interface Query {
    readonly text: string;
    readonly values: unknown[];
  }

  const counting = () => {
    const queries: Query[] = [];
    const query = async (one: Query) => {
      queries.push(one);
      return pool.query(one);
    };
    return { queries, store: storeOn({ query } as unknown as Pool, pipeline, LIMITS).store };
  };

  test('a job takes three: it is submitted, claimed and ended', async () => {
    const { queries, store } = counting();
    const delivery = new MemoryDelivery();
    const ports = { store, queue: new MemoryQueue(), delivery, now: () => NOW };
    await perform({ type: 'submit', message: message() }, undefined, ports);
    expect(queries).toHaveLength(1);
    const { record: claimed } = await perform({ type: 'deliver', message: message(), remaining_ms: 60_000 }, undefined, ports);
    expect(queries).toHaveLength(2);
    const { outcome } = await perform({ type: 'succeed', run: 1, result: '{"pages":3}' }, claimed, ports);
    expect(queries).toHaveLength(3);
    expect([outcome, delivery.acknowledged]).toEqual(['succeeded', true]);
    expect(await store.read(job_id)).toMatchObject({ status: 'succeeded', result: '{"pages":3}' });
  });

  test('none has a name, and none has a value in its text', async () => {
    const { queries, store } = counting();
    const odd = 'customer:\'; DROP TABLE jobworks.jobs; --';
    await store.write({ do: 'create', record: record({ owner: odd }), over_fresh: true }, NOW);
    await store.write(update(record(), { set: { status: 'processing', run: 1 } }), NOW);
    await store.read(job_id);
    expect(queries.map((query) => Object.keys(query).sort())).toEqual(Array(3).fill(['query_timeout', 'text', 'values']));
    expect(queries.filter(({ text }) => /DROP|drawing|customer|job_0|pipeline-/.test(text))).toEqual([]);
    expect(await store.read(job_id)).toMatchObject({ owner: odd, status: 'processing' });
  });

  test('a refusal brings what is stored along', async () => {
    await create();
    const { queries, store } = counting();
    expect(await store.write(update(processing(), { set: { progress: 1 } }), NOW)).toEqual({ held: false, stored: record() });
    expect(queries).toHaveLength(1);
  });
});

describe('what is stored', () => {
  test('texts that PostgreSQL or JSON in it does not know come back as they were', async () => {
    const odd = 'a\u0000b \u001B0 \u001B\u001B \u{1F600} \uFFFF \\u0000 {"x": 1},"';
    const full = processing({
      owner: odd,
      correlation_id: odd,
      progress_note: odd,
      current_stage: odd,
      stages_completed: [odd, '', 'NULL', odd],
      checkpoint: odd,
      error: { type: odd, message: odd, attempt: 1 },
    });
    await create(full);
    expect(await jobs.store.read(job_id)).toEqual(full);
    await jobs.store.write(update(full, { set: { status: 'succeeded', result: odd } }), NOW);
    expect(await jobs.store.read(job_id)).toMatchObject({ result: odd });
    expect(await jobs.index.ofOwner(odd, 9)).toEqual([{ job_id, at: full.created_at }]);
  });

  test('half of a pair in a text does not keep a job from being written', async () => {
    await create(processing({ error: { type: 'Error', message: 'cut \uD83D', attempt: 1 }, progress_note: '\uDE00' }));
    expect(await jobs.store.read(job_id)).toMatchObject({ error: { message: 'cut \uFFFD' }, progress_note: '\uFFFD' });
  });

  const moments = [0, 1, 999, 1_767_225_540_123, 4_102_444_800_001, 253_402_300_800_007, 8_639_999_999_999_999, 8.64e15];
  test.each(moments)('a time of %d ms is exact', async (time) => {
    const names = ['created_at', 'updated_at', 'deadline_at', 'not_before', 'started_at', 'last_checkpoint', 'lease_expires_at'];
    const at = record(Object.fromEntries(names.map((name) => [name, time])));
    await create(at);
    expect(await jobs.store.read(job_id)).toEqual(at);
  });

  test('times are exact wherever in a millisecond they fall', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => NOW + index);
    const { rows } = await pool.query<{ ms: number }>({
      text: 'SELECT (extract(epoch FROM t) * 1000)::float8 AS ms FROM unnest($1::timestamptz[]) AS t', values: [many.map((ms) => new Date(ms).toISOString())],
    });
    expect(rows.map(({ ms }) => ms)).toEqual(many);
  });

  test('no setting of a session changes them', async () => {
    await create(ended('succeeded'));
    const odd = database.pool({ maxConnections: 1 });
    await odd.query('SET DateStyle = \'German\'');
    await odd.query('SET TimeZone = \'Asia/Kathmandu\'');
    const { store } = storeOn(odd, pipeline, LIMITS);
    expect(await store.read(job_id)).toEqual(ended('succeeded'));
    expect(await store.write(update(ended('succeeded'), { set: { updated_at: NOW + 1 } }), NOW)).toEqual({ held: true });
    expect((await jobs.store.read(job_id))?.updated_at).toBe(NOW + 1);
  });

  test('numbers that only a forged message has are no reason to refuse its record for ever', async () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const forged = record({ generation: huge, max_attempts: huge, retention_seconds: huge, created_at: huge, deadline_at: huge });
    expect(await create(forged)).toEqual({ held: true });
    expect(await jobs.store.read(job_id)).toEqual({ ...forged, created_at: 8.64e15, deadline_at: 8.64e15 });
    expect(await jobs.store.write(update(forged, { set: { status: 'failed', expires_at: huge } }), NOW)).toEqual({ held: true });
    expect(await jobs.store.read(job_id)).toMatchObject({ expires_at: 8.64e12 });
  });

  test('as people read it: times as times, states as words, the result beside it', async () => {
    await create(processing());
    await jobs.store.write(update(processing(), { set: { status: 'succeeded', result: '{"pages":3}', finished_at: NOW } }), NOW);
    expect(await database.rows(
      'SELECT status, finished_at, payload::jsonb->>\'drawing\' AS drawing, (result::jsonb->\'pages\')::integer AS pages '
      + 'FROM jobworks.jobs JOIN jobworks.job_results USING (pipeline, job_id) WHERE pipeline = $1', [pipeline],
    )).toEqual([{ status: 'succeeded', finished_at: new Date(NOW), drawing: 'a.pdf', pages: 3 }]);
  });

  test('what another version wrote beside the record is neither read nor lost', async () => {
    await create(processing());
    await database.rows('ALTER TABLE jobworks.jobs ADD COLUMN priority integer');
    await database.rows('UPDATE jobworks.jobs SET priority = 7 WHERE pipeline = $1', [pipeline]);
    expect(await jobs.store.read(job_id)).toEqual(processing());
    await jobs.store.write(update(processing(), { set: { status: 'succeeded' } }), NOW);
    expect(await database.rows('SELECT priority, status FROM jobworks.jobs WHERE pipeline = $1', [pipeline])).toEqual([{ priority: 7, status: 'succeeded' }]);
    await database.rows('ALTER TABLE jobworks.jobs DROP COLUMN priority');
  });

  test('a job is one pipeline\'s', async () => {
    await create();
    const other = database.store('other', pool);
    expect(await other.store.read(job_id)).toBeUndefined();
    expect(await other.store.write(update(record(), { set: { status: 'processing' } }), NOW)).toEqual({ held: false, stored: undefined });
    expect(await other.store.write({ do: 'create', record: processing(), over_fresh: true }, NOW)).toEqual({ held: true });
    expect(await jobs.store.read(job_id)).toEqual(record());
  });

  test('a new job under an id that has expired has nothing of the old one', async () => {
    await create(ended('succeeded', { expires_at: NOW / 1000, checkpoint: '1', progress_note: 'done' }));
    expect(await create()).toEqual({ held: true });
    expect(await jobs.store.read(job_id)).toEqual(record());
    expect(await database.rows('SELECT FROM jobworks.job_results WHERE pipeline = $1', [pipeline])).toEqual([]);
  });
});

describe('the schema', () => {
  test('explains itself: every table and column has a comment', async () => {
    const uncommented = await database.rows(`
      SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum > 0 OR a.attname = 'tableoid') AND NOT a.attisdropped
      WHERE c.relnamespace = 'jobworks'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
        AND CASE WHEN a.attnum > 0 THEN col_description(c.oid, a.attnum) ELSE obj_description(c.oid, 'pg_class') END IS NULL`);
    expect(uncommented).toEqual([]);
  });

  test('orders keys as the library does, whatever the locale of the database', async () => {
    const keys = await database.rows(`SELECT DISTINCT collation_name FROM information_schema.columns
      WHERE table_schema = 'jobworks' AND table_name <> 'migrations' AND column_name IN ('pipeline', 'job_id', 'owner', 'status', 'name')`);
    expect(keys).toEqual([{ collation_name: 'C' }]);
  });
});

describe('with many jobs', () => {
  const planned = (explain: Pool) => storeOn(explain, 'planned', LIMITS);

  beforeAll(async () => {
    await database.rows(`
      INSERT INTO jobworks.jobs (pipeline, job_id, owner, status, generation, run, attempt, max_attempts, cancel_requested, created_at, updated_at, finished_at,
        deadline_at, expires_at, retention_seconds, stages_completed, payload, payload_hash, correlation_id, version, write_id)
      SELECT 'planned', 'job_' || n, 'customer:' || n % 40, status, 0, 1, 1, 3, false, t, t, CASE WHEN status <> 'queued' THEN t END,
        t, CASE WHEN status <> 'queued' THEN t + interval '1 day' END, 1, '{}', '{}', 'h', 'c', 1, 'w'
      FROM generate_series(1, 4000) AS n, LATERAL (SELECT now() + n * interval '1 minute' AS t,
        CASE n % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'queued' ELSE 'succeeded' END AS status) AS s`);
    await database.rows('INSERT INTO jobworks.job_results SELECT job_id, pipeline, \'1\' FROM jobworks.jobs WHERE pipeline = \'planned\' AND status = \'succeeded\'');
    await database.rows('ANALYZE');
  });

  test.each<[string, string, (store: PostgresStore) => Promise<unknown>]>([
    ['an owner\'s jobs are', 'idx_jobs_owner', async ({ index }) => index.ofOwner('customer:7', 20, { job_id, at: NOW })],
    ['failed jobs are', 'idx_jobs_status', async ({ index }) => index.failed(0, 20, { job_id, at: NOW })],
    ['open jobs are', 'idx_jobs_open', async ({ index }) => index.open(NOW, 20, { job_id, at: 0 })],
    ['what has expired is', 'idx_jobs_expires_at', async ({ expiry }) => expiry.removeExpired(NOW, 20)],
    ['a job is', 'jobs_pkey', async ({ store }) => store.read('job_7')],
    ['some jobs are', 'jobs_pkey', async ({ index }) => index.records(['job_7', 'job_8'])],
  ])('%s found by an index, and read in its order', async (_, index, ask) => {
    const plans: string[] = [];
    await ask(planned({
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return { rows: [{}] };
      },
    } as unknown as Pool)).catch(() => {}); // a plan is no answer
    expect(plans[0]).toMatch(new RegExp(`(using|on) ${index}`));
    expect(plans[0]).not.toMatch(/Sort|Seq Scan/);
  });
});

describe('expiry', () => {
  test('removes what has expired with its result, a batch at a time, and nothing else', async () => {
    for (let job = 0; job < 5; job++) {
      await create(ended('succeeded', { job_id: `job_${job}`, expires_at: NOW / 1000 - job }));
    }
    await create(ended('succeeded', { job_id: 'job_5', expires_at: NOW / 1000 + 1 }));
    await create(record({ job_id: 'job_6' }));
    await database.store('other', pool).store.write({ do: 'create', record: ended('failed', { expires_at: 1, job_id: 'job_other' }), over_fresh: false }, NOW);
    await jobs.counter.add('a#1', 1, 60, NOW / 1000);
    await jobs.counter.add('a#2', 1, 60, NOW / 1000 + 1);

    const removed = [await jobs.expiry.removeExpired(NOW, 4), await jobs.expiry.removeExpired(NOW, 4), await jobs.expiry.removeExpired(NOW, 4)];

    expect(removed).toEqual([4, 2, 0]);
    expect(await database.rows('SELECT job_id FROM jobworks.jobs WHERE pipeline = $1 ORDER BY 1', [pipeline])).toEqual([{ job_id: 'job_5' }, { job_id: 'job_6' }]);
    expect(await database.rows('SELECT job_id FROM jobworks.job_results WHERE pipeline = $1', [pipeline])).toEqual([{ job_id: 'job_5' }]);
    expect(await database.rows('SELECT name FROM jobworks.counters WHERE pipeline = $1', [pipeline])).toEqual([{ name: 'a#2' }]);
    expect(await database.store('other', pool).store.read('job_other')).toBeDefined();
  });

  test('waits for nobody', async () => {
    await create(ended('succeeded', { expires_at: 1 }));
    const other = await database.plainPool().connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM jobworks.jobs WHERE pipeline = $1 FOR UPDATE', [pipeline]);
    expect(await jobs.expiry.removeExpired(NOW, 10)).toBe(0);
    await other.query('COMMIT');
    other.release();
    expect(await jobs.expiry.removeExpired(NOW, 10)).toBe(1);
  });
});

describe('the counter', () => {
  test('counts exactly to its limit, however many count at once', async () => {
    const { counter } = database.store(pipeline, database.pool({ maxConnections: 8 }));
    const answers = await Promise.all(Array.from({ length: 100 }, async () => counter.add('customer:acme#1', 1, 60, NOW / 1000)));
    expect(answers.filter(Boolean)).toHaveLength(60);
    expect(await counter.add('customer:other#1', 1, 60, NOW / 1000)).toBe(true);
    expect(await counter.add('customer:acme#2', 1, 60, NOW / 1000)).toBe(true);
    expect(await database.store('other', pool).counter.add('customer:acme#1', 60, 60, NOW / 1000)).toBe(true);
  });

  test('adds all or nothing', async () => {
    expect(await jobs.counter.add('a', 7, 10, NOW / 1000)).toBe(true);
    expect(await jobs.counter.add('a', 4, 10, NOW / 1000)).toBe(false);
    expect(await jobs.counter.add('a', 3, 10, NOW / 1000)).toBe(true);
    expect(await jobs.counter.add('a', 1, 10, NOW / 1000)).toBe(false);
  });

  test('judges who had to wait on the count as it is then', async () => {
    await jobs.counter.add('nearly', 9, 10, NOW / 1000);
    const other = await database.plainPool().connect();
    await other.query('BEGIN');
    await other.query('UPDATE jobworks.counters SET count = 10 WHERE pipeline = $1', [pipeline]);
    const answer = jobs.counter.add('nearly', 1, 10, NOW / 1000);
    while ((await database.rows('SELECT FROM pg_locks WHERE NOT granted')).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await other.query('COMMIT');
    other.release();
    expect(await answer).toBe(false);
  });

  test('refuses what is full without waiting for its row', async () => {
    await jobs.counter.add('full', 10, 10, NOW / 1000);
    const other = await database.plainPool().connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM jobworks.counters WHERE pipeline = $1 FOR UPDATE', [pipeline]);
    expect(await jobs.counter.add('full', 1, 10, NOW / 1000)).toBe(false);
    other.release(true);
  });
});

describe('the clock', () => {
  test('is the server\'s, by any answer', async () => {
    const real = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => real() - 3_600_000);
    try {
      const { store, now, warmUp } = storeOn(pool, pipeline, LIMITS);
      expect(Math.abs(now() - real())).toBeGreaterThan(3_500_000);
      await store.read(job_id);
      expect(Math.abs(now() - real())).toBeLessThan(500);
      const other = storeOn(pool, pipeline, LIMITS);
      await other.warmUp();
      expect(Math.abs(other.now() - real())).toBeLessThan(500);
      await warmUp();
    } finally {
      jest.restoreAllMocks();
    }
  });

  test('a database that is away is no reason for a process not to start', async () => {
    const away = storeOn(database.pool({ port: 1, connectTimeoutMs: 50 }), pipeline, LIMITS);
    await away.warmUp();
    expect(Math.abs(away.now() - Date.now())).toBeLessThan(100);
  });

  test('one that does not answer is asked once while a process starts, which has little time for it', async () => {
    const query = jest.fn(async () => Promise.reject(new Error('timeout expired')));
    await storeOn({ query } as unknown as Pool, pipeline, LIMITS).warmUp();
    expect(query).toHaveBeenCalledTimes(1);
  });
});

test('a role that may write the library\'s tables may do all that a pipeline does', async () => {
  const app = { name: 'app', password: 'test-only', access: 'write', libraryTables: LIBRARY_TABLES } as const;
  await database.migrate([app, { ...app, name: 'readonly', access: 'read' }]);
  const { store, index, counter, slots, expiry } = database.store(pipeline, database.pool({ role: app.name, password: app.password }));
  await store.write({ do: 'create', record: processing(), over_fresh: true }, NOW);
  const end = update(processing(), { set: { status: 'succeeded', result: '1', expires_at: 1 } });
  const client = await database.plainPool({ user: app.name, password: app.password }).connect();
  await client.query('BEGIN');
  expect(await store.writeWithin({ query: async (text, values) => client.query(text, values) }, end, NOW)).toEqual({ held: true });
  await client.query('COMMIT');
  client.release();
  expect(await index.records([job_id])).toMatchObject([{ status: 'succeeded', result: '1' }]);
  expect(await counter.add('a', 1, 1, 1)).toBe(true);
  expect(await slots.take('a', 1)).toBe(true);
  await slots.release('a');
  expect(await expiry.removeExpired(NOW, 9)).toBe(2);

  const reader = database.store(pipeline, database.pool({ role: 'readonly', password: app.password }));
  await create();
  expect(await reader.store.read(job_id)).toEqual(record());
  await expect(reader.store.write(update(record(), { set: { progress: 1 } }), NOW)).rejects.toMatchObject({ code: '25006' });
});

test('a pipeline that gets another name takes its jobs along, with their results, by one statement of its operator', async () => {
  const old = database.store('old name');
  await old.store.write({ do: 'create', record: processing({ result: '1' }), over_fresh: true }, NOW);
  await database.rows('UPDATE jobworks.jobs SET pipeline = $1 WHERE pipeline = $2', ['new name', 'old name']);
  expect(await old.store.read(job_id)).toBeUndefined();
  expect(await database.store('new name').store.read(job_id)).toMatchObject({ result: '1' });
});

test('an entry makes it from its environment', async () => {
  const made = postgresStore({ JOBWORKS_PIPELINE: pipeline }, LIMITS, {
    host: server.host,
    port: server.port,
    database: database.name,
    role: server.user,
    password: server.password,
    ca: readFileSync(server.caFile, 'utf8'),
    maxConnections: 1,
  });
  await create();
  expect(await made.store.read(job_id)).toEqual(record());
  await made.pool.end();
});
