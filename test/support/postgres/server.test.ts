import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { selfSigned } from './certificate';
import { PostgresServer } from './server';

let server: PostgresServer;
beforeAll(async () => { server = await PostgresServer.start({ maxConnections: 20 }); }, 60_000);
afterAll(async () => server?.stop());

const connect = async (options: object): Promise<Client> => {
  const client = new Client({ host: server.host, port: server.port, user: server.user, password: server.password, database: 'postgres', ...options });
  client.on('error', () => {});
  await client.connect();
  return client;
};
const trusted = () => ({ ssl: { ca: readFileSync(server.caFile, 'utf8'), servername: 'localhost' } });

test('takes whoever has the password over TLS, and verifies as it should', async () => {
  const client = await connect(trusted());
  const { rows } = await client.query('SELECT ssl, current_setting(\'max_connections\') AS most FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  expect(rows).toStrictEqual([{ ssl: true, most: '20' }]);
  await client.end();
});

test('refuses others', async () => {
  await expect(connect({})).rejects.toThrow(/no encryption/);
  await expect(connect({ ...trusted(), password: 'wrong' })).rejects.toThrow(/password authentication failed/);
  await expect(connect({ ssl: { ca: (await selfSigned('localhost')).certificate } })).rejects.toThrow(/self-signed/);
  await expect(connect({ ssl: { ...trusted().ssl, servername: 'other' } })).rejects.toThrow(/does not match certificate/);
});

test('keeps what was committed when it crashes, and ends what was open', async () => {
  const database = await server.createDatabase();
  const client = await connect({ ...trusted(), database });
  await client.query('CREATE TABLE kept AS SELECT 1 AS one');
  const ended = new Promise(resolve => client.once('end', resolve));
  await server.crash();
  await ended;
  const { rows } = await server.asMaster(database, async master => master.query('SELECT one FROM kept'));
  expect(rows).toStrictEqual([{ one: 1 }]);
});

test('ends with the process that started it, also where that is killed', async () => {
  const script = `const { PostgresServer } = require(${JSON.stringify(join(__dirname, 'server.ts'))});
    PostgresServer.start().then(started => { process.stdout.write(started.socketFolder, () => process.kill(process.pid, 'SIGKILL')); });`;
  const folder = await new Promise<string>(resolve => execFile(process.execPath, ['--import', 'tsx', '-e', script], (_, stdout) => resolve(stdout)));
  expect(folder).toMatch(/pg-\w+$/);
  for (let tenths = 0; existsSync(folder) && tenths < 150; tenths++) await sleep(100);
  expect(existsSync(folder)).toBe(false); // the server would have held its files otherwise
}, 60_000);
