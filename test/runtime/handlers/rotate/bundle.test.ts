import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '../../../support/postgres/server';

/*
 * The bundle as a function has it: beside a layer and the SDK of Lambda, in a process of its own, with a Secrets Manager that is a few lines and
 * keeps versions and their stages as the service does.
 */

const ROOT = join(__dirname, '../../../..');
const BUNDLE = join(ROOT, 'assets/handlers/rotate.js');
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const CALLS = `const { handler } = require('./rotate.js');
(async () => {
  for (const Step of JSON.parse(process.env.STEPS)) await handler({ Step, SecretId: 'arn:secret', ClientRequestToken: 'v2' });
  console.log('DONE');
})().catch(error => console.log('FAILED ' + error.name + ': ' + error.message));`;

interface Version { text: string; stages: string[] }

let server: PostgresServer;
let secrets: Server;
let folder: string;
let database: string;
let versions: Map<string, Version>;
let asked: string[];

beforeAll(async () => {
  server = await PostgresServer.start();
  secrets = createServer((request, response) => {
    let body = '';
    request.on('data', data => { body += String(data); }).on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
      asked.push(action);
      const answer = answerTo(action, JSON.parse(body) as Record<string, string>);
      response.writeHead(answer ? 200 : 400, { 'Content-Type': 'application/x-amz-json-1.1', 'Connection': 'close' })
        .end(JSON.stringify(answer ?? { __type: 'ResourceNotFoundException', message: 'there is none' }));
    });
  });
  await new Promise<void>(resolve => secrets.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'rotate-'));
  copyFileSync(BUNDLE, join(folder, 'rotate.js'));
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await new Promise(resolve => secrets.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  database = await server.createDatabase();
  await server.asMaster(database, async client => client.query('CREATE ROLE turning LOGIN PASSWORD \'before it turned\''));
  versions = new Map([['v1', { text: JSON.stringify({ username: 'turning', password: 'before it turned', dbname: database }), stages: ['AWSCURRENT'] }]]);
  asked = [];
});
afterEach(async () => server.asMaster(database, async client => client.query('DROP ROLE turning')));

function answerTo(action: string, input: Record<string, string>): object | undefined {
  const { VersionStage, VersionId, ClientRequestToken, SecretString, MoveToVersionId, RemoveFromVersionId } = input;
  switch (action) {
    case 'DescribeSecret': return { VersionIdsToStages: Object.fromEntries([...versions].map(([id, { stages }]) => [id, stages])) };
    case 'GetSecretValue': {
      const found = [...versions].find(([id, { stages }]) => stages.includes(VersionStage) && (VersionId === undefined || VersionId === id));
      return found && { SecretString: found[1].text, VersionId: found[0] };
    }
    case 'PutSecretValue':
      versions.set(ClientRequestToken, { text: SecretString, stages: ['AWSPENDING'] });
      return { VersionId: ClientRequestToken };
    case 'UpdateSecretVersionStage':
      versions.get(RemoveFromVersionId)!.stages = ['AWSPREVIOUS'];
      versions.get(MoveToVersionId)!.stages = [VersionStage];
      return {};
    default: return undefined;
  }
}

async function run(steps: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, ['-e', CALLS], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_PATH: [join(ROOT, 'assets/layer-postgres/nodejs/node_modules'), join(ROOT, 'node_modules')].join(':'),
      STEPS: JSON.stringify(steps),
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      JOBWORKS_DATABASE_HOST: server.host,
      JOBWORKS_DATABASE_PORT: String(server.port),
      JOBWORKS_DATABASE_NAME: database,
      JOBWORKS_DATABASE_CA: server.caFile,
      ...more,
    },
  });
  let output = '';
  child.stdout.on('data', data => { output += String(data); });
  child.stderr.on('data', data => { output += String(data); });
  await new Promise(resolve => child.on('close', resolve));
  return output;
}

test('four steps lead from one password to the next, which neither a log nor a secret of another stage has', async () => {
  const output = await run(STEPS);
  expect(output).toMatch(/^DONE$/m);
  expect([...versions].map(([id, { stages }]) => [id, stages])).toEqual([['v1', ['AWSPREVIOUS']], ['v2', ['AWSCURRENT']]]);
  const { password, ...rest } = JSON.parse(versions.get('v2')!.text) as { password: string };
  expect(rest).toEqual({ username: 'turning', dbname: database });
  expect(output).not.toContain(password);
  expect(output).not.toContain('before it turned');
  expect(output.match(/"message":"step done"/g)).toHaveLength(4);
  expect(new Set(asked)).toEqual(new Set(['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage']));

  const stages = ['AWSPENDING'];
  versions.set('v2', { text: JSON.stringify({ username: 'turning', password: 'before it turned' }), stages });
  expect(await run(['testSecret'])).toContain('FAILED RotationError: the server does not take the pending password');
  versions.set('v2', { text: JSON.stringify({ username: 'turning', password }), stages });
  expect(await run(['testSecret'])).toMatch(/^DONE$/m);
});

test('a secret that cannot be read is told, and nothing is changed', async () => {
  versions.clear();
  expect(await run(['createSecret'])).toContain('FAILED RotationError: the secret has no current version');
  expect(asked).not.toContain('PutSecretValue');
});

test('without certificates the function does not begin', async () => {
  expect(await run(['testSecret'], { JOBWORKS_DATABASE_CA: join(folder, 'none.pem') })).toContain('ENOENT');
});
