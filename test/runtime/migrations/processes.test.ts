import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from './database';
import { alone, Migrating } from './migrating';
import { PostgresServer } from '../../support/postgres/server';

let server: PostgresServer;
let database: Database;
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => { database = await Database.on(server); });
afterEach(async () => {
  await Migrating.killAll();
  await database.close();
});

jest.setTimeout(60_000);

const FILES = {
  '0001_a.sql': 'CREATE TABLE a (id int); SELECT pg_sleep(0.3)',
  '0002_b.sql': 'INSERT INTO a VALUES (1); SELECT pg_sleep(0.3)',
  '0003_c.sql': '-- jobworks: no-transaction\nCREATE INDEX CONCURRENTLY c ON a (id)',
  '0004_d.sql': 'INSERT INTO a VALUES (2)',
};

/** Until the three others have asked for the lock in vain, however slowly they start. */
const UNTIL_OTHERS_WAIT = `DO $$ BEGIN
  WHILE (SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'migrating' AND query ~ 'pg_try_advisory_lock|pg_locks') < 3 LOOP
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.05);
  END LOOP;
END $$;`;

test('four processes at once apply each file once; the others wait, and find it done', async () => {
  const files = { ...FILES, '0001_a.sql': `${UNTIL_OTHERS_WAIT} ${FILES['0001_a.sql']}` };
  const four = [1, 2, 3, 4].map(() => new Migrating(database, files));
  await Promise.all(four.map(async ({ ended }) => ended));
  expect(four.map(({ result }) => result.error)).toEqual([undefined, undefined, undefined, undefined]);
  expect(four.map(({ result }) => (result.applied as unknown[]).length).sort()).toEqual([0, 0, 0, 4]);
  expect(four.filter(({ said }) => said.some(({ kind }) => kind === 'waiting'))).toHaveLength(3);
  expect(await database.rows('SELECT id FROM a ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await database.applied()).toEqual(Object.keys(FILES));
});

test('who waits too long is told who holds the lock', async () => {
  const long = new Migrating(database, { '0001_a.sql': 'SELECT pg_sleep(30)' });
  await long.until('file');
  const { message } = await database.failure({ '0001_a.sql': 'SELECT pg_sleep(30)' }, { lockWaitSeconds: 1 });
  expect(message).toMatch(/^somebody else is migrating this database, and was not done within 1 s: process \d+ of postgres \(migrating\) from 127\.0\.0\.1 connected since 20.*Z\. Nothing was applied\./);
});

test('the lock of one database is not that of another', async () => {
  const long = new Migrating(database, { '0001_a.sql': 'SELECT pg_sleep(30)' });
  await long.until('file');
  const other = await Database.on(server);
  await expect(other.migrate({ '0001_a.sql': 'SELECT 1' }, { lockWaitSeconds: 0 })).resolves.toMatchObject({ complete: true });
});

/** Until its file has come to where it sleeps for minutes. */
async function sleeping(migrating: Migrating): Promise<void> {
  const asleep = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = \'migrating\' AND wait_event = \'PgSleep\'';
  while ((await database.rows(asleep)).length === 0) {
    if (migrating.hasEnded) throw new Error(`it ended before it slept: ${JSON.stringify(migrating.said)}`);
    await sleep(20);
  }
}

test.each([
  ['kills the process', async (migrating: Migrating) => migrating.kill()],
  ['loses the server', async (migrating: Migrating) => { await server.crash(); await migrating.ended; }],
])('nothing is half done when somebody %s', async (_, strike) => {
  const files = (seconds: number) => ({ '0001_a.sql': 'CREATE TABLE a (id int)', '0002_b.sql': `INSERT INTO a VALUES (1); CREATE TABLE b ();\nSELECT pg_sleep(${seconds}); INSERT INTO a VALUES (2)` });
  const migrating = new Migrating(database, files(600));
  await sleeping(migrating);
  const struck = Date.now();
  await strike(migrating);
  await alone(database);
  expect(Date.now() - struck).toBeLessThan(15_000);
  expect(await database.rows('SELECT to_regclass(\'b\') AS b, (SELECT count(*)::int FROM a) AS rows')).toEqual([{ b: null, rows: 0 }]);
  expect(await database.applied()).toEqual(['0001_a.sql']);

  expect((await database.migrate(files(0))).applied).toMatchObject([{ path: '0002_b.sql' }]);
  expect(await database.rows('SELECT id FROM a ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('who loses the server is told what became of the file', async () => {
  const migrating = new Migrating(database, { '0001_a.sql': 'SELECT pg_sleep(600)' });
  await sleeping(migrating);
  await server.crash();
  await migrating.ended;
  expect(migrating.result.error).toMatch(/^0001_a\.sql: the connection was lost while it ran: .*\nIt is either applied as a whole or not at all; the next run finds out\.$/);
});

test('a file outside a transaction that is killed is interrupted, and begun again', async () => {
  const text = (seconds: number) => `-- jobworks: no-transaction\nCREATE TABLE IF NOT EXISTS a (id int); SELECT pg_sleep(${seconds}); INSERT INTO a VALUES (1)`;
  const migrating = new Migrating(database, { '0001_a.sql': text(600) });
  await sleeping(migrating);
  await migrating.kill();
  await alone(database);
  expect(await database.rows('SELECT name, applied_at FROM jobworks.migrations')).toEqual([{ name: '0001_a.sql', applied_at: null }]);
  await database.migrate({ '0001_a.sql': text(0) });
  expect(await database.rows('SELECT id FROM a')).toEqual([{ id: 1 }]);
  expect(await database.applied()).toEqual(['0001_a.sql']);
});
