import { Database, filesOf } from './database';
import type { MigrationEvent } from '../../../src/runtime/migrations/events';
import { migrate, plan, status } from '../../../src/runtime/migrations/migrate';
import { PgConnection } from '../../../src/runtime/migrations/pg-connection';
import { PostgresServer } from '../../support/postgres/server';

let server: PostgresServer;
let database: Database;
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => { database = await Database.on(server); });
afterEach(async () => database.close());

const TWO = { '0001_a.sql': 'CREATE TABLE a (id int);', '0002_b.sql': 'CREATE TABLE b (id int); INSERT INTO b VALUES (1), (2) -- last' };

test('applies files in their order and remembers them', async () => {
  const events: MigrationEvent[] = [];
  const first = await database.migrate(TWO, { report: event => events.push(event) });
  expect(first).toMatchObject({ complete: true, applied: [{ path: '0001_a.sql' }, { path: '0002_b.sql' }], before: 0, pending: 0, newer: [] });
  expect(events.map(({ kind }) => kind)).toEqual(['file', 'applied', 'file', 'applied']);
  expect(events[2]).toEqual({ kind: 'file', path: '0002_b.sql', index: 2, of: 2, again: false });
  expect(await database.rows('SELECT count(*)::int AS rows FROM b')).toEqual([{ rows: 2 }]);
  expect(await database.rows('SELECT history, number, name, length(checksum) AS length, applied_at > now() - interval \'1 minute\' AS now, seconds BETWEEN 0 AND 5 AS short FROM jobworks.migrations ORDER BY number'))
    .toEqual([1, 2].map(number => ({ history: 'app', number, name: Object.keys(TWO)[number - 1], length: 64, now: true, short: true })));
});

test('applies nothing twice', async () => {
  await database.migrate(TWO);
  expect(await database.migrate({ ...TWO, '0003_c.sql': 'INSERT INTO b VALUES (3)' })).toMatchObject({ applied: [{ path: '0003_c.sql' }], before: 2 });
  expect(await database.migrate({ ...TWO, '0003_c.sql': 'INSERT INTO b VALUES (3)' })).toMatchObject({ applied: [], before: 3, complete: true });
  expect(await database.rows('SELECT max(id) AS most, count(*)::int AS rows FROM b')).toEqual([{ most: 3, rows: 3 }]);
});

test('applies the library\'s files before the user\'s, and counts each for itself', async () => {
  const histories = [
    { name: 'jobworks', files: filesOf({ '0001_jobs.sql': 'CREATE TABLE jobworks.jobs (id int)' }) },
    { name: 'app', files: filesOf({ '0001_view.sql': 'CREATE VIEW v AS SELECT id FROM jobworks.jobs' }) },
  ];
  expect((await database.migrate(histories)).applied.map(({ path }) => path)).toEqual(['jobworks/0001_jobs.sql', '0001_view.sql']);
  expect(await database.applied()).toEqual(['0001_jobs.sql', '0001_view.sql']);
});

test('takes each file in one round trip', async () => {
  const client = await database.connect();
  let sent = 0;
  const connection = new PgConnection(client);
  const send = connection.send.bind(connection);
  connection.send = async (text) => { sent++; return send(text); };
  const files = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${String(index + 1).padStart(4, '0')}_x.sql`, text: 'SELECT 1; SELECT 2' }));
  await migrate(connection, [{ name: 'app', files: files(1) }]);
  sent = 0;
  await migrate(connection, [{ name: 'app', files: files(21) }]);
  expect(sent).toBeLessThanOrEqual(21);
});

test('what a file sets ends with it', async () => {
  await database.migrate({
    '0001_a.sql': 'CREATE ROLE somebody_else; SET search_path = pg_catalog; SET ROLE somebody_else; SET statement_timeout = 200; SET standard_conforming_strings = off; SELECT set_config(\'DateStyle\', \'SQL\', false)',
    '0002_b.sql': 'CREATE TABLE here (id int); INSERT INTO here SELECT 1 FROM pg_sleep(0.4) WHERE current_user <> \'somebody_else\' AND \'\\\' = chr(92)',
    '0003_c.sql': '-- jobworks: no-transaction\nSET SESSION AUTHORIZATION somebody_else; SET search_path = pg_catalog',
    '0004_d.sql': 'INSERT INTO here VALUES (2)',
  });
  expect(await database.rows('SELECT id FROM public.here')).toEqual([{ id: 1 }, { id: 2 }]);
  await database.rows('DROP ROLE somebody_else');
});

test('savepoints are within the transaction', async () => {
  await database.migrate({ '0001_a.sql': 'CREATE TABLE a (id int); SAVEPOINT s; DROP TABLE a; ROLLBACK TO SAVEPOINT s; INSERT INTO a VALUES (1)' });
  expect(await database.rows('SELECT id FROM a')).toEqual([{ id: 1 }]);
});

describe('a file that fails', () => {
  const failing = (text: string) => ({ '0001_a.sql': 'CREATE TABLE a (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);', '0002_b.sql': text, '0003_c.sql': 'CREATE TABLE c (id int)' });

  test.each([
    ['a name that is not there, by its place', 'CREATE TABLE b (id int);\n\n-- 🎉\nINSERT INTO b\n  SELECT 1, ü.x FROM a;', 'line 5, column 13', '42P01', 'missing FROM-clause entry for table "ü"'],
    ['syntax, by its place', 'SELECT 1;\r\nSELECT 2;\r\n  SELEC 3;', 'line 3, column 3', '42601', 'syntax error at or near "SELEC"'],
    ['what has no place, by its statement', 'CREATE TABLE b (id int);\n\n  INSERT INTO b SELECT 1 / id FROM (VALUES (0)) AS v (id);\nSELECT 1', 'line 3, column 3', '22012', 'division by zero'],
    ['what a row breaks, by its statement', ';;CREATE TABLE b (id int UNIQUE); ;\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (1);', 'line 3, column 1', '23505', 'duplicate key value'],
    ['what is in a block', '\nDO $$\nBEGIN\n  RAISE EXCEPTION \'no\' USING HINT = \'try\', DETAIL = \'more\';\nEND $$', 'line 2, column 1', 'P0001', 'no'],
    ['a function\'s body', 'SELECT 1;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT nothing\n$$;', 'line 3, column 10', '42703', 'column "nothing" does not exist'],
  ])('%s', async (_, text, place, sqlstate, message) => {
    const error = await database.failure(failing(text));
    expect(error.message).toMatch(new RegExp(`^0002_b\\.sql, ${place}: ${message}.* \\(SQLSTATE ${sqlstate}\\)\\n`));
    expect(error.message).toMatch(/\nThe database is as it was before this file, and the next run begins with it\.$/);
    expect(await database.applied()).toEqual(['0001_a.sql']);
    expect(await database.rows('SELECT relname FROM pg_class WHERE relname IN (\'b\', \'c\')')).toEqual([]);
    expect(error).toMatchObject({ name: 'FileFailed', server: { sqlstate } });
  });

  test('tells what PostgreSQL tells', async () => {
    const { message } = await database.failure(failing('DO $$ BEGIN RAISE EXCEPTION \'no\' USING HINT = \'try\', DETAIL = \'more\'; END $$'));
    expect(message).toMatch(/\nDetail: more\nHint: try\nWhere: PL\/pgSQL function inline_code_block line 1 at RAISE\n/);
  });

  test('at its end, in what was deferred, has no place', async () => {
    const { message } = await database.failure(failing('INSERT INTO a VALUES (1), (1); SELECT 1'));
    expect(message).toMatch(/^0002_b\.sql: duplicate key value .* \(SQLSTATE 23505\)/);
    expect(await database.rows('SELECT * FROM a')).toEqual([]);
  });

  test.each([
    ['VACUUM a', 'Hint: Put it into a file of its own, whose first line is "-- jobworks: no-transaction".'],
  ])('%s', async (text, told) => {
    expect((await database.failure(failing(text))).message).toContain(told);
  });

  test('is what the next run begins with', async () => {
    await database.failure(failing('SELECT nothing'));
    const { applied } = await database.migrate(failing('CREATE TABLE b (id int)'));
    expect(applied.map(({ path }) => path)).toEqual(['0002_b.sql', '0003_c.sql']);
  });

  test('leaves no lock behind on its connection', async () => {
    const client = await database.connect();
    await expect(migrate(new PgConnection(client), [{ name: 'app', files: filesOf({ '0001_a.sql': 'SELECT nothing' }) }])).rejects.toThrow('nothing');
    await expect(database.migrate({ '0001_a.sql': 'SELECT 1' }, { lockWaitSeconds: 0 })).resolves.toMatchObject({ complete: true });
  });
});

describe('old files', () => {
  beforeEach(async () => database.migrate(TWO));

  test('that are changed, renamed or replaced are all told, and nothing is applied', async () => {
    const { message } = await database.failure({ '0001_a.sql': 'CREATE TABLE a (id bigint);', '0002_other.sql': TWO['0002_b.sql'], '0003_c.sql': 'CREATE TABLE c ()' });
    expect(message).toMatch(/nothing was applied:\n- 0001_a\.sql was changed after it was applied \(20.*Z\): put it back as it was, and write what is new into a new file\n- 0002_other\.sql was applied as 0002_b\.sql: give it its name back$/);
    expect((await database.failure({ ...TWO, '0002_b.sql': 'SELECT 1' })).message).toContain('0002_b.sql was changed');
    expect((await database.failure({ '0001_a.sql': TWO['0001_a.sql'], '0002_x.sql': 'SELECT 1' })).message)
      .toMatch(/0002_x\.sql has the number of 0002_b\.sql, which was applied .* and is missing/);
    expect(await database.applied()).toEqual(['0001_a.sql', '0002_b.sql']);
    expect(await database.rows('SELECT to_regclass(\'c\') AS c')).toEqual([{ c: null }]);
  });

  test('with other ends of lines are the same', async () => {
    await expect(database.migrate({ '0001_a.sql': `\uFEFF${TWO['0001_a.sql']}`, '0002_b.sql': TWO['0002_b.sql'] })).resolves.toMatchObject({ before: 2 });
  });

  test('that a rollback no longer has are left as they are, and known again later', async () => {
    const { '0001_a.sql': first } = TWO;
    expect(await database.migrate({ '0001_a.sql': first })).toMatchObject({ complete: true, before: 1, newer: ['0002_b.sql'] });
    expect(await database.migrate(TWO)).toMatchObject({ before: 2, applied: [], newer: [] });
  });
});

describe('a file outside a transaction', () => {
  const INDEX = { '0001_a.sql': 'CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1)' };
  const concurrently = (text: string) => ({ ...INDEX, '0002_i.sql': `-- jobworks: no-transaction\n${text}` });

  test('may do what none inside can', async () => {
    await database.migrate(concurrently('CREATE INDEX CONCURRENTLY i ON a (id); -- ;\nCREATE INDEX CONCURRENTLY j ON a (id); DO $$ BEGIN COMMIT; END $$; VACUUM a;'));
    expect(await database.rows('SELECT count(*)::int AS valid FROM pg_index WHERE indrelid = \'a\'::regclass AND indisvalid')).toEqual([{ valid: 2 }]);
    expect(await database.rows('SELECT seconds > 0 AS measured FROM jobworks.migrations WHERE number = 2')).toEqual([{ measured: true }]);
  });

  test('that fails is remembered as interrupted, and begun again, changed if need be', async () => {
    const { message } = await database.failure(concurrently('CREATE TABLE IF NOT EXISTS b (id int);\nCREATE UNIQUE INDEX CONCURRENTLY\n  i ON a (id)'));
    expect(message).toMatch(/^0002_i\.sql, line 3, column 1: could not create unique index "i" \(SQLSTATE 23505\)\nDetail: Key \(id\)=\(1\) is duplicated\./);
    expect(message).toContain('it is remembered as interrupted, and the next run begins with its first statement again');
    expect(await database.rows('SELECT name, applied_at, seconds FROM jobworks.migrations WHERE number = 2')).toEqual([{ name: '0002_i.sql', applied_at: null, seconds: null }]);
    expect(await database.rows('SELECT to_regclass(\'b\')::text AS b')).toEqual([{ b: 'b' }]);

    const events: MigrationEvent[] = [];
    await database.migrate(concurrently('CREATE TABLE IF NOT EXISTS b (id int); DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON a (id)'), { report: event => events.push(event) });
    expect(events[0]).toMatchObject({ kind: 'file', path: '0002_i.sql', again: true });
    expect(await database.applied()).toEqual(['0001_a.sql', '0002_i.sql']);
  });

  test('may become one that is inside', async () => {
    await database.failure(concurrently('CREATE UNIQUE INDEX CONCURRENTLY i ON a (id)'));
    await database.migrate({ ...INDEX, '0002_other.sql': 'DROP INDEX i; CREATE INDEX i ON a (id)' });
    expect(await database.applied()).toEqual(['0001_a.sql', '0002_other.sql']);
  });

  test('does not take an index for done that was left invalid', async () => {
    await database.failure(concurrently('CREATE UNIQUE INDEX CONCURRENTLY i ON a (id)'));
    await database.rows('DELETE FROM a');
    const { message } = await database.failure(concurrently('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (id)'));
    expect(message).toMatch(/^0002_i\.sql: left invalid: i\. .*\nHint: Put DROP INDEX CONCURRENTLY IF EXISTS before/);
    expect(await database.applied()).toEqual(['0001_a.sql']);
  });

  test.each([
    ['SELECT 1;\n  SELECT nothing', 'line 3, column 10: column "nothing"'],
    ['SELECT 1;\n  SELECT 1 / 0', 'line 3, column 3: division by zero'],
  ])('is told with its line: %j', async (text, told) => {
    expect((await database.failure(concurrently(text))).message).toContain(told);
  });
});

describe('time', () => {
  test('that is used up leaves the rest to the next run', async () => {
    const files = { '0001_a.sql': 'SELECT pg_sleep(0.3)', '0002_b.sql': 'SELECT 1' };
    expect(await database.migrate(files, { until: Date.now() + 250, fileSeconds: 0.1 }).catch((error: Error) => error.name)).toBe('OutOfTime');
    expect(await database.migrate(files, { until: Date.now() - 1 })).toMatchObject({ complete: false, applied: [], pending: 2 });
    expect(await database.migrate({ '0001_a.sql': 'SELECT pg_sleep(0.3)', '0002_b.sql': 'SELECT 2' }, { until: Date.now() + 5_000 })).toMatchObject({ complete: true });
  });

  test('that a run of its own cannot have either, is a failure', async () => {
    const { name } = await database.failure({ '0001_a.sql': 'SELECT pg_sleep(3)' }, { until: Date.now() + 300 });
    expect(name).toBe('OutOfTime');
  });

  test('that is too short for a file only because of others is no failure', async () => {
    const files = { '0001_a.sql': 'SELECT pg_sleep(0.4)', '0002_b.sql': 'CREATE TABLE b (); SELECT pg_sleep(0.8)' };
    expect(await database.migrate(files, { until: Date.now() + 1_000 })).toMatchObject({ complete: false, applied: [{ path: '0001_a.sql' }], pending: 1 });
    expect(await database.rows('SELECT to_regclass(\'b\') AS b')).toEqual([{ b: null }]);
    expect(await database.migrate(files, { until: Date.now() + 5_000 })).toMatchObject({ complete: true });
  });

  test('of a file is that of all its statements, and nothing of it is left', async () => {
    const error = await database.failure({ '0001_a.sql': `CREATE TABLE a ();${'SELECT pg_sleep(0.3);'.repeat(40)}` }, { fileSeconds: 0.5 });
    expect(error.message).toMatch(/^0001_a\.sql was not done within 1 s, and was ended\.\nThe database is as it was/);
    const { rows } = await server.asMaster(database.name, async client => {
      await client.query('SELECT pg_sleep(1)');
      for (let tries = 0; tries < 40; tries++) {
        const { rows: left } = await client.query('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
        if (left.length === 0) break;
        await client.query('SELECT pg_sleep(0.2)');
      }
      return client.query('SELECT to_regclass(\'a\') AS a, (SELECT count(*)::int FROM jobworks.migrations) AS entries');
    });
    expect(rows).toEqual([{ a: null, entries: 0 }]);
  }, 30_000);

  test('to wait for a lock of a table is short', async () => {
    await database.migrate(TWO);
    const client = await database.connect();
    await client.query('BEGIN; LOCK TABLE a');
    const { message } = await database.failure({ ...TWO, '0003_c.sql': 'SET LOCAL lock_timeout = 50; ALTER TABLE a ADD COLUMN c int' });
    expect(message).toMatch(/^0003_c\.sql, line 1, column 30: .*lock timeout \(SQLSTATE 55P03\)\nHint: It waits 10 s/);
    expect(await database.migrate({ ...TWO, '0003_c.sql': 'CREATE TABLE t AS SELECT current_setting(\'lock_timeout\') AS lock, current_setting(\'statement_timeout\') AS statement, current_setting(\'client_connection_check_interval\') AS client, current_setting(\'tcp_keepalives_idle\') AS idle' }))
      .toMatchObject({ complete: true });
    expect(await database.rows('SELECT * FROM t')).toEqual([{ lock: '10s', statement: '14min', client: '5s', idle: '30' }]);
  });
});

describe('extensions', () => {
  test('that the engine lacks are told with those it has', async () => {
    await expect(database.migrate({ '0001_a.sql': 'SELECT 1' }, { extensions: ['plpgsql', 'vector-less'] })).rejects.toThrow(
      /^the engine lacks vector-less, and nothing was applied\. It has: .*plpgsql.*pgvector is "vector"$/);
    expect(await database.rows('SELECT to_regclass(\'jobworks.migrations\') AS history')).toEqual([{ history: null }]);
  });

  test('bring those they need, and are there for the files', async () => {
    const events: MigrationEvent[] = [];
    const options = { extensions: ['earthdistance', 'citext', 'citext'], report: (event: MigrationEvent) => events.push(event) };
    const files = { '0001_a.sql': 'CREATE TABLE a (name citext, place earth)' };
    await database.migrate(files, options);
    await database.migrate(files, options);
    expect(events.flatMap(event => (event.kind === 'extension' ? event.name : []))).toEqual(['earthdistance', 'citext']);
  });

  test('that we may not create are told', async () => {
    await database.rows(`CREATE ROLE owner_of_${database.name} LOGIN PASSWORD 'x'; ALTER DATABASE ${database.name} OWNER TO owner_of_${database.name}`);
    const { message } = await database.failure(TWO, { extensions: ['file_fdw'] }, { user: `owner_of_${database.name}`, password: 'x' });
    expect(message).toMatch(/^extension file_fdw: permission denied to create extension "file_fdw" \(SQLSTATE 42501\)\nMust be superuser/);
  });
});

describe('without changing anything', () => {
  const asked = async <Result>(work: (connection: PgConnection) => Promise<Result>): Promise<Result> => {
    return work(new PgConnection(await database.connect()));
  };
  const histories = (files: Record<string, string>) => [{ name: 'app', files: filesOf(files) }];

  test('tells how each file stands', async () => {
    expect((await asked(async connection => status(connection, histories(TWO)))).map(({ name, state }) => [name, state])).toEqual([['0001_a.sql', 'pending'], ['0002_b.sql', 'pending']]);
    expect(await database.rows('SELECT to_regnamespace(\'jobworks\') AS schema')).toEqual([{ schema: null }]);

    const files = { ...TWO, '0003_i.sql': '-- jobworks: no-transaction\nSELECT nothing' };
    await database.failure(files);
    const after = await asked(async connection => status(connection, histories({ '0001_a.sql': 'SELECT 1', '0002_b.sql': files['0002_b.sql'] })));
    expect(after.map(({ name, state, problem }) => [name, state, problem?.slice(0, 22)])).toEqual([
      ['0001_a.sql', 'changed', '0001_a.sql was changed'], ['0002_b.sql', 'applied', undefined], ['0003_i.sql', 'newer', undefined],
    ]);
    expect((await asked(async connection => status(connection, histories(files))))[2].state).toBe('interrupted');
  });

  test('tells what it would do, and refuses what it would refuse', async () => {
    await database.migrate(TWO);
    const planned = await asked(async connection => plan(connection, histories({ ...TWO, '0003_c.sql': 'SELECT nothing' }), { extensions: ['plpgsql'] }));
    expect(planned).toMatchObject({ extensions: [], files: [{ state: 'applied' }, { state: 'applied' }, { state: 'pending' }] });
    await expect(asked(async connection => plan(connection, histories({ '0001_a.sql': 'SELECT 1' })))).rejects.toThrow('was changed');
    await expect(asked(async connection => plan(connection, histories(TWO), { extensions: ['lacking'] }))).rejects.toThrow('the engine lacks lacking');
    await expect(asked(async connection => plan(connection, histories(TWO), { roles: [{ name: 'rds_iam', access: 'read' }] }))).rejects.toThrow('belongs to the server');
    expect(await database.applied()).toHaveLength(2);
  });
});

test('who may not make the history is told so', async () => {
  await database.rows('CREATE ROLE nobody_much LOGIN PASSWORD \'x\'');
  const { message } = await database.failure(TWO, {}, { user: 'nobody_much', password: 'x' });
  expect(message).toMatch(/^the history cannot be made: permission denied for database .* \(SQLSTATE 42501\)/);
});
