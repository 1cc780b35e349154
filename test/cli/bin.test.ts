import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * The bundle as it is in the package, in a process of its own and far from this project's node_modules, with an AWS that is a few lines.
 */

const BUNDLES = join(__dirname, '../../assets/cli');

let folder: string;
let server: Server;
let asked: { readonly path: string; readonly target: unknown; readonly body: string; readonly authorization: string }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobworks-cli-'));
  cpSync(BUNDLES, join(folder, 'assets/cli'), { recursive: true });
  cpSync(join(BUNDLES, '../layer-postgres'), join(folder, 'assets/layer-postgres'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"version":"4.5.6"}');
  server = createServer((request, response) => {
    void answer(request).then(({ status, type, body }) => {
      response.writeHead(status, { 'Content-Type': type, 'Connection': 'close', ...(status === 400 && { 'x-amzn-errortype': 'ParameterNotFound' }) }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  asked = [];
});

async function answer(request: IncomingMessage): Promise<{ status: number; type: string; body: string }> {
  let body = '';
  for await (const part of request) body += String(part);
  const { url = '', headers } = request;
  asked.push({ path: url, target: headers['x-amz-target'], body, authorization: headers.authorization ?? '' });
  if (headers['x-amz-target'] === 'AmazonSSM.GetParameter') {
    return body.includes('/cdk-jobworks/drawings')
      ? { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify({ Parameter: { Value: '{"operate_function":"operate"}' } }) }
      : { status: 400, type: 'application/x-amz-json-1.1', body: '{"__type":"ParameterNotFound"}' };
  }
  if (url.startsWith('/2015-03-31/functions/operate/invocations')) {
    return { status: 200, type: 'application/json', body: '{"jobs":[]}' };
  }
  return {
    status: 200,
    type: 'text/xml',
    body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>arn:ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
  };
}

interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(folder, 'assets/cli/cdk-jobworks.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => { stdout += String(data); });
  child.stderr.on('data', (data) => { stderr += String(data); });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

test('asks with the caller\'s credentials, and prints nothing but JSON', async () => {
  expect(await run('jobs', 'list', '--pipeline', 'drawings', '--json')).toEqual({ exit: 0, stdout: '{\n  "jobs": [],\n  "more": false\n}\n', stderr: '' });
  expect(asked.map(({ target, path }) => target ?? path)).toEqual(['AmazonSSM.GetParameter', '/2015-03-31/functions/operate/invocations']);
  expect(asked[1].body).toBe('{"action":"list","limit":20}');
  expect(asked.every(({ authorization }) => authorization.includes('Credential=AKIAEXAMPLE/') && authorization.includes('/eu-central-1/'))).toBe(true);
});

test('says where it has looked', async () => {
  const { exit, stderr } = await run('jobs', 'pause', '--pipeline', 'other', '--region', 'eu-west-1');
  expect(exit).toBe(1);
  expect(stderr).toContain('there is no pipeline "other" in eu-west-1 of account 123456789012, asked as arn:ann');
});

test('asks nothing where there is no terminal', async () => {
  const { exit, stderr } = await run('jobs', 'retry', '--pipeline', 'drawings', '--failed-since', '2h');
  expect([exit, asked]).toEqual([2, []]);
  expect(stderr).toContain('say --yes');
});

test('knows its version', async () => {
  expect(await run('--version')).toEqual({ exit: 0, stdout: '4.5.6\n', stderr: '' });
});

test('loads what knows databases for migrations alone', async () => {
  mkdirSync(join(folder, 'sql'));
  writeFileSync(join(folder, 'sql/0001_a.sql'), 'SELECT 1');
  const { exit, stderr } = await run('migrate', '--url', 'postgresql://me@127.0.0.1:1/d', '--dir', 'sql');
  expect([exit, stderr]).toEqual([1, expect.stringContaining('cannot connect to d on 127.0.0.1:1 as me: connect ECONNREFUSED')]);
  expect((await run('migrate', '--url', 'postgresql://me@127.0.0.1:1/d')).exit).toBe(2);

  rmSync(join(folder, 'assets/cli/migrate-database.mjs'));
  expect(await run('jobs', 'list', '--pipeline', 'drawings')).toMatchObject({ exit: 0 });
  expect(statSync(join(BUNDLES, 'migrate-database.mjs')).size).toBeLessThan(50_000);
});
