import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { openPool, type PoolOptions } from '../../../src/runtime/database/pool';
import { PostgresServer } from '../../support/postgres/server';

let server: PostgresServer;
const opened: Pool[] = [];

beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(opened.splice(0).map(async one => one.end()));
});
afterAll(async () => server?.stop());

function pool(options: PoolOptions = {}): Pool {
  const made = openPool({
    host: server.host,
    port: server.port,
    database: 'postgres',
    role: server.user,
    password: server.password,
    ca: readFileSync(server.caFile, 'utf8'),
    maxConnections: 1,
    ...options,
  });
  opened.push(made);
  return made;
}

/** What the server says of connections that a pool has. */
async function activity(): Promise<{ pid: number; query: string }[]> {
  return (await server.asMaster('postgres', async client => client.query(
    'SELECT pid, query FROM pg_stat_activity WHERE application_name = \'cdk-jobworks\' ORDER BY pid',
  ))).rows;
}

test('takes a verified connection, and keeps it', async () => {
  const made = pool();
  const pid = async () => (await made.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  expect(await pid()).toBe(await pid());
  expect(await activity()).toHaveLength(1);
});

test('says at once what will not get better', async () => {
  const started = Date.now();
  await expect(pool({ password: 'wrong' }).query('SELECT 1')).rejects.toThrow(/password authentication failed/);
  await expect(pool({ database: 'none' }).query('SELECT 1')).rejects.toThrow(/does not exist/);
  expect(Date.now() - started).toBeLessThan(5_000);
});

test('has never more connections than it may, and lets the others wait', async () => {
  const made = pool({ maxConnections: 3 });
  const most = Math.max(...await Promise.all(Array.from({ length: 12 }, async () => {
    await made.query('SELECT pg_sleep(0.02)');
    return (await activity()).length;
  })));
  expect(most).toBe(3);
});

test('goes on after a crash of the server, with a new connection', async () => {
  const made = pool();
  await made.query('SELECT 1');
  await server.crash();
  expect((await made.query('SELECT 2 AS two')).rows).toStrictEqual([{ two: 2 }]);
});

test('waits for a server that is about to start', async () => {
  const made = pool();
  await server.lose();
  const waiting = made.query('SELECT 3 AS three');
  await server.comeBack();
  expect((await waiting).rows).toStrictEqual([{ three: 3 }]);
});

test('gives up when it has waited long enough', async () => {
  await expect(pool({ port: 1, connectTimeoutMs: 200 }).query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('tries a connection that stood idle before it gives it, and takes another when it is gone', async () => {
  const made = pool();
  const { rows: [{ pid }] } = await made.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + 20_000);
  const client = await made.connect();
  expect(await activity()).toStrictEqual([{ pid, query: 'SELECT' }]);
  client.release();

  jest.spyOn(Date, 'now').mockImplementation(() => now + 40_000);
  const lost = await made.connect();
  await server.asMaster('postgres', async master => master.query('SELECT pg_terminate_backend($1)', [pid]));
  await expect(lost.query('SELECT 1')).rejects.toThrow();
  lost.release(true);
  expect((await made.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid).not.toBe(pid);
});

test('takes what it is not told from the environment', async () => {
  Object.assign(process.env, {
    JOBWORKS_DATABASE_HOST: server.host,
    JOBWORKS_DATABASE_PORT: String(server.port),
    JOBWORKS_DATABASE_NAME: 'postgres',
    JOBWORKS_DATABASE_ROLE: server.user,
    JOBWORKS_DATABASE_CA: server.caFile,
    JOBWORKS_DATABASE_MAX_CONNECTIONS: '1',
  });
  const made = openPool({ password: server.password });
  opened.push(made);
  expect((await made.query('SELECT current_user AS role')).rows).toStrictEqual([{ role: server.user }]);
  process.env.JOBWORKS_DATABASE_CA = '/nowhere.pem';
  expect(() => openPool()).toThrow(/JOBWORKS_DATABASE_CA names \/nowhere.pem, which cannot be read/);
});

test('says to a function that was granted no connection what is to do', () => {
  const saved = process.env;
  process.env = { ...saved, JOBWORKS_DATABASE_HOST: undefined };
  expect(() => openPool()).toThrow(/^environment variable JOBWORKS_DATABASE_HOST is missing: nobody has granted this function a connection\. Fix: database\.grantConnect\(fn/);
  process.env = saved;
});
