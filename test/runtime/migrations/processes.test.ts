import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, filesOf } from './database';
import type { Task } from './migrating-process';
import { type MigrateOptions } from '../../../src/runtime/migrations/migrate';
import { PostgresServer } from '../../support/postgres/server';

const SCRIPT = join(__dirname, 'migrating-process.ts');

let server: PostgresServer;
let database: Database;
const started: Migrating[] = [];
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => { database = await Database.on(server); });
afterEach(async () => {
  await Promise.all(started.splice(0).map(async migrating => migrating.kill()));
  await database.close();
});

jest.setTimeout(60_000);

type Said = Readonly<Record<string, unknown>>;

/** A process that migrates. */
class Migrating {
  readonly said: Said[] = [];
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(files: Readonly<Record<string, string>>, options: MigrateOptions = {}) {
    const { host, port, user, password, caFile } = server;
    const task: Task = { config: { host, port, user, password, database: database.name }, caFile, histories: [{ name: 'app', files: filesOf(files) }], options };
    this.child = spawn(process.execPath, ['--import', 'tsx', SCRIPT], { env: { PATH: process.env.PATH, TASK: JSON.stringify(task) }, stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface(this.child.stdout!).on('line', line => this.said.push(JSON.parse(line) as Said));
    this.ended = new Promise(resolve => { this.child.once('close', () => resolve()); });
    started.push(this);
  }

  async until(kind: string): Promise<Said> {
    for (;;) {
      const found = this.said.find(said => said.kind === kind);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended without "${kind}": ${JSON.stringify(this.said)}`);
      await sleep(20);
    }
  }

  get result(): Said {
    return this.said.at(-1)!;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Until nobody else is connected to the database: the server has seen that a process is gone. */
async function alone(): Promise<void> {
  for (;;) {
    const others = await database.rows('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    if (others.length === 0) return;
    await sleep(100);
  }
}

const FILES = {
  '0001_a.sql': 'CREATE TABLE a (id int); SELECT pg_sleep(0.3)',
  '0002_b.sql': 'INSERT INTO a VALUES (1); SELECT pg_sleep(0.3)',
  '0003_c.sql': '-- jobworks: no-transaction\nCREATE INDEX CONCURRENTLY c ON a (id)',
  '0004_d.sql': 'INSERT INTO a VALUES (2)',
};

test('four processes at once apply each file once; the others wait, and find it done', async () => {
  const four = [1, 2, 3, 4].map(() => new Migrating(FILES));
  await Promise.all(four.map(async ({ ended }) => ended));
  expect(four.map(({ result }) => result.error)).toEqual([undefined, undefined, undefined, undefined]);
  expect(four.map(({ result }) => (result.applied as unknown[]).length).sort()).toEqual([0, 0, 0, 4]);
  expect(four.filter(({ said }) => said.some(({ kind }) => kind === 'waiting'))).toHaveLength(3);
  expect(await database.rows('SELECT id FROM a ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await database.applied()).toEqual(Object.keys(FILES));
});

test('who waits too long is told who holds the lock', async () => {
  const long = new Migrating({ '0001_a.sql': 'SELECT pg_sleep(30)' });
  await long.until('file');
  const { message } = await database.failure({ '0001_a.sql': 'SELECT pg_sleep(30)' }, { lockWaitSeconds: 1 });
  expect(message).toMatch(/^somebody else is migrating this database, and was not done within 1 s: process \d+ of postgres \(migrating\) from 127\.0\.0\.1 connected since 20.*Z\. Nothing was applied\./);
});

test('the lock of one database is not that of another', async () => {
  const long = new Migrating({ '0001_a.sql': 'SELECT pg_sleep(30)' });
  await long.until('file');
  const other = await Database.on(server);
  await expect(other.migrate({ '0001_a.sql': 'SELECT 1' }, { lockWaitSeconds: 0 })).resolves.toMatchObject({ complete: true });
});

test.each([
  ['kills the process', async (migrating: Migrating) => migrating.kill()],
  ['loses the server', async (migrating: Migrating) => { await server.crash(); await migrating.ended; }],
])('nothing is half done when somebody %s', async (_, strike) => {
  const files = (seconds: number) => ({ '0001_a.sql': 'CREATE TABLE a (id int)', '0002_b.sql': `INSERT INTO a VALUES (1); CREATE TABLE b ();\nSELECT pg_sleep(${seconds}); INSERT INTO a VALUES (2)` });
  const migrating = new Migrating(files(600));
  for (; (await migrating.until('file')).path === undefined || migrating.said.at(-1)?.path !== '0002_b.sql';) await sleep(20);
  await sleep(300);
  const struck = Date.now();
  await strike(migrating);
  await alone();
  expect(Date.now() - struck).toBeLessThan(15_000);
  expect(await database.rows('SELECT to_regclass(\'b\') AS b, (SELECT count(*)::int FROM a) AS rows')).toEqual([{ b: null, rows: 0 }]);
  expect(await database.applied()).toEqual(['0001_a.sql']);

  expect((await database.migrate(files(0))).applied).toMatchObject([{ path: '0002_b.sql' }]);
  expect(await database.rows('SELECT id FROM a ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('who loses the server is told what became of the file', async () => {
  const migrating = new Migrating({ '0001_a.sql': 'SELECT pg_sleep(600)' });
  await migrating.until('file');
  await sleep(200);
  await server.crash();
  await migrating.ended;
  expect(migrating.result.error).toMatch(/^0001_a\.sql: the connection was lost while it ran: .*\nIt is either applied as a whole or not at all; the next run finds out\.$/);
});

test('a file outside a transaction that is killed is interrupted, and begun again', async () => {
  const text = (seconds: number) => `-- jobworks: no-transaction\nCREATE TABLE IF NOT EXISTS a (id int); SELECT pg_sleep(${seconds}); INSERT INTO a VALUES (1)`;
  const migrating = new Migrating({ '0001_a.sql': text(600) });
  await migrating.until('file');
  await sleep(300);
  await migrating.kill();
  await alone();
  expect(await database.rows('SELECT name, applied_at FROM jobworks.migrations')).toEqual([{ name: '0001_a.sql', applied_at: null }]);
  await database.migrate({ '0001_a.sql': text(0) });
  expect(await database.rows('SELECT id FROM a')).toEqual([{ id: 1 }]);
  expect(await database.applied()).toEqual(['0001_a.sql']);
});
