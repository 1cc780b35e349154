import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { PostgresLogin } from '../../../../src/runtime/handlers/rotate/master-login';
import { newPassword, rotate, type RotationParts } from '../../../../src/runtime/handlers/rotate/rotate';
import { STAGE } from '../../../../src/runtime/handlers/rotate/secret-versions';
import { MemoryVersions } from '../../../support/memory-versions';
import { selfSigned } from '../../../support/postgres/certificate';
import { PostgresServer } from '../../../support/postgres/server';

/* Against a real server; Secrets Manager is a map with the rules that it has for versions and stages. */

const USER = 'jobworks_master';
const FIRST = 'first-password-of-all';

let server: PostgresServer;
let versions: MemoryVersions;
let parts: RotationParts;

beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => {
  await server.asMaster('postgres', async client => {
    await client.query(`DROP ROLE IF EXISTS ${USER}`);
    await client.query(`CREATE ROLE ${USER} LOGIN CREATEROLE PASSWORD '${FIRST}'`); // the master of RDS is no superuser either
  });
  versions = new MemoryVersions({ username: USER, password: FIRST });
  parts = { versions, login: loginTo() };
});

const trusted = () => ({ ca: readFileSync(server.caFile, 'utf8'), servername: 'localhost' });
const loginTo = (ssl: object = trusted()) => new PostgresLogin({ host: server.host, port: server.port, database: 'postgres', ssl });
const step = async (Step: string, version = 'v2') => rotate({ Step, SecretId: 'secret', ClientRequestToken: version }, parts);
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

async function connect(password: string): Promise<Client> {
  const client = new Client({ host: server.host, port: server.port, user: USER, password, database: 'postgres', ssl: trusted() });
  await client.connect();
  return client;
}

async function whole(version: string): Promise<void> {
  for (const name of STEPS) await step(name, version);
}

test('changes the password while connections are open, and whoever reads the secret anew comes in again', async () => {
  const open = await connect(FIRST);
  await open.query('BEGIN');
  await whole('v2');
  expect((await open.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await open.query('COMMIT');
  await open.end();
  await expect(connect(FIRST)).rejects.toThrow(/password authentication failed/);
  const again = await connect(versions.current.password);
  await again.end();
  expect(versions.current).toEqual({ username: USER, password: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
});

test('each step may come twice', async () => {
  for (const name of STEPS) {
    await step(name);
    await step(name);
  }
  for (const name of STEPS) await step(name); // all of it, when it is done
  await (await connect(versions.current.password)).end();
  expect(versions.values.size).toBe(2);
});

test('each step may come at once with itself', async () => {
  await step('createSecret');
  for (const name of STEPS.slice(1)) await Promise.all(Array.from({ length: 4 }, async () => step(name)));
  await (await connect(versions.current.password)).end();
});

test('goes from rotation to rotation', async () => {
  for (const version of ['v2', 'v3', 'v4']) await whole(version);
  await (await connect(versions.current.password)).end();
});

test('mends what was set by hand to the previous password', async () => {
  await whole('v2');
  await server.asMaster('postgres', async client => client.query(`ALTER ROLE ${USER} PASSWORD '${FIRST}'`));
  await whole('v3');
  await (await connect(versions.current.password)).end();
});

test('says what is to do when nobody knows the password any more, without any in it', async () => {
  await server.asMaster('postgres', async client => client.query(`ALTER ROLE ${USER} PASSWORD 'by-hand'`));
  await step('createSecret');
  await expect(step('setSecret')).rejects.toThrow(/neither the pending, the current nor the previous password.*Set it to what the current version/s);
  await expect(step('testSecret')).rejects.toThrow('the server does not take the pending password');
  expect(versions.byStage.get(STAGE.current)).toBe('v1');
});

test('what is tried before a rotation is due, the pending version alone, leaves everything as it is', async () => {
  await versions.put('probe', versions.current);
  await step('testSecret', 'probe');
  await (await connect(FIRST)).end();
});

test('refuses what is no rotation', async () => {
  await expect(step('setSecret')).rejects.toThrow('the secret has no pending version');
  await expect(step('eatSecret')).rejects.toThrow('there is no step eatSecret');
  await versions.put('v2', { username: 'other', password: 'x' });
  await expect(step('setSecret')).rejects.toThrow('another user');
});

test('does not take a server that it cannot verify for one that refuses', async () => {
  await step('createSecret');
  parts = { versions, login: loginTo({ ca: (await selfSigned('localhost')).certificate, servername: 'localhost' }) };
  await expect(step('setSecret')).rejects.toThrow(/self-signed certificate/);
  parts = { versions, login: loginTo({ ...trusted(), servername: 'elsewhere' }) };
  await expect(step('setSecret')).rejects.toThrow(/does not match certificate/);
});

test('the server is told no password, only what verifies one', async () => {
  const asked = await server.asMaster('postgres', async client => {
    await whole('v2');
    return (await client.query<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [USER])).rows[0].rolpassword;
  });
  expect(asked).toMatch(/^SCRAM-SHA-256\$4096:/);
});

test('passwords are of letters and digits, 32 of them, and never the same', () => {
  const made = Array.from({ length: 200 }, newPassword);
  expect(new Set(made).size).toBe(200);
  expect(made.every(one => /^[A-Za-z0-9]{32}$/.test(one))).toBe(true);
});
