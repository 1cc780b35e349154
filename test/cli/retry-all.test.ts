import { CliHarness, Text, Thrown } from './cli-harness';
import { NOW } from '../support/job-fixtures';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

const SINCE = NOW - 7_200_000;
const ISO = '2027-01-15T06:00:00.000Z';
const UNAVAILABLE = new Thrown('ServiceUnavailable', 'nothing could be retried: try again');
const id = (number: number) => `job_${String(number).padStart(26, '0')}`;
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, number) => id(from + number));
const skips = (from: number, to: number, reason: string) => ids(from, to).map((job_id) => ({ job_id, reason }));
const answers = (...pages: unknown[]) => {
  cli.answer = () => pages.shift();
};

/** What the function answers. */
function page(from: number, to: number, skipped_jobs: readonly object[] = [], more: object = {}): object {
  return { retried: to - from, skipped: skipped_jobs.length, retried_jobs: ids(from, to), skipped_jobs, ...more };
}

describe('retry of all that failed since', () => {
  const all = 'jobs retry -p drawings --failed-since 2h';

  test('asks first, and then goes to the end', async () => {
    cli.reply = 'y';
    answers({ jobs: [{}, {}] }, page(0, 100, [], { next_token: 'a' }), page(100, 107, skips(200, 202, 'no_job').concat(skips(202, 203, 'not_failed'))));
    expect(await cli.run(all)).toBe(0);
    expect(cli.questions).toEqual(['Retry 2 jobs of drawings that failed since 2027-01-15T06:00:00Z? [y/N] ']);
    expect(cli.asked).toEqual([
      { action: 'list', failed_since: SINCE, limit: 100 },
      { action: 'retry', failed_since: SINCE, limit: 100 },
      { action: 'retry', failed_since: SINCE, limit: 100, next_token: 'a' },
    ]);
    expect(cli.waits).toEqual([]);
    expect(cli.stdout.text).toBe('107 retried, 3 skipped: 2 no job but a message of another kind, 1 no longer failed\n');
    expect(cli.stderr.text).toBe('');
  });

  test('of an owner, with a type of error: every call is asked so', async () => {
    cli.reply = 'y';
    answers({ jobs: [{}], next_token: 'more' }, page(0, 1, [], { next_token: 'a' }), page(1, 2));
    expect(await cli.run(`${all} --owner customer:acme --error-type WorkerLost`)).toBe(0);
    expect(cli.questions).toEqual(['Retry 1 or more jobs of drawings that failed since 2027-01-15T06:00:00Z with WorkerLost (owner customer:acme)? [y/N] ']);
    const meant = { failed_since: SINCE, owner: 'customer:acme', error_type: 'WorkerLost', limit: 100 };
    expect(cli.asked).toEqual([{ action: 'list', ...meant }, { action: 'retry', ...meant }, { action: 'retry', ...meant, next_token: 'a' }]);
  });

  test.each(['n', '', 'yellow'])('"%s" is no', async (reply) => {
    cli.reply = reply;
    cli.answer = () => ({ jobs: [{}], next_token: 'more' });
    expect(await cli.run(all)).toBe(0);
    expect(cli.asked.map(({ action }) => action)).toEqual(['list']);
    expect(cli.stderr.text).toBe('nothing was done\n');
    expect(cli.stdout.text).toBe('');
  });

  test.each([['nothing failed', []], ['the answer is no', [{}]]])('--json is a document where %s', async (_what, jobs) => {
    cli.reply = 'n';
    cli.answer = () => ({ jobs });
    expect(await cli.run(`${all} --json`)).toBe(0);
    expect(cli.json).toEqual({ retried: 0, skipped: 0, retried_jobs: [], skipped_jobs: [] });
  });

  test.each(['Y', 'yes', ' y '])('"%s" is yes', async (reply) => {
    cli.reply = reply;
    cli.answer = ({ action }) => (action === 'list' ? { jobs: [{}] } : page(0, 1));
    await cli.run(all);
    expect(cli.stdout.text).toBe('1 retried\n');
  });

  test('asks nothing when nothing failed', async () => {
    cli.reply = 'y';
    cli.answer = () => ({ jobs: [] });
    expect(await cli.run(`${all} --error-type WorkerLost`)).toBe(0);
    expect(cli.questions).toEqual([]);
    expect(cli.stderr.text).toBe('no job of drawings has failed since 2027-01-15T06:00:00Z with WorkerLost\nnothing was done\n');
  });

  test('asks, where the function has not come to the end of its search', async () => {
    cli.reply = 'n';
    cli.answer = () => ({ jobs: [], next_token: 'more' });
    await cli.run(all);
    expect(cli.questions[0]).toMatch(/^Retry the jobs of drawings that failed/);
  });

  test('--yes needs no terminal, and --json names what was retried and what was not', async () => {
    answers(page(0, 2, [], { next_token: 'a' }), page(2, 3, skips(5, 6, 'gone')));
    expect(await cli.run(`${all} --yes --json`)).toBe(0);
    expect(cli.json).toEqual({ retried: 3, skipped: 1, retried_jobs: ids(0, 3), skipped_jobs: skips(5, 6, 'gone') });
  });

  test('what comes again after a page that broke off counts once, as what it was', async () => {
    answers(page(0, 10, skips(50, 51, 'no_job'), { stopped: {}, next_token: 'a' }), page(10, 12, [...skips(0, 10, 'not_failed'), ...skips(50, 51, 'no_job')]));
    await cli.run(`${all} --yes --json`);
    expect(cli.waits).toEqual([expect.any(Number)]);
    expect(cli.waits[0]).toBeGreaterThanOrEqual(1_000);
    expect(cli.waits[0]).toBeLessThanOrEqual(2_000);
    expect(cli.json).toEqual({ retried: 12, skipped: 1, retried_jobs: ids(0, 12), skipped_jobs: skips(50, 51, 'no_job') });
  });

  test('an older function counts and names none: nor does the answer', async () => {
    answers({ retried: 100, skipped: 0, next_token: 'a' }, { retried: 7, skipped: 2 });
    await cli.run(`${all} --yes`);
    expect(cli.stdout.text).toBe('107 retried, 2 skipped: 2 no longer failed, no jobs, or of a newer version\n');
    cli.stdout = new Text();
    answers({ retried: 7, skipped: 2 });
    await cli.run(`${all} --yes --json`);
    expect(cli.json).toEqual({ retried: 7, skipped: 2 });
  });

  test('shows on a terminal how far it is', async () => {
    cli.stderr = new Text(true, 80);
    answers(page(0, 100, [], { next_token: 'a' }), page(100, 107));
    await cli.run(`${all} -y`);
    expect(cli.stderr.text).toBe('\r100 retried …\r107 retried …\r\u001b[K');
  });

  test('and leaves no trace of it where nothing was to be seen', async () => {
    cli.stderr = new Text(true, 80);
    cli.environment = { NO_COLOR: '1' };
    cli.answer = () => UNAVAILABLE;
    await cli.run(`${all} -y`);
    expect(cli.stderr.text).toBe('error: nothing could be retried: try again\n');
  });

  test('and elsewhere at each thousand', async () => {
    let from = 0;
    cli.answer = () => page(from, from += 100, [], from < 2_300 ? { next_token: 'a' } : {});
    await cli.run(`${all} -y`);
    expect(cli.stdout.text).toBe('2300 retried\n');
    expect(cli.stderr.text).toBe('1000 retried …\n2000 retried …\n');
  });

  test('says how far it came when it breaks off, and how to go on', async () => {
    answers(page(0, 100, [], { next_token: 'a' }), UNAVAILABLE);
    expect(await cli.run(`${all} --yes`)).toBe(1);
    expect(cli.stderr.text).toContain(`nothing could be retried: try again\n100 jobs were retried before that. The same command with --failed-since ${ISO} goes on with the others.`);
    expect(cli.stdout.text).toBe('');
  });

  test('… in JSON, too', async () => {
    answers(page(0, 1, skips(7, 8, 'no_job'), { next_token: 'a' }), UNAVAILABLE);
    expect(await cli.run(`${all} --yes --json`)).toBe(1);
    expect(cli.json).toEqual({
      error: { code: 'ServiceUnavailable', message: expect.stringContaining('1 job was retried before that') },
      retried: 1,
      skipped: 1,
      retried_jobs: [id(0)],
      skipped_jobs: skips(7, 8, 'no_job'),
      failed_since: ISO,
    });
  });

  test('and only why, when it broke off at once', async () => {
    cli.answer = () => UNAVAILABLE;
    expect(await cli.run(`${all} --yes`)).toBe(1);
    expect(cli.stderr.text).toBe('error: nothing could be retried: try again\n');
  });
});

describe('a dry run', () => {
  const dry = 'jobs retry -p drawings --failed-since 2h --dry-run';
  const would = (from: number, to: number, more: object = {}) => ({
    dry_run: true,
    would_retry: to - from,
    skipped: 0,
    would_retry_jobs: ids(from, to).map((job_id, number) => ({ job_id, error_type: number % 4 === 0 ? 'WorkerLost' : 'ProviderDown' })),
    skipped_jobs: [],
    ...more,
  });

  test('tells how many, with which errors, and the first of them; it asks nothing and retries nothing', async () => {
    answers(would(0, 100, { next_token: 'a' }), would(100, 108, { skipped: 1, skipped_jobs: skips(500, 501, 'newer_version') }));
    expect(await cli.run(`${dry} --owner customer:acme`)).toBe(0);
    const asked = { action: 'retry', failed_since: SINCE, owner: 'customer:acme', dry_run: true, limit: 100 };
    expect(cli.asked).toEqual([asked, { ...asked, next_token: 'a' }]);
    expect(cli.stdout.text).toBe([
      'would retry 108 jobs of drawings that failed since 2027-01-15T06:00:00Z (owner customer:acme)',
      '',
      'jobs  error type',
      '  81  ProviderDown',
      '  27  WorkerLost',
      '',
      'the first 10 (--json: all)      error type',
      ...ids(0, 10).map((job_id, number) => `${job_id}  ${number % 4 === 0 ? 'WorkerLost' : 'ProviderDown'}`),
      '',
      '1 would be skipped: 1 of a newer version',
      '',
      'Nothing was retried yet: the same without --dry-run does it.',
      '',
    ].join('\n'));
    expect(cli.stderr.text).toBe('');
  });

  test('as JSON', async () => {
    answers(would(0, 2, { skipped: 1, skipped_jobs: skips(9, 10, 'no_job') }));
    expect(await cli.run(`${dry} --json`)).toBe(0);
    expect(cli.json).toEqual({
      dry_run: true,
      would_retry: 2,
      skipped: 1,
      by_error_type: { WorkerLost: 1, ProviderDown: 1 },
      would_retry_jobs: [{ job_id: id(0), error_type: 'WorkerLost' }, { job_id: id(1), error_type: 'ProviderDown' }],
      skipped_jobs: skips(9, 10, 'no_job'),
    });
  });

  test('of nothing says what there is none of', async () => {
    answers(would(0, 0));
    await cli.run(`${dry} --error-type WorkerLost`);
    expect(cli.stdout.text).toBe('nothing to retry: no job of drawings that failed since 2027-01-15T06:00:00Z with WorkerLost\n');
  });

  test('of an owner that has none says how owners are written', async () => {
    answers(would(0, 0));
    await cli.run(`${dry} --owner acme`);
    expect(cli.stdout.text).toBe(
      'nothing to retry: no job of drawings that failed since 2027-01-15T06:00:00Z (owner acme): owners are written as lists show them, such as customer:acme\n');
  });

  test('has one blank line between its parts, where nothing is skipped', async () => {
    answers(would(0, 1));
    await cli.run(dry);
    expect(cli.stdout.text).toContain(`${id(0)}  WorkerLost\n\nNothing was retried yet`);
  });

  test('says on a terminal how far it is', async () => {
    cli.stderr = new Text(true, 80);
    answers(would(0, 100, { next_token: 'a' }), would(100, 108));
    await cli.run(dry);
    expect(cli.stderr.text).toBe('\r100 found …\r108 found …\r\u001b[K');
  });
});
