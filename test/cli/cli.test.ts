import { awsError, CliHarness, Text, Thrown } from './cli-harness';
import { NOW } from '../support/job-fixtures';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

const ID = 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ';
const OTHER = 'job_01HYYYYYYYYYYYYYYYYYYYYYYY';
const job = (changes: object = {}) => ({
  job_id: ID,
  status: 'failed',
  owner: 'customer:acme',
  attempt: 3,
  max_attempts: 3,
  generation: 0,
  run: 3,
  cancel_requested: false,
  stages_completed: [],
  created_at: '2027-01-15T08:00:00.000Z',
  updated_at: '2027-01-15T08:00:41.250Z',
  error: { type: 'Error', message: 'the provider did not answer', attempt: 3 },
  ...changes,
});

describe('help', () => {
  test.each(['', '--help', '-h', 'help', 'jobs', 'jobs --help', 'jobs -h', 'jobs help'])('"%s" tells all commands', async (line) => {
    expect(await cli.run(line)).toBe(0);
    expect(cli.stdout.text).toMatch(/usage: cdk-jobworks jobs COMMAND[^]*list[^]*show[^]*retry[^]*cancel[^]*pause[^]*resume[^]*describe[^]*Exit codes/);
    expect(cli.places).toEqual([]);
  });

  test.each([
    ['list', ['--failed-since TIME', '--owner OWNER', '--error-type TYPE', '--status STATUS', '--limit N', '--all'], ['--yes', '--payload']],
    ['show', ['JOB_ID', '--payload'], ['--yes', '--limit']],
    ['retry', ['JOB_ID… | --failed-since TIME', '-y, --yes', '--owner OWNER', '--error-type TYPE', '--dry-run'], ['--limit']],
    ['cancel', ['JOB_ID…'], ['--failed-since']],
    ['pause', ['4 days'], ['JOB_ID']],
    ['resume', [], ['JOB_ID']],
    ['describe', [], ['JOB_ID']],
  ])('jobs %s --help tells its options and no other\'s', async (verb, has, hasNot) => {
    expect(await cli.run(`jobs ${verb} --help`)).toBe(0);
    for (const text of [`usage: cdk-jobworks jobs ${verb} --pipeline NAME`, '-p, --pipeline NAME', '--region REGION', '--profile PROFILE', '--json', ...has]) {
      expect(cli.stdout.text).toContain(text);
    }
    for (const text of hasNot) expect(cli.stdout.text).not.toContain(text);
  });

  test.each(['--help', 'jobs list --help', 'jobs show --help', 'jobs retry --help', 'jobs cancel --help', 'jobs pause --help', 'jobs describe --help'])(
    '"%s" fits a terminal', async (line) => {
      cli.stdout = new Text(true, 80);
      await cli.run(line);
      expect(cli.stdout.text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
    },
  );

  test('--version', async () => {
    expect(await cli.run('--version')).toBe(0);
    expect(cli.stdout.text).toBe('1.2.3\n');
  });
});

describe('wrong usage', () => {
  test.each([
    ['job list', 'there is no "job": commands begin with "cdk-jobworks jobs", "cdk-jobworks keys" or "cdk-jobworks migrate"', 'cdk-jobworks --help'],
    ['jobs purge -p x', 'there is no "jobs purge": list, show, retry', 'cdk-jobworks --help'],
    ['jobs toString -p x', 'there is no "jobs toString"', 'cdk-jobworks --help'],
    ['jobs list', '--pipeline is missing', 'cdk-jobworks jobs list --help'],
    ['jobs list -p x --payload', '--payload is no option of "jobs list": --pipeline, --failed-since', 'jobs list --help'],
    ['jobs list -p x -z', '-z is no option', 'jobs list --help'],
    ['jobs list -p x --limit', '--limit takes a value, which is missing: --limit N', 'jobs list --help'],
    ['jobs list -p x --failed-since', '--failed-since takes a value, which is missing: --failed-since TIME', 'jobs list --help'],
    ['jobs list -p x --failed-since -2h', '--failed-since takes a value, which is missing: --failed-since TIME', 'jobs list --help'],
    ['jobs list -p', '--pipeline takes a value, which is missing: --pipeline NAME', 'jobs list --help'],
    ['jobs list -p x --all=yes', '--all takes no value: it is given or not', 'jobs list --help'],
    ['jobs list -p x --status done', '--status is queued, processing, succeeded, failed or cancelled, not "done"', 'jobs list --help'],
    ['jobs list -p x --status succeeded', '--status succeeded is for the jobs of one owner: add --owner, such as --owner customer:acme', 'jobs list --help'],
    ['jobs list -p x --status cancelled', 'add --owner', 'jobs list --help'],
    ['jobs list -p x --failed-since 2h --owner y --status succeeded', '--failed-since lists failed jobs, not those that are succeeded: leave out one', 'jobs list --help'],
    ['jobs list -p x --limit 0', '--limit takes a whole number from 1, not "0"', 'jobs list --help'],
    ['jobs list -p x --limit many', 'not "many"', 'jobs list --help'],
    ['jobs list -p x --failed-since yesterday', '--failed-since takes how long ago (90s, 30m, 2h, 7d)', 'jobs list --help'],
    [`jobs list -p x ${ID}`, '"jobs list" takes no arguments beside its options', 'jobs list --help'],
    ['jobs show -p x', '"jobs show" takes the id of one job', 'jobs show --help'],
    [`jobs show -p x ${ID} ${OTHER}`, 'the id of one job', 'jobs show --help'],
    ['jobs show -p x 4711', 'no id of a job: 4711', 'jobs show --help'],
    ['jobs cancel -p x', '"jobs cancel" takes the ids of the jobs', 'jobs cancel --help'],
    ['jobs retry -p x', 'either the ids of the jobs, or --failed-since', 'jobs retry --help'],
    [`jobs retry -p x ${ID} --failed-since 2h`, 'either the ids', 'jobs retry --help'],
    [`jobs retry -p x ${ID} --dry-run --owner y`, '--owner, --dry-run: with --failed-since only, not with the ids of jobs', 'jobs retry --help'],
    [`jobs retry -p x ${ID} --owner= --error-type=`, '--owner, --error-type: with --failed-since only', 'jobs retry --help'],
    [`jobs retry -p x ${ID} --error-type y`, '--error-type: with --failed-since only', 'jobs retry --help'],
    ['jobs retry -p x --owner y', 'either the ids of the jobs, or --failed-since', 'jobs retry --help'],
    ['jobs retry -p x --dry-run', 'either the ids of the jobs, or --failed-since', 'jobs retry --help'],
    ['jobs list -p x --error-type y', '--error-type is one that jobs failed with: add --failed-since, or --status failed', 'jobs list --help'],
    ['jobs list -p x --error-type y --owner z --status queued', 'add --failed-since, or --status failed', 'jobs list --help'],
    ['jobs retry -p x --failed-since 2h', 'say --yes', 'jobs retry --help'],
  ])('"%s" is told, with where to look', async (line, told, help) => {
    expect(await cli.run(line)).toBe(2);
    expect(cli.stderr.text).toContain(told);
    expect(cli.stderr.text).toContain(`${help}" tells more`);
    expect(cli.stdout.text).toBe('');
    expect(cli.asked).toEqual([]);
  });

  test('--json is a document too', async () => {
    expect(await cli.run('jobs list -p x --limit 0 --json')).toBe(2);
    expect(cli.json).toEqual({ error: { code: 'WrongUsage', message: '--limit takes a whole number from 1, not "0"' } });
    expect(cli.stderr.text).toContain('jobs list --help" tells more');
  });
});

describe('list', () => {
  test('shows jobs below one another', async () => {
    cli.answer = () => ({ jobs: [job(), job({ job_id: OTHER, status: 'processing', attempt: 1, error: undefined, current_stage: 'measure' })] });
    expect(await cli.run('jobs list --pipeline drawings --failed-since 2h')).toBe(0);
    expect(cli.stdout.text.split('\n')).toEqual([
      'job                             status      attempts  updated               owner          error or stage',
      `${ID}  failed      3/3       2027-01-15T08:00:41Z  customer:acme  Error: the provider did not answer`,
      `${OTHER}  processing  1/3       2027-01-15T08:00:41Z  customer:acme  measure`,
      '',
    ]);
    expect(cli.parameters).toEqual(['/cdk-jobworks/drawings']);
    expect(cli.invoked).toEqual(['drawings-operate']);
    expect(cli.asked).toEqual([{ action: 'list', failed_since: NOW - 7_200_000, limit: 20 }]);
    expect(cli.stderr.text).toBe('');
  });

  test('asks for an owner\'s, by status', async () => {
    cli.answer = () => ({ jobs: [] });
    expect(await cli.run('jobs list -p drawings --owner customer:acme --status failed --limit 5')).toBe(0);
    expect(cli.asked).toEqual([{ action: 'list', owner: 'customer:acme', status: 'failed', limit: 5 }]);
  });

  test.each([
    ['--failed-since 2h', 'no job of drawings has failed since 2027-01-15T06:00:00Z'],
    ['--failed-since 2h --error-type WorkerLost --owner customer:acme', 'no job of drawings has failed since 2027-01-15T06:00:00Z with WorkerLost (owner customer:acme)'],
    ['--failed-since 2h --owner acme', 'no job of drawings has failed since 2027-01-15T06:00:00Z (owner acme): owners are written as lists show them, such as customer:acme'],
    ['--owner acme', 'no job of drawings (owner acme): owners are written as lists show them, such as customer:acme'],
    ['--owner acme --status succeeded', 'no succeeded job of drawings (owner acme): owners are written'],
    ['--status queued', 'no queued job of drawings'],
    ['--status failed --error-type WorkerLost', 'no failed job of drawings with WorkerLost'],
    ['', 'no open job of drawings: all have ended. --failed-since lists those that failed'],
  ])('says what it found none of: %s', async (options, told) => {
    cli.answer = () => ({ jobs: [] });
    expect(await cli.run(`jobs list -p drawings ${options}`)).toBe(0);
    expect(cli.stdout.text).toContain(told);
    expect(cli.stderr.text).toBe('');
  });

  test('asks for those with a type of error', async () => {
    cli.answer = () => ({ jobs: [] });
    await cli.run('jobs list -p drawings --failed-since 2h --error-type WorkerLost --owner customer:acme');
    await cli.run('jobs list -p drawings --status failed --error-type WorkerLost');
    expect(cli.asked).toEqual([
      { action: 'list', failed_since: NOW - 7_200_000, owner: 'customer:acme', error_type: 'WorkerLost', limit: 20 },
      { action: 'list', status: 'failed', error_type: 'WorkerLost', limit: 20 },
    ]);
  });

  test('says on a terminal how far it is, where that takes several pages', async () => {
    cli.stderr = new Text(true, 80);
    const pages = [{ jobs: [job()], next_token: 'a' }, { jobs: [job({ job_id: OTHER })] }];
    cli.answer = () => pages.shift();
    await cli.run('jobs list -p drawings --all');
    expect(cli.stderr.text).toBe('\r1 found …\r\u001b[K');
  });

  test('has the owner beside the error where the terminal is narrow', async () => {
    cli.stdout = new Text(true, 80);
    cli.environment = { NO_COLOR: '1' };
    cli.answer = () => ({ jobs: [job()] });
    await cli.run('jobs list -p drawings');
    expect(cli.stdout.text.split('\n')).toEqual([
      'job                             status  attempts  updated', '  owner  error or stage',
      `${ID}  failed  3/3       2027-01-15T08:00:41Z`, '  customer:acme  Error: the provider did not answer', '',
    ]);
  });

  test('says when there are more', async () => {
    cli.answer = () => ({ jobs: [job()], next_token: 'more' });
    await cli.run('jobs list -p drawings --limit 1');
    expect(cli.stderr.text).toBe('there are more: --all, or --limit 5\n');
  });

  test('goes through as many pages as it takes, and no further', async () => {
    let page = 0;
    cli.answer = ({ limit }) => ({ jobs: Array.from({ length: Math.min(100, Number(limit)) }, () => job()), ...(++page < 4 && { next_token: `token-${page}` }) });
    await cli.run('jobs list -p drawings --limit 150 --json');
    expect(cli.asked).toEqual([{ action: 'list', limit: 100 }, { action: 'list', limit: 50, next_token: 'token-1' }]);
    expect(cli.json).toMatchObject({ jobs: Array(150).fill({ job_id: ID }), more: true });
    expect(cli.stderr.text).toBe('');
  });

  test('--all goes to the end, also over pages that are empty', async () => {
    const pages = [{ jobs: [job()], next_token: 'a' }, { jobs: [], next_token: 'b' }, { jobs: [job({ job_id: OTHER })] }];
    cli.answer = () => pages.shift();
    await cli.run('jobs list -p drawings --all --json');
    expect(cli.asked.map(({ limit }) => limit)).toEqual([100, 100, 100]);
    expect(cli.json).toEqual({ jobs: [job(), job({ job_id: OTHER })], more: false });
    expect(cli.stderr.text).toBe('');
  });

  test('fits a terminal, in colour', async () => {
    cli.stdout = new Text(true, 130);
    cli.answer = () => ({ jobs: [job({ owner: `iam:${'x'.repeat(60)}` })] });
    await cli.run('jobs list -p drawings');
    const [, line] = cli.stdout.text.split('\n');
    expect(line).toContain('\u001b[31mfailed\u001b[0m');
    const seen = line.replace(/\p{Cc}\[\d+m/gu, '');
    expect(seen.length).toBeLessThanOrEqual(130);
    expect(seen).toContain(`iam:${'x'.repeat(27)}…`);
  });
});

describe('show', () => {
  test('has a line for all that there is to say', async () => {
    cli.answer = () => ({ job: job({ stages_completed: ['read', 'measure'], result: { pages: 3 }, cancel_requested: false }) });
    expect(await cli.run(`jobs show ${ID} -p drawings`)).toBe(0);
    expect(cli.asked).toEqual([{ action: 'show', job_id: ID }]);
    expect(cli.stdout.text).toMatch(/^job_id +job_01H/);
    expect(cli.stdout.text).toMatch(/\nerror +Error: the provider did not answer \(attempt 3\)\n/);
    expect(cli.stdout.text).toMatch(/\nstages_completed +read, measure\n/);
    expect(cli.stdout.text).toMatch(/\ncreated_at +2027-01-15T08:00:00Z\n/);
    expect(cli.stdout.text).toContain('\n\nresult\n{\n  "pages": 3\n}\n');
    expect(cli.stdout.text).not.toContain('cancel_requested');
  });

  test('a checkpoint and a long result are told by their size, until they are asked for', async () => {
    const pages = Array.from({ length: 300 }, (_, page) => ({ page, words: 'x'.repeat(10) }));
    cli.answer = () => ({ job: job({ checkpoint: pages, result: pages.slice(0, 30) }) });
    await cli.run(`jobs show -p drawings ${ID}`);
    expect(cli.stdout.text).toContain('\nresult\n981 characters of JSON (--checkpoint shows it)\n');
    expect(cli.stdout.text).toContain('\ncheckpoint\n9.9 KiB of JSON (--checkpoint shows it)\n');
    expect(cli.stdout.text.split('\n').length).toBeLessThan(40);
    cli.stdout = new Text();
    await cli.run(`jobs show -p drawings ${ID} --checkpoint`);
    expect(cli.stdout.text.match(/"page"/g)).toHaveLength(330);
    expect(cli.asked).toEqual([{ action: 'show', job_id: ID }, { action: 'show', job_id: ID }]);
  });

  test('and the payload, when it is asked for', async () => {
    cli.answer = () => ({ job: job({ payload: { url: 'a.pdf' } }) });
    await cli.run(`jobs show -p drawings ${ID} --payload --json`);
    expect(cli.asked).toEqual([{ action: 'show', job_id: ID, payload: true }]);
    expect(cli.json).toEqual({ job: job({ payload: { url: 'a.pdf' } }) });
  });

  test('passes on nothing that would move a terminal\'s cursor', async () => {
    const evil = 'a\u001b[2J\u009b1mb\rc\u202ed\nstatus succeeded';
    const error = { type: evil, message: evil, attempt: 1 };
    cli.answer = () => ({ job: job({ error, progress_note: evil, owner: evil, result: { text: evil, [evil]: evil } }) });
    await cli.run(`jobs show -p drawings ${ID}`);
    expect(cli.stdout.text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(cli.stdout.text).not.toMatch(/^status succeeded/m);
    cli.answer = () => ({ jobs: [job({ owner: evil, error })] });
    await cli.run('jobs list -p drawings');
    expect(cli.stdout.text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});

describe('retry of jobs', () => {
  test('asks for each, and tells of each', async () => {
    cli.answer = ({ job_id }) => (job_id === ID ? new Thrown('Conflict', `${ID} is processing`) : { job_id, outcome: 'retried', generation: 2 });
    expect(await cli.run(`jobs retry -p drawings ${ID} ${OTHER} ${ID}`)).toBe(1);
    expect(cli.stdout.text).toBe(`${ID}  is processing\n${OTHER}  retried (generation 2)\n`);
    expect(cli.asked).toEqual([{ action: 'retry', job_id: ID }, { action: 'retry', job_id: OTHER }]);
    expect(cli.parameters).toHaveLength(1);
  });

  test('as JSON', async () => {
    cli.answer = ({ job_id }) => (job_id === ID ? new Thrown('NotFound', 'there is no job') : { job_id, outcome: 'retried', generation: 2 });
    expect(await cli.run(`jobs retry -p drawings ${OTHER} ${ID} --json`)).toBe(1);
    expect(cli.json).toEqual({
      jobs: [{ job_id: OTHER, outcome: 'retried', generation: 2 }, { job_id: ID, error: { code: 'NotFound', message: 'there is no job' } }],
    });
  });

  test('all done is 0', async () => {
    cli.answer = () => ({ generation: 1 });
    expect(await cli.run(`jobs retry -p drawings ${ID}`)).toBe(0);
  });

  test('what would go wrong with every job ends it, and tells what was done before', async () => {
    cli.answer = ({ job_id }) => (job_id === ID ? { job_id, generation: 1 } : awsError('AccessDeniedException'));
    const third = 'job_01HXXXXXXXXXXXXXXXXXXXXXXX';
    expect(await cli.run(`jobs retry -p drawings ${ID} ${OTHER} ${third} --json`)).toBe(1);
    expect(cli.asked).toHaveLength(2);
    expect(cli.json).toMatchObject({
      jobs: [
        { job_id: ID, generation: 1 }, { job_id: OTHER, error: { code: 'Failed' } }, { job_id: third, error: { code: 'NotTried' } },
      ],
    });
  });

  test('with the first it is all there is to say', async () => {
    cli.answer = () => awsError('AccessDeniedException');
    expect(await cli.run(`jobs retry -p drawings ${ID} ${OTHER}`)).toBe(1);
    expect(cli.stdout.text).toBe('');
    expect(cli.stderr.text).toContain('not allowed');
  });
});

test('cancel tells what becomes of each', async () => {
  cli.answer = ({ job_id }) => (job_id === ID ? { job_id, status: 'cancelled' } : { job_id, status: 'processing', cancel_requested: true });
  expect(await cli.run(`jobs cancel -p drawings ${ID} ${OTHER}`)).toBe(0);
  expect(cli.stdout.text).toBe(`${ID}  cancelled\n${OTHER}  to be cancelled at its next report\n`);
  expect(cli.asked[0]).toEqual({ action: 'cancel', job_id: ID });
});

describe('pause and resume', () => {
  const counts = { waiting: 12, in_flight: 3, delayed: 1, retention_seconds: 345_600 };
  const described = {
    pipeline: 'drawings',
    state: 'Disabling',
    queue: { url: 'https://sqs/1234/Drawings-Queue', ...counts },
    dead_letters: { url: 'https://sqs/1234/Drawings-DeadLetters', ...counts, in_flight: 0 },
    table: 'Drawings-Table',
  };

  test('pause says what goes on, and how long messages are kept', async () => {
    cli.answer = ({ action }) => (action === 'pause' ? { state: 'Disabling' } : described);
    expect(await cli.run('jobs pause -p drawings')).toBe(0);
    expect(cli.stdout.text).toMatch(/^paused \(Disabling\)/);
    expect(cli.stdout.text).toContain('A message is kept for 4 days');
    expect(cli.stdout.text).toContain('about 12 waiting, 1 delayed, 3 in the hands of workers');
  });

  test('by what the queue really has', async () => {
    cli.answer = ({ action }) => (action === 'pause' ? { state: 'Disabling' } : { ...described, queue: { ...counts, retention_seconds: 3_600 } });
    await cli.run('jobs pause -p drawings');
    expect(cli.stdout.text).toContain('A message is kept for 1 hour');
  });

  test('is paused, also when the queue could not be counted', async () => {
    cli.answer = ({ action }) => (action === 'pause' ? { state: 'Disabling' } : new Thrown('Error', 'no'));
    expect(await cli.run('jobs pause -p drawings --json')).toBe(0);
    expect(cli.json).toEqual({ state: 'Disabling' });
    cli.stdout = new Text();
    await cli.run('jobs pause -p drawings');
    expect(cli.stdout.text).toContain('A message is kept for 4 days');
  });

  test('resume', async () => {
    cli.answer = () => ({ state: 'Enabling' });
    expect(await cli.run('jobs resume -p drawings')).toBe(0);
    expect(cli.stdout.text).toMatch(/^resumed \(Enabling\)/);
    expect(cli.asked).toEqual([{ action: 'resume' }]);
  });

  test.each([['Enabled', 'running'], ['Disabled', 'paused'], ['Enabling', 'Enabling']])('describe tells %s as %s', async (state, told) => {
    cli.answer = () => ({ ...described, state });
    expect(await cli.run('jobs describe -p drawings')).toBe(0);
    expect(cli.stdout.text).toBe([
      `drawings  ${told}`,
      '',
      'messages           about 12 waiting, 1 delayed, 3 in the hands of workers or between attempts',
      'dead letters       13',
      'queue              Drawings-Queue',
      'dead-letter queue  Drawings-DeadLetters',
      'table              Drawings-Table',
      '',
    ].join('\n'));
  });

  test('describe has no heading with nothing below it', async () => {
    cli.answer = () => ({ ...described, log_groups: {} });
    await cli.run('jobs describe -p drawings');
    expect(cli.stdout.text).not.toContain('log groups');
  });

  test('describe names the bucket and the log groups, each whole', async () => {
    const log_groups = { Worker: `/aws/lambda/${'w'.repeat(80)}`, SubmitLogs: 'Drawings-SubmitLogs' };
    cli.answer = () => ({ ...described, bucket: 'drawings-files', log_groups });
    cli.stdout = new Text(true, 80);
    cli.environment = { NO_COLOR: '1' };
    await cli.run('jobs describe -p drawings');
    expect(cli.stdout.text).toContain('\nmessages           about 12 waiting, 1 delayed, 3 in the hands of workers or\n                   between attempts\n');
    expect(cli.stdout.text).toMatch(/\nbucket +drawings-files\n\nlog groups\nWorker {6}\/aws\/lambda\/w{80}\nSubmitLogs {2}Drawings-SubmitLogs\n$/);
    cli.stdout = new Text();
    await cli.run('jobs describe -p drawings --json');
    expect(cli.json).toMatchObject({ log_groups });
  });

  test('lines of pause end between words where the terminal ends', async () => {
    cli.answer = ({ action }) => (action === 'pause' ? { state: 'Disabling' } : described);
    cli.stdout = new Text(true, 80);
    await cli.run('jobs pause -p drawings');
    const seen = cli.stdout.text.replace(/\p{Cc}\[\d+m/gu, '');
    expect(seen.split('\n').filter(({ length }) => length > 80)).toEqual([]);
    expect(cli.stdout.text).toMatch(/^\p{Cc}\[33mpaused\p{Cc}\[0m \(Disabling\): no more/u);
  });
});

test.each<[string, unknown]>([
  [`jobs show -p drawings ${ID}`, { job: job({ error: { type: 'Error', message: 'the provider did not answer '.repeat(5), attempt: 1 } }) }],
  [`jobs retry -p drawings ${ID}`, new Thrown('Conflict', `${ID} is processing: only failed and cancelled jobs are retried. Wait for its end`)],
  ['jobs list -p drawings', new Thrown('ServiceUnavailable', 'the jobs could not be listed, as the table does not answer: try again, a little later')],
  ['jobs list -p drawings --error-type x', {}],
])('the lines of "%s" end between words at the width of the terminal', async (line, answer) => {
  [cli.stdout, cli.stderr] = [new Text(true, 80), new Text(true, 80)];
  cli.answer = () => answer;
  await cli.run(line);
  const lines = `${cli.stdout.text}${cli.stderr.text}`.replace(/\p{Cc}\[\d+m/gu, '').split('\n');
  expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  expect(lines.length).toBeGreaterThan(2);
});

test('region and profile reach the clients', async () => {
  cli.answer = () => ({ jobs: [] });
  await cli.run('jobs list -p drawings --region eu-west-1 --profile ops');
  expect(cli.places).toMatchObject([{ region: 'eu-west-1', profile: 'ops' }]);
});
