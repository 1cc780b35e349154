import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '../../../support/postgres/server';

/*
 * The bundle as a function has it: in a folder with the files, beside a layer and the SDK of Lambda, in a process of its own, with a Secrets
 * Manager that is a few lines.
 */

const ROOT = join(__dirname, '../../../..');
const BUNDLE = join(ROOT, 'assets/handlers/migrate.js');
const CALL = `const { handler } = require('./migrate.js');
const context = { getRemainingTimeInMillis: () => 900_000, awsRequestId: 'i1' };
const call = async event => handler(event, context).then(answer => ({ answer }), ({ name, message, stack }) => ({ error: { name, message, stack } }));
(async () => {
  const event = JSON.parse(process.env.EVENT);
  const begun = await call(event);
  const end = await call({ ...event, ...begun.answer });
  console.log('RESULT ' + JSON.stringify([begun, end]));
})();`;

let server: PostgresServer;
let secrets: Server;
let folder: string;
let asked: string[];
beforeAll(async () => {
  server = await PostgresServer.start();
  secrets = createServer((request, response) => {
    let body = '';
    request.on('data', data => { body += String(data); }).on('end', () => {
      asked.push(`${String(request.headers['x-amz-target'])} ${body}`);
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1', 'Connection': 'close' })
        .end(JSON.stringify({ SecretString: JSON.stringify({ username: server.user, password: server.password }) }));
    });
  });
  await new Promise<void>(resolve => secrets.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  copyFileSync(BUNDLE, join(folder, 'migrate.js'));
  mkdirSync(join(folder, 'migrations/app'), { recursive: true });
  writeFileSync(join(folder, 'migrations/app/0001_a.sql'), 'CREATE TABLE a (id int)');
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await new Promise(resolve => secrets.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => { asked = []; });

async function run(event: object, database: string): Promise<{ results: object[]; output: string }> {
  const child = spawn(process.execPath, ['-e', CALL], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_PATH: [join(ROOT, 'assets/layer-postgres/nodejs/node_modules'), join(ROOT, 'node_modules')].join(':'),
      EVENT: JSON.stringify(event),
      LAMBDA_TASK_ROOT: folder,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      JOBWORKS_DATABASE_HOST: server.host,
      JOBWORKS_DATABASE_PORT: String(server.port),
      JOBWORKS_DATABASE_NAME: database,
      JOBWORKS_DATABASE_CA: server.caFile,
      JOBWORKS_DATABASE_SECRET_ARN: 'arn:secret',
    },
  });
  let output = '';
  child.stdout.on('data', data => { output += String(data); });
  child.stderr.on('data', data => { output += String(data); });
  await new Promise(resolve => child.on('close', resolve));
  return { output, results: JSON.parse(/^RESULT (.*)$/m.exec(output)?.[1] ?? 'null') as object[] };
}

test('applies what lies beside it, with the secret of its environment', async () => {
  const database = await server.createDatabase();
  const { results, output } = await run({ RequestType: 'Create', RequestId: 'r1', ResponseURL: 'https://signed' }, database);
  expect(results).toEqual([{ answer: { PhysicalResourceId: 'migrations-r1', MigrationsBegun: expect.stringMatching(/^\d{13}$/) } }, { answer: { IsComplete: true } }]);
  expect(asked).toEqual(['secretsmanager.GetSecretValue {"SecretId":"arn:secret"}']);
  expect(await server.asMaster(database, async client => (await client.query('SELECT name FROM jobworks.migrations')).rows)).toEqual([{ name: '0001_a.sql' }]);
  expect(output).toContain('"message":"applied a file"');
  expect(output).not.toMatch(/https:\/\/signed|test-only/);
});

test('asks for no secret when it is deleted', async () => {
  const { results } = await run({ RequestType: 'Delete', RequestId: 'r2', PhysicalResourceId: 'migrations-r1' }, 'nowhere');
  expect(results).toEqual([{ answer: { PhysicalResourceId: 'migrations-r1', MigrationsBegun: expect.stringMatching(/^\d{13}$/) } }, { answer: { IsComplete: true } }]);
  expect(asked).toEqual([]);
});
