import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { scenario } from './demo/drawings/scenario';
import { eventually } from './support/use';

/** `npm run demo` as a user runs it, without a terminal. */
const ROOT = resolve(__dirname, '..');
/** The demo's own limit is 60 s on a machine that has nothing else to do. */
const LIMIT_SECONDS = 110;

class Demo {
  public output = '';
  private readonly process: ChildProcess;
  private readonly exit: Promise<number | null>;

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, ['--import', 'tsx', 'e2e/demo/main.ts', ...args], { cwd: ROOT });
    this.process.stdout!.on('data', (data) => { this.output += data; });
    this.process.stderr!.on('data', (data) => { this.output += data; });
    this.exit = new Promise((done) => this.process.once('exit', (code) => done(code)));
  }

  /** The first match in what was written, as soon as there is one. */
  public has(pattern: RegExp): Promise<RegExpMatchArray> {
    return eventually(() => `${pattern} in what the demo says:\n${this.output}`, LIMIT_SECONDS, async () => {
      const match = this.output.match(pattern) ?? undefined;
      if (!match && this.process.exitCode !== null) throw new Error(`the demo ended with ${this.process.exitCode}:\n${this.output}`);
      return match;
    });
  }

  /** Ctrl-C. @returns the exit code */
  public async interrupt(): Promise<number | null> {
    this.process.kill('SIGINT');
    return this.exit;
  }

  public async end(): Promise<void> {
    if (this.process.exitCode === null) {
      await this.interrupt();
    }
  }
}

let demo: Demo | undefined;
afterEach(() => demo?.end());

test('it shows the life of every job, can be used by hand, and leaves nothing behind', async () => {
  demo = new Demo('--keep');
  await demo.has(/Ctrl-C ends it/);
  const acts = scenario();
  expect(demo.output).toMatch(new RegExp(`✓ all ${acts.length} as expected`));
  for (const { label } of acts) {
    expect(demo.output).toMatch(new RegExp(`^${label} +\\d`, 'm')); // its line in the table
  }
  expect(demo.output).toMatch(/Alarms that went off: [1-9]\d* of \d+\n {2}! /);
  expect(demo.output).toMatch(/\d+ resources executed, \d+ only recorded, 0 skipped/);
  expect(demo.output).not.toContain('\u001b'); // nothing but lines, as a log wants them

  const [, url] = await demo.has(/URL +(\S+)/);
  const [submitted, read, refused] = [...demo.output.matchAll(/^ +(curl .+)$/gm)].map(([, line]) => JSON.parse(shell(line)) as Record<string, unknown>);
  expect(submitted).toMatchObject({ job_id: expect.stringMatching(/^job_/) });
  expect(read).toMatchObject({ status: 'succeeded', stages_completed: ['read', 'measure', 'classify', 'report'] });
  expect(refused).toMatchObject({ error: { code: 'InvalidPayload' } });

  const [, operate] = await demo.has(/^ +(AWS_\S+ .+ jobs list .+)$/m);
  expect(shell(operate)).toMatch(/^job .*\n(?:job_.*\n)*job_.*WorkerLost/);

  expect(await demo.interrupt()).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
}, (LIMIT_SECONDS + 20) * 1000);

test('interrupted halfway it stops everything and says so by its exit code', async () => {
  demo = new Demo();
  const [, port] = await demo.has(/127\.0\.0\.1:(\d+)/);
  await demo.has(/processing/);
  expect(await demo.interrupt()).toBe(130);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
}, (LIMIT_SECONDS + 20) * 1000);

test('it shows the invoices, and their rows in a real database', async () => {
  demo = new Demo('invoice-extraction');
  await demo.has(/✓ all \d+ as expected/);
  expect(demo.output).toMatch(/Rows of acme: jobs, with job_results\n(.*\n)*.* succeeded +BF-2026-0417 +22\.9 +1\.000 +\d+ +Brackwell Fittings Ltd/);
  expect(demo.output).toMatch(/^letter .*failed .*JobFailed: the text is no invoice/m);
  expect(demo.output).toMatch(/^cancelled .*cancelled .*by its owner/m);
  expect(demo.output).toMatch(/^too many .*refused +the 61st in a minute: 429 TooManyRequests/m);
  expect(demo.output).toContain('and of globex: 60 succeeded, with 60 results');
}, (LIMIT_SECONDS + 40) * 1000);

test('it shows the whole system: statements, of which each customer is told once', async () => {
  demo = new Demo('full-system');
  await demo.has(/✓ all \d+ as expected/);
  expect(demo.output).toMatch(/^acc_1004 +2026-10 +100 +100\.00 +\d\d:\d\d:\d\d$/m);
  expect(demo.output).toMatch(/^wrong month .*failed .*WrongMonth: a payment is not of 2026-10/m);
}, (LIMIT_SECONDS + 40) * 1000);

function shell(line: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', line], { cwd: ROOT, encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) throw new Error(`${line}\nended with ${status}: ${stderr}`);
  return stdout;
}
