import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LOAD } from './pipelines/names';
import { accepted, administrator, ended, eventually, PIPELINES, useStack } from './support/use';

/** The command line as it is shipped, against a deployed pipeline, in the order of an incident. */
const subject = useStack({ app: PIPELINES, stack: LOAD.stack });
const client = () => administrator(subject());

const BIN = join(__dirname, '../assets/cli/cdk-jobworks.js');

interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function jobs(...args: string[]): Promise<Ran> {
  return run('jobs', ...args, '--pipeline', LOAD.stack);
}

async function run(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...subject().cloud.env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => { stdout += String(data); });
  child.stderr.on('data', (data) => { stderr += String(data); });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

/** What a command prints with `--json`. */
async function json<T>(...args: string[]): Promise<T> {
  const { exit, stdout, stderr } = await jobs(...args, '--json');
  if (exit !== 0) throw new Error(`${args.join(' ')} ended with ${exit}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

interface Listed {
  readonly jobs: readonly { readonly job_id: string; readonly status: string; readonly error?: { readonly type: string } }[];
}

const submit = async (...plan: string[]) => accepted(client(), { plan, journal: subject().journal.file });

test('what failed is listed and shown, and what was not asked for is not', async () => {
  const [failed, done] = [await submit('give-up'), await submit('succeed')];
  await Promise.all([failed, done].map(async (id) => ended(client(), id)));

  const listed = await eventually(() => 'the failed job in the list', 10, async () => {
    const found = await json<Listed>('list', '--failed-since', '1h');
    return found.jobs.length > 0 ? found : undefined;
  });
  expect(listed.jobs).toMatchObject([{ job_id: failed, status: 'failed', error: { type: 'GivenUp' } }]);

  const { exit, stdout } = await jobs('list', '--failed-since', '1h');
  expect(exit).toBe(0);
  expect(stdout).toMatch(new RegExp(`^job .*\n${failed}  failed +1/${LOAD.maxAttempts} .*GivenUp: `));

  const shown = await json<{ job: Record<string, unknown> }>('show', failed);
  expect(shown.job).toMatchObject({ job_id: failed, generation: 0, run: 1, correlation_id: expect.any(String) });
  expect(shown.job).not.toHaveProperty('payload');
  expect((await json<typeof shown>('show', failed, '--payload')).job.payload).toMatchObject({ plan: ['give-up'] });

  const { owner } = shown.job;
  expect((await json<Listed>('list', '--owner', String(owner), '--status', 'succeeded')).jobs.map(({ job_id }) => job_id)).toEqual([done]);
});

test('paused, jobs are accepted and wait; they can be cancelled; resumed, they run', async () => {
  const paused = await jobs('pause');
  expect([paused.exit, paused.stdout]).toEqual([0, expect.stringContaining('A message is kept for 4 days')]);
  await eventually(() => 'a paused pipeline', 60, async () => ((await json<{ state: string }>('describe')).state === 'Disabled' ? true : undefined));

  const [waiting, unwanted] = [await submit('succeed'), await submit('succeed')];
  expect((await json<Listed>('list')).jobs.map(({ job_id, status }) => ({ job_id, status }))).toEqual(
    expect.arrayContaining([{ job_id: waiting, status: 'queued' }, { job_id: unwanted, status: 'queued' }]));
  expect((await jobs('cancel', unwanted)).stdout).toBe(`${unwanted}  cancelled\n`);

  expect((await jobs('resume')).exit).toBe(0);
  expect(await ended(client(), waiting)).toMatchObject({ status: 'succeeded' });
  expect(await ended(client(), unwanted)).toMatchObject({ status: 'cancelled' });
  expect(subject().journal.entries(unwanted)).toEqual([]);
});

interface Retried {
  readonly retried: number;
  readonly skipped: number;
  readonly retried_jobs: readonly string[];
}

interface WouldRetry {
  readonly would_retry: number;
  readonly by_error_type: Readonly<Record<string, number>>;
  readonly would_retry_jobs: readonly { readonly job_id: string; readonly error_type: string }[];
}

test('one is retried by its id, and all that failed since a time, each once', async () => {
  const failed = await Promise.all(Array.from({ length: 5 }, async () => submit('give-up', 'succeed')));
  await Promise.all(failed.map(async (id) => ended(client(), id)));
  const [first, ...others] = failed;
  const { job: { owner } } = await json<{ job: { owner: string } }>('show', first);

  expect((await jobs('retry', first)).stdout).toBe(`${first}  retried (generation 1)\n`);
  const again = await jobs('retry', 'job_00000000000000000000000000', '--json');
  expect([again.exit, JSON.parse(again.stdout)]).toEqual([1, { jobs: [{ job_id: 'job_00000000000000000000000000', error: expect.objectContaining({ code: 'NotFound' }) }] }]);

  await ended(client(), first); // again, so that nothing changes from here on
  const filters = ['--failed-since', '1h', '--owner', owner, '--error-type', 'GivenUp'];
  const would = await eventually(() => 'all of them in the index', 10, async () => {
    const dry = await json<WouldRetry>('retry', ...filters, '--dry-run');
    const found = dry.would_retry_jobs.map(({ job_id }) => job_id);
    return others.every((id) => found.includes(id)) ? dry : undefined;
  });
  expect(would.by_error_type).toEqual({ GivenUp: would.would_retry });
  expect((await jobs('retry', ...filters, '--dry-run')).stdout).toMatch(new RegExp(`^would retry ${would.would_retry} jobs of ${LOAD.stack} that failed since`));

  for (const other of [['--owner', 'customer:nobody'], ['--error-type', 'NoSuchError']]) {
    expect(await json('retry', '--failed-since', '1h', ...other, '--yes')).toEqual({ retried: 0, skipped: 0, retried_jobs: [], skipped_jobs: [] });
  }
  expect((await json<{ job: { generation: number } }>('show', others[0])).job.generation).toBe(0);

  const { retried_jobs, skipped } = await json<Retried>('retry', ...filters, '--yes');
  expect([[...retried_jobs].sort(), skipped]).toEqual([would.would_retry_jobs.map(({ job_id }) => job_id).sort(), 0]);
  for (const id of others) {
    const { job } = await json<{ job: { generation: number } }>('show', id);
    expect(job.generation).toBe(1);
  }
});

test('the pipeline is described with its queues and log groups', async () => {
  const { exit, stdout } = await jobs('describe');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/\ndead-letter queue +\S*DeadLetterQueue/);
  expect(stdout).toMatch(/\nlog groups\nWorker +\S+\n/);
  expect(stdout).toMatch(/\nSubmitLogs +\S*SubmitLogs/);
});

test('a name that is none is told with those that are', async () => {
  const child = await run('jobs', 'list', '--pipeline', LOAD.stack.slice(0, -1));
  expect(child.exit).toBe(1);
  expect(child.stderr).toContain(`Did you mean "${LOAD.stack}"?`);
});

test('a pipeline that is not there is told with the place that was asked', async () => {
  const { exit, stderr } = await jobs('list', '--region', 'eu-west-1');
  expect(exit).toBe(1);
  expect(stderr).toContain(`there is no pipeline "${LOAD.stack}" in eu-west-1 of account 000000000000`);
});
