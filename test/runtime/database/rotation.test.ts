import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { openPool, type PoolOptions } from '../../../src/runtime/database/pool';
import { connectAsMaster, type Master } from '../../../src/runtime/handlers/migrate/master';
import { PostgresLogin } from '../../../src/runtime/handlers/rotate/master-login';
import { rotate, type RotationParts } from '../../../src/runtime/handlers/rotate/rotate';
import { migrate } from '../../../src/runtime/migrations/migrate';
import { MemoryVersions } from '../../support/memory-versions';
import { PostgresServer } from '../../support/postgres/server';
import { MemoryLog } from '../../support/worker-harness';

/* The password of the master is changed, in the four steps of Secrets Manager, while functions and a deployment are at work. */

const FIRST = 'first-password-of-all';
const APP = 'password of the application';

let server: PostgresServer;
let database: string;
let master: string;
let versions: MemoryVersions;
let parts: RotationParts;
const pools: Pool[] = [];

beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => {
  database = await server.createDatabase();
  master = `master_of_${database}`;
  await server.asMaster(database, async (client) => client.query(`
    CREATE ROLE ${master} LOGIN CREATEROLE PASSWORD '${FIRST}'; ALTER DATABASE ${database} OWNER TO ${master};
    CREATE ROLE app_of_${database} LOGIN PASSWORD '${APP}';
    CREATE TABLE work (id int); GRANT ALL ON work TO app_of_${database}, ${master}`)); // the master of RDS is no superuser either
  versions = new MemoryVersions({ username: master, password: FIRST });
  parts = { versions, login: new PostgresLogin({ ...where(), ssl: { ca: where().ca } }) };
});
afterEach(async () => Promise.all(pools.splice(0).map(async (one) => one.end())));

const where = () => ({ host: 'localhost', port: server.port, database, ca: readFileSync(server.caFile, 'utf8') });

function pool(role: string, password: string, options: PoolOptions = {}): Pool {
  const made = openPool({ ...where(), role, password, maxConnections: 4, ...options });
  pools.push(made);
  return made;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const step = async (Step: string): Promise<void> => rotate({ Step, SecretId: 'secret', ClientRequestToken: 'v2' }, parts);

test('whoever is connected goes on, and with what it has begun; whoever comes anew needs the new password', async () => {
  const app = pool(`app_of_${database}`, APP);
  const old = pool(master, FIRST);
  const begun = await old.connect();
  await begun.query('BEGIN; INSERT INTO work VALUES (-1)');

  let over = false;
  let [done, failed] = [0, 0];
  const busy = [app, old].flatMap((one) => Array.from({ length: 6 }, async () => {
    while (!over) {
      await one.query('INSERT INTO work VALUES (1)').then(() => { done++; }, () => { failed++; });
    }
  }));
  try {
    for (const name of STEPS) {
      const before = done;
      await step(name);
      while (done < before + 50 && failed === 0) await sleep(5); // all of them were at work before and after each step
    }
  } finally {
    over = true; // else they would go on without end
    await Promise.all(busy);
  }
  await begun.query('COMMIT');
  begun.release();
  expect(failed).toBe(0);
  expect((await old.query('SELECT count(*)::int AS all, min(id) AS least FROM work')).rows).toEqual([{ all: done + 1, least: -1 }]);

  await expect(pool(master, FIRST).query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect((await pool(master, versions.current.password).query('SELECT current_user AS me')).rows).toEqual([{ me: master }]);
  await pool(`app_of_${database}`, APP).query('SELECT 1'); // is not concerned
});

test('a connection that is lost after it is not got again by the old password, which is told at once', async () => {
  const old = pool(master, FIRST, { maxConnections: 1 });
  const { rows: [{ pid }] } = await old.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  for (const name of STEPS) await step(name);
  await server.asMaster(database, async (client) => client.query('SELECT pg_terminate_backend($1)', [pid]));
  while (old.totalCount > 0) await sleep(5); // it has heard of it
  const started = Date.now();
  await expect(old.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect(Date.now() - started).toBeLessThan(5_000);
});

describe('a deployment', () => {
  const connect = async (readMaster: () => Promise<Master> = async () => versions.current) =>
    connectAsMaster({ writer: where(), readMaster, log: new MemoryLog(), patienceMs: 0, rotationMs: 0 });

  test('that is in the middle of a file finishes it and all that follow', async () => {
    const { connection, end } = await connect();
    const held = await pool(`app_of_${database}`, APP).connect();
    await held.query('SELECT pg_advisory_lock(1)');
    const files = [{ name: '0001_a.sql', text: 'CREATE TABLE a (); SELECT pg_advisory_xact_lock(1)' }, { name: '0002_b.sql', text: '-- jobworks: no-transaction\nCREATE TABLE b ()' }];
    const migrating = migrate(connection, [{ name: 'app', files }]);
    const waits = async () => (await server.asMaster(database, async (client) => client.query('SELECT FROM pg_locks WHERE locktype = \'advisory\' AND NOT granted'))).rows.length > 0;
    while (!await waits()) await sleep(20);
    for (const name of STEPS) await step(name);
    expect(await waits()).toBe(true); // still at work
    await held.query('SELECT pg_advisory_unlock(1)');
    held.release();
    expect(await migrating).toMatchObject({ complete: true, applied: [{ path: '0001_a.sql' }, { path: '0002_b.sql' }] });
    await end();
  });

  test('that begins between two steps, when the secret is behind the server, comes in by reading it again', async () => {
    await step('createSecret');
    await step('setSecret');
    let reads = 0;
    const { connection, end } = await connect(async () => {
      if (++reads > 1) for (const name of ['testSecret', 'finishSecret']) await step(name); // it was refused, and reads again
      return versions.current;
    });
    expect(reads).toBe(2);
    expect(await connection.rows('SELECT current_user AS me')).toEqual([{ me: master }]);
    await end();
  });
});
