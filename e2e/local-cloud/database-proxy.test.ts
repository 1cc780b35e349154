import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { DatabaseProxy } from './database-proxy/database-proxy';
import type { Authority } from './database-proxy/login';
import { iamToken } from '../../src/runtime/database/iam-token';
import { openPool, type PoolOptions } from '../../src/runtime/database/pool';
import { selfSigned, type Certificate } from '../../test/support/postgres/certificate';
import { PostgresServer } from '../../test/support/postgres/server';

/** The stand-in for RDS Proxy, alone: before a real server, for clients as functions have them. */
const HOST = '127.0.0.1';
const MOST = 3;
const BORROW_MS = 1_500;
const KEYS: Readonly<Record<string, string>> = { AKIDTEST: 'a secret', AKIDNOBODY: 'of somebody without permission' };

const authority: Authority = {
  keyOf: async id => (id in KEYS ? { secret: KEYS[id] } : undefined),
  mayConnect: async id => id !== 'AKIDNOBODY',
};

let certificate: Certificate;
let server: PostgresServer;
let proxy: DatabaseProxy;
const pools: Pool[] = [];
const refusals: string[] = [];

beforeAll(async () => {
  Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'a secret' });
  delete process.env.AWS_SESSION_TOKEN;
  certificate = await selfSigned('localhost');
  server = await PostgresServer.start({ certificate, maxConnections: 20 });
  await server.asMaster('postgres', async client => client.query('CREATE ROLE app LOGIN; CREATE ROLE other LOGIN; CREATE TABLE seen (text text); GRANT ALL ON seen TO app'));
}, 60_000);
afterAll(async () => server?.stop());

beforeEach(async () => {
  refusals.length = 0;
  proxy = await DatabaseProxy.start({
    host: HOST,
    region: 'us-east-1',
    certificate,
    authority,
    server: () => server,
    isIamUser: async user => user === 'app',
    limits: { most: MOST, borrowMs: BORROW_MS },
    onRefusal: text => refusals.push(text),
  });
});
afterEach(async () => {
  pools.splice(0).forEach(opened => void opened.end().catch(() => {})); // not awaited, as a test that failed has left clients
  await proxy.stop();
});

/** As a function opens it. */
function pool(options: PoolOptions = {}): Pool {
  const opened = openPool({ host: HOST, port: proxy.port, database: 'postgres', role: 'app', ca: certificate.certificate, maxConnections: 1, ...options });
  pools.push(opened);
  return opened;
}

const token = async (environment: NodeJS.ProcessEnv = process.env, options = {}) => iamToken({ host: HOST, port: proxy.port, role: 'app', ...options }, environment)();

/** Fails where that takes long, even for a machine that is busy. */
async function until(is: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !await is();) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${is.toString()}, ${JSON.stringify(proxy.counts)}`);
    await sleep(20);
  }
}

async function refusal(options: object): Promise<{ code?: string; message: string }> {
  const client = new Client({
    host: HOST, port: proxy.port, database: 'postgres', user: 'app', password: await token(), ssl: { ca: certificate.certificate }, ...options,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    return error as Error;
  }
  await client.end();
  throw new Error('it was let in');
}

describe('who comes in', () => {
  test('is the role, as the server knows it, over TLS and by a token', async () => {
    const { rows } = await pool().query('SELECT current_user, current_database()');
    expect(rows).toStrictEqual([{ current_user: 'app', current_database: 'postgres' }]);
  });

  test('is nobody without TLS', async () => {
    expect(await refusal({ ssl: false })).toMatchObject({ code: '28000', message: 'This RDS Proxy requires TLS connections.' });
  });

  test('trusts the certificate first', async () => {
    expect(await refusal({ ssl: { ca: (await selfSigned('localhost')).certificate } })).toMatchObject({ message: expect.stringContaining('self-signed') });
  });

  const FAILED = { code: '28P01', message: 'The IAM authentication failed for the role app. Check the IAM token for this role and try again.' };
  const signedBy = (environment: Record<string, string>) => async () => token({ AWS_REGION: 'us-east-1', ...environment });
  test.each<[string, () => Promise<string>, string]>([
    ['a password', async () => 'guessed', 'it is for guessed'],
    ['none', async () => '', 'it is for '],
    ['for another role', async () => token(process.env, { role: 'other' }), 'it is for other'],
    ['for another port', async () => token(process.env, { port: 5432 }), `it is for ${HOST}:5432`],
    ['for another host', async () => token(process.env, { host: 'elsewhere' }), 'it is for elsewhere'],
    ['of another region', signedBy({ AWS_REGION: 'eu-west-1' }), 'signed for something else'],
    ['changed', async () => (await token()).replace(/.$/, last => (last === '0' ? '1' : '0')), 'its signature is wrong'],
  ])('by no token that is %s', async (_, password, reason) => {
    expect(await refusal({ password: await password() })).toMatchObject(FAILED);
    expect(refusals).toStrictEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ['by a secret that is wrong', { AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'another' }, 'its signature is wrong'],
    ['by a key that nobody has', { AWS_ACCESS_KEY_ID: 'AKIDGONE', AWS_SECRET_ACCESS_KEY: 'any' }, 'there is no access key'],
    ['by a session that is not the key\'s', { AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'a secret', AWS_SESSION_TOKEN: 'x' }, 'its session is another'],
    ['by who may not connect', { AWS_ACCESS_KEY_ID: 'AKIDNOBODY', AWS_SECRET_ACCESS_KEY: KEYS.AKIDNOBODY }, 'may not connect as app'],
  ])('by no token that is signed %s', async (_, credentials, reason) => {
    const before = { ...process.env };
    Object.assign(process.env, credentials);
    try {
      expect(await refusal({ password: await token() })).toMatchObject(FAILED);
    } finally {
      process.env = before;
    }
    expect(refusals).toStrictEqual([expect.stringContaining(reason)]);
  });

  test('by no token that has expired', async () => {
    const [now, late] = [Date.now(), Date.now() + 15 * 60_000 + 1_000];
    const old = await token();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (Date.prototype.getTime.call(new Date()) - now + late));
    try {
      expect(await refusal({ password: old })).toMatchObject(FAILED);
    } finally {
      clock.mockRestore();
    }
    expect(refusals).toStrictEqual([expect.stringContaining('it has expired')]);
  });

  test('is no role that the server does not take by IAM', async () => {
    expect(await refusal({ user: 'other', password: await token(process.env, { role: 'other' }) })).toMatchObject({ code: '28P01' });
    expect(refusals).toStrictEqual([expect.stringContaining('no role other that is a member of rds_iam')]);
  });

  test.each([
    [{ statement_timeout: 1_000 }, 'doesn\'t support the option statement_timeout.'],
    [{ options: '-c search_path=x' }, 'doesn\'t support command-line options.'],
    [{ replication: 'database' }, 'doesn\'t support streaming replication mode.'],
  ])('begins without what a proxy does not support: %j', async (options, message) => {
    expect(await refusal(options)).toMatchObject({ code: '0A000', message: expect.stringContaining(message) });
  });
});

describe('connections to the server', () => {
  test('are shared: many clients at once, never more than the limit', async () => {
    const clients = Array.from({ length: 40 }, () => pool());
    for (let round = 0; round < 3; round++) {
      await Promise.all(clients.map(async client => client.query('SELECT pg_sleep(0.01), $1::int', [round])));
    }
    expect(proxy.counts).toMatchObject({ clients: 40, mostClients: 40, mostServerConnections: MOST, pinned: 0, waiting: 0 });
    const [{ count }] = (await server.asMaster('postgres', async client => client.query<{ count: number }>('SELECT count(*)::int FROM pg_stat_activity WHERE usename = \'app\''))).rows;
    expect(count).toBe(MOST);
  });

  test('belong to one client for a transaction', async () => {
    const clients = await Promise.all(Array.from({ length: MOST }, async () => pool().connect()));
    await Promise.all(clients.map(async client => client.query('BEGIN')));
    const late = pool().query('SELECT 1');
    await until(async () => proxy.counts.waiting === 1);
    await clients[0].query('COMMIT');
    await late;
    expect(proxy.counts.mostServerConnections).toBe(MOST);
    await Promise.all(clients.slice(1).map(async client => client.query('ROLLBACK')));
    clients.forEach(client => client.release());
  });

  test('are waited for, and no longer than may be', async () => {
    const clients = await Promise.all(Array.from({ length: MOST }, async () => pool().connect()));
    await Promise.all(clients.map(async client => client.query('BEGIN')));
    const started = Date.now();
    const client = await pool().connect(); // a client needs none to come in
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '08000', message: 'Timed-out waiting to acquire database connection.' });
    expect(Date.now() - started).toBeGreaterThanOrEqual(BORROW_MS - 50);
    client.release(true);
    clients.forEach(held => held.release(true));
  });

  test('are rid of what a client that went had not committed', async () => {
    const client = await pool().connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO seen VALUES (\'uncommitted\')');
    const sessions = async () => (await server.asMaster('postgres', async master => master.query<{ state: string }>(
      'SELECT state FROM pg_stat_activity WHERE usename = \'app\''))).rows;
    expect(await sessions()).toStrictEqual([{ state: 'idle in transaction' }]);
    client.release(true);
    await until(async () => (await sessions()).every(({ state }) => state === 'idle'));
    expect((await pool().query('SELECT * FROM seen WHERE text = \'uncommitted\'')).rows).toStrictEqual([]);
  });

  test.each([
    ['a SET', 'SET work_mem = \'1MB\''], ['a temporary table', 'CREATE TEMP TABLE t (a int)'], ['a session\'s lock', 'SELECT pg_advisory_lock(1)'],
    ['SQL\'s prepared statement', 'PREPARE a AS SELECT 1'], ['LISTEN', 'LISTEN news'], ['a long text', `SELECT '${'x'.repeat(17_000)}'`],
  ])('are pinned by %s', async (_, text) => {
    const client = await pool().connect();
    await client.query(text);
    expect(proxy.counts).toMatchObject({ pinned: 1, serverConnections: 1 });
    await pool().query('SELECT 1');
    expect(proxy.counts.serverConnections).toBe(2);
    client.release(true);
    await until(async () => proxy.counts.serverConnections === 1);
  });

  test('are pinned by a named prepared statement, and not by others', async () => {
    const client = await pool().connect();
    await client.query('SELECT $1::int', [1]);
    await client.query('BEGIN; SET LOCAL work_mem = \'1MB\'; SELECT pg_advisory_xact_lock(1); COMMIT');
    expect(proxy.counts.pinned).toBe(0);
    await client.query({ name: 'mine', text: 'SELECT $1::int', values: [1] });
    await client.query('SET work_mem = \'2MB\'');
    expect(proxy.counts).toMatchObject({ pinned: 1, pinReasons: ['a named prepared statement'] });
    client.release();
  });
});

test('a server that crashes is waited for; who was in the middle of something is told', async () => {
  const [idle, busy] = [pool(), await pool().connect()];
  await idle.query('SELECT 1');
  await busy.query('BEGIN');
  const lost = new Promise(resolve => busy.once('end', resolve));
  await server.lose();
  await lost;
  busy.release(true);
  const query = idle.query('SELECT 2 AS two');
  await sleep(300);
  await server.comeBack();
  expect((await query).rows).toStrictEqual([{ two: 2 }]);
  expect(proxy.counts.mostClients).toBe(2);
}, 30_000);
