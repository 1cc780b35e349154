import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { eventually } from './fixture/fixture';
import { LocalCloud } from './local-cloud';

/** A temp folder of this file's own: other clouds of the machine come and go in the common one. */
const temporary = mkdtempSync(join(os.tmpdir(), 'jobworks-test-'));
beforeAll(() => {
  jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(temporary, { recursive: true, force: true });
});

const runDirectories = () => readdirSync(temporary).filter(name => name.startsWith('jobworks-local-cloud-'));
/** Processes of a group, as the kernel sees them; zombies wait for their parent and are no processes any more. */
const processesOf = (group: number) => execFileSync('ps', ['-eo', 'pgid=,stat='], { encoding: 'utf8' }).split('\n')
  .filter(line => Number(line.trim().split(/\s+/)[0]) === group && !line.includes('Z')).length;

describe('a local cloud', () => {
  test('listens on 127.0.0.1 only, and leaves nothing behind', async () => {
    const before = runDirectories();
    const cloud = await LocalCloud.start();
    expect(cloud.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${cloud.endpoint}/_ministack/health`)).status).toBe(200);
    expect(processesOf(cloud.pid)).toBe(1);
    expect(runDirectories()).toHaveLength(1);
    // a server on every address would answer here too
    await expect(fetch(cloud.endpoint.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow();

    await cloud.stop();
    await cloud.stop(); // again does no harm
    expect(processesOf(cloud.pid)).toBe(0);
    expect(runDirectories()).toEqual(before);
    await expect(fetch(cloud.endpoint)).rejects.toThrow();
  });

  test('two of them stand side by side', async () => {
    const clouds = await Promise.all([LocalCloud.start(), LocalCloud.start()]);
    expect(new Set(clouds.map(({ endpoint }) => endpoint)).size).toBe(2);
    await Promise.all(clouds.map(cloud => cloud.stop()));
  });

  test('forgets everything on request', async () => {
    const cloud = await LocalCloud.start();
    await cloud.reset();
    await cloud.stop();
  });
});

describe('a local cloud that cannot start', () => {
  let taken: Server | undefined;
  afterEach(() => {
    taken?.close();
    delete process.env.PYTHON;
  });

  test('says that the port is taken', async () => {
    taken = createServer();
    const port = await new Promise<number>(done => taken!.listen(0, '127.0.0.1', () => done((taken!.address() as { port: number }).port)));
    await expect(LocalCloud.start({ port })).rejects.toThrow(`Port ${port} is taken by another program.`);
  });

  test('names the command that installs Python', async () => {
    process.env.PYTHON = '/nowhere/python3';
    await expect(LocalCloud.start()).rejects.toThrow(/\/nowhere\/python3 was not found[^]*apt-get install python3 python3-venv/);
  });

  test('shows the end of its log', async () => {
    const before = runDirectories();
    // the overlay reads the number when it starts
    await expect(LocalCloud.start({ sampleSeconds: 'never' as unknown as number })).rejects.toThrow(/ended while it was starting[^]*could not convert string to float: 'never'/);
    expect(runDirectories()).toEqual(before);
  });
});

describe('when the process that started it', () => {
  test.each([
    ['is killed', 'SIGKILL', undefined],
    ['is interrupted', 'SIGINT', undefined],
    ['is terminated', 'SIGTERM', undefined],
    ['ends without stopping it', undefined, 'process.exit(0)'],
  ] as const)('%s, it ends too', async (_, signal, end) => {
    const parent = startParent(`${end ?? 'setInterval(() => {}, 1000)'};`);
    const line = await new Promise<string>(done => parent.stdout.once('data', data => done(String(data))));
    const { pid, run } = JSON.parse(line) as { pid: number; run: string };
    if (signal) {
      expect(processesOf(pid)).toBeGreaterThan(0);
      parent.kill(signal);
    }
    await eventually('the emulator ends', 5, async () => processesOf(pid) === 0 || undefined);
    await eventually('its folder is removed', 5, async () => !existsSync(run) || undefined);
  });

  test('takes care of a signal itself, it is left to it', async () => {
    const parent = startParent('setInterval(() => {}, 1000);', "process.once('SIGINT', () => setTimeout(() => { console.log('tidied up'); process.exit(3); }, 100));");
    const { pid } = JSON.parse(await new Promise<string>(done => parent.stdout.once('data', data => done(String(data))))) as { pid: number };
    const said = new Promise<string>(done => parent.stdout.once('data', data => done(String(data))));
    const code = new Promise<number | null>(done => parent.once('exit', done));
    parent.kill('SIGINT');
    expect(await said).toBe('tidied up\n');
    expect(await code).toBe(3);
    expect(processesOf(pid)).toBe(0);
  });

  function startParent(afterStart: string, beforeStart = '') {
    const script = `
      ${beforeStart}
      const { LocalCloud } = require(${JSON.stringify(join(__dirname, 'local-cloud.ts'))});
      LocalCloud.start().then(cloud => {
        console.log(JSON.stringify({ pid: cloud.pid, run: cloud.runDirectory }));
        ${afterStart}
      });`;
    return spawn(process.execPath, ['--import', 'tsx', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '../../tsconfig.dev.json') },
    });
  }
});
