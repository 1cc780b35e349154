import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../src/runtime/migrations/roles';
import { Database } from '../test/runtime/migrations/database';
import { alone, Migrating } from '../test/runtime/migrations/migrating';
import { PostgresServer } from '../test/support/postgres/server';

/* Processes that migrate, and are killed as a machine does it: at any moment, with no word to the server. */

let server: PostgresServer;
let database: Database;
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => { database = await Database.on(server); });
afterEach(async () => {
  await Migrating.killAll();
  await database.close();
});

const pathsOf = (migrating: Migrating): unknown[] => migrating.said.filter(({ kind }) => kind === 'applied').map(({ path }) => path);

test('of four at once the one at work is killed: another goes on where that one stopped, and each file is applied once', async () => {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, file) => [
    `000${file + 1}_f.sql`, `${file === 0 ? 'CREATE TABLE done (file int);' : ''} INSERT INTO done VALUES (${file + 1}); SELECT pg_sleep(0.3)`,
  ]));
  const four = [1, 2, 3, 4].map(() => new Migrating(database, files));
  let atWork: Migrating | undefined;
  while (!atWork) {
    if (four.some(({ hasEnded }) => hasEnded)) throw new Error(`one ended before it was killed: ${JSON.stringify(four.map(({ said }) => said))}`);
    atWork = four.find(({ said }) => said.some(({ path }) => path === '0003_f.sql'));
    await sleep(10);
  }
  await atWork.kill();
  const others = four.filter((migrating) => migrating !== atWork);
  await Promise.all(others.map(async ({ ended }) => ended));
  expect(others.map(({ result }) => [result.error, result.complete])).toEqual([[undefined, true], [undefined, true], [undefined, true]]);
  const [none, neither, rest] = others.map((other) => pathsOf(other)).sort((a, b) => a.length - b.length);
  expect([none, neither, rest.slice(-2)]).toEqual([[], [], ['0004_f.sql', '0005_f.sql']]); // the third was whole or not there: the server may end it alone
  expect(await database.rows('SELECT file FROM done')).toEqual([1, 2, 3, 4, 5].map((file) => ({ file })));
  expect(await database.applied()).toEqual(Object.keys(files));
});

test('killed again and again, each time a little later, a run in the end has done every file whole, in order and once', async () => {
  const COUNT = 12;
  const outside = (file: number): boolean => file % 3 === 0;
  const text = (file: number): string => [
    ...(outside(file) ? ['-- jobworks: no-transaction'] : []),
    ...(file === 1 ? ['CREATE TABLE done (moment int GENERATED ALWAYS AS IDENTITY, file int, half int);'] : []),
    `INSERT INTO done (file, half) VALUES (${file}, 1); SELECT pg_sleep(0.05); INSERT INTO done (file, half) VALUES (${file}, 2)`,
  ].join('\n');
  const files = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`${String(index + 1).padStart(4, '0')}_f.sql`, text(index + 1)]));

  let kills = 0;
  for (let complete = false; !complete;) {
    const migrating = new Migrating(database, files);
    await Promise.race([migrating.until('file'), migrating.ended]);
    await Promise.race([sleep(20 + 17 * kills), migrating.ended]);
    if (migrating.result.complete === true) break;
    await migrating.kill();
    complete = migrating.result.complete === true;
    kills++;
  }
  expect(kills).toBeGreaterThan(3);
  await alone(database);

  expect(await database.applied()).toEqual(Object.keys(files));
  const rows = await database.rows('SELECT file, half FROM done ORDER BY moment') as { file: number; half: number }[];
  for (let file = 1; file <= COUNT; file++) {
    const halves = rows.filter((row) => row.file === file).map(({ half }) => half);
    if (outside(file)) expect(halves.slice(-2)).toEqual([1, 2]); // begun from its first statement, until it was through
    else expect(halves).toEqual([1, 2]);
  }
  expect(rows.map(({ file }) => file)).toEqual([...rows.map(({ file }) => file)].sort((a, b) => a - b));
}, 300_000); // a slow machine needs more runs, each of which starts a process

test('an index that is built meanwhile is told as interrupted and never taken for done; the pair of statements builds it anew', async () => {
  const TABLE = { '0001_a.sql': 'CREATE TABLE a (id int); INSERT INTO a VALUES (1)' };
  const index = (text: string) => ({ ...TABLE, '0002_i.sql': `-- jobworks: no-transaction\n${text}` });
  await database.migrate(TABLE);
  const somebody = await database.connect();
  await somebody.query('BEGIN; INSERT INTO a VALUES (2)'); // the build waits for its end
  const migrating = new Migrating(database, index('CREATE INDEX CONCURRENTLY i ON a (id)'));
  const building = 'SELECT 1 FROM pg_stat_progress_create_index WHERE datname = current_database() AND phase = \'waiting for writers before build\'';
  while ((await database.rows(building)).length === 0) {
    if (migrating.hasEnded) throw new Error(`it did not wait: ${JSON.stringify(migrating.said)}`);
    await sleep(50);
  }
  await migrating.kill();
  while ((await database.rows('SELECT 1 FROM pg_stat_activity WHERE application_name = \'migrating\'')).length > 0) await sleep(100); // at most some seconds
  await somebody.query('COMMIT');
  expect(await database.rows('SELECT indisvalid FROM pg_index WHERE indexrelid = \'i\'::regclass')).toEqual([{ indisvalid: false }]);
  expect(await database.rows('SELECT name, applied_at FROM jobworks.migrations WHERE number = 2')).toEqual([{ name: '0002_i.sql', applied_at: null }]);

  expect((await database.failure(index('CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (id)'))).message).toMatch(/^0002_i\.sql: left invalid: i\./);
  await database.migrate(index('DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY i ON a (id)'));
  expect(await database.rows('SELECT indisvalid FROM pg_index WHERE indexrelid = \'i\'::regclass')).toEqual([{ indisvalid: true }]);
  expect(await database.applied()).toEqual(['0001_a.sql', '0002_i.sql']);
});

test('databases of one server are migrated at once, whose roles have the same names', async () => {
  const databases = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => Database.on(server)));
  for (const round of [1, 2, 3, 4, 5]) {
    const roles: Role[] = [{ name: `app_${round}`, access: 'write', password: 'x' }, { name: `reader_${round}`, access: 'read', password: 'x' }];
    const all = await Promise.all(databases.map(async (one) => one.migrate({ '0001_a.sql': 'CREATE TABLE a (name text)' }, { roles, extensions: ['citext'] })));
    expect(all.map(({ complete }) => complete)).toEqual(databases.map(() => true));
    for (const one of databases) {
      const rights = 'SELECT has_table_privilege($1, \'a\', \'INSERT\') AS writes, has_table_privilege($2, \'a\', \'SELECT\') AS reads';
      expect(await one.rows(rights, roles.map(({ name }) => name))).toEqual([{ writes: true, reads: true }]);
    }
  }
  await Promise.all(databases.map(async (one) => one.close()));
});
