import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { differences } from './act';
import { choiceOf } from './choice';
import { DRAWINGS } from './drawings/show';
import { failureNote } from './invoices/failure-note';
import { ledgerReport } from './ledger-report';
import { after, isOver, newLife, type JobLife, type LifeEvent } from './life';
import { missing, type Measured } from './measured';
import { measuredReport } from './measured-report';
import { Steps } from './steps';
import { styleFor, type Output } from './style';
import { lifeTable } from './table';
import { viewFor } from './view';
import type { JobStatus } from '../job-client/job-client';
import type { Ledger } from '../local-cloud/ledger';

/** What the demo writes, from lives that are made up. */
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const ESCAPE = '\u001b';

class Screen implements Output {
  public text = '';
  constructor(readonly isTTY: boolean, readonly columns = 80, readonly rows = 24) {}
  public write(text: string): void {
    this.text += text;
  }
  /** What was written, without colours and movements. */
  public get lines(): string[] {
    return this.text.replace(/\u001b\[[?\d;]*[A-Za-z]/g, '').replace(/^.*\r/gm, '').split('\n');
  }
}

function job(changes: Partial<JobStatus>): JobStatus {
  return {
    job_id: 'job_1', status: 'queued', attempt: 0, max_attempts: 3, stages_completed: [], created_at: at(0), updated_at: at(0), ...changes,
  };
}

function life(...events: LifeEvent[]): JobLife {
  return events.reduce(after, newLife('bracket', 'an ordinary job'));
}

const accepted: LifeEvent = { type: 'accepted', at: START, jobId: 'job_1' };
const observed = (changes: Partial<JobStatus>): LifeEvent => (
  { type: 'observed', job: job(changes), ...(changes.result !== undefined && { outcome: DRAWINGS.summary(changes.result) }) });
const result = { units: 'mm', entities: { LINE: 2, ARC: 1 }, layers: { A: {}, B: {} }, total_length: 12.5 };
const succeeded = life(accepted, observed({
  status: 'succeeded', attempt: 1, stages_completed: ['read', 'measure'], started_at: at(0.5), finished_at: at(3), result,
}));
const refused = life({ type: 'refused', at: START + 1_000, refusal: { status: 400, code: 'InvalidPayload', message: 'the body does not match' } });
const error = { type: 'TypeError', message: 'it does not work '.repeat(10), attempt: 3 };
const failed = life(accepted, observed({ status: 'failed', attempt: 3, error, finished_at: at(9) }));

beforeEach(() => {
  jest.useFakeTimers({ now: START + 5_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('on a terminal', () => {
  test.each([60, 80, 120, 200])('no line is wider than %d columns', (columns) => {
    const screen = new Screen(true, columns);
    viewFor(screen, {}, START, 4).show([succeeded, refused, failed]);
    expect(screen.lines.filter((line) => line.length > columns)).toStrictEqual([]);
    expect(screen.lines.join('\n')).toMatch(/✓ succeeded .*\n.*✗ refused .*\n.*✗ failed/);
  });

  test('a frame goes over the one before in one write, and leaves as many lines', () => {
    const screen = new Screen(true);
    const view = viewFor(screen, {}, START, 4);
    view.show([life(), life()]);
    screen.text = '';
    view.show([life(accepted), life()]);
    expect(screen.text).toContain(`${ESCAPE}[2F`);
    expect(screen.lines.filter((line) => line !== '')).toHaveLength(2);
    expect(screen.text).not.toContain(`${ESCAPE}[2J`); // a screen that is cleared flickers
  });

  test('on a low terminal there are fewer jobs, so that nothing scrolls', () => {
    const screen = new Screen(true, 80, 3);
    viewFor(screen, {}, START, 4).show([life(), life(), life()]);
    expect(screen.lines.filter((line) => line !== '')).toHaveLength(2);
  });

  test('the cursor is shown again at the end', () => {
    const screen = new Screen(true);
    const view = viewFor(screen, {}, START, 4);
    view.show([life()]);
    view.end();
    expect(screen.text.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(screen.text.lastIndexOf(`${ESCAPE}[?25l`));
  });

  test('NO_COLOR is heeded', () => {
    const colour = new RegExp(`${ESCAPE}\\[\\d+m`);
    const [plain, colourful] = [new Screen(true), new Screen(true)];
    viewFor(plain, { NO_COLOR: '1' }, START, 4).show([succeeded]);
    viewFor(colourful, {}, START, 4).show([succeeded]);
    expect(plain.text).not.toMatch(colour);
    expect(colourful.text).toMatch(colour);
  });
});

describe.each([['no terminal', new Screen(false), {}], ['a dumb terminal', new Screen(true), { TERM: 'dumb' }]])('on %s', (_, screen, environment) => {
  test('there is a line for whatever happens, and none otherwise', () => {
    screen.text = '';
    const view = viewFor(screen, environment, START, 4);
    const processing = observed({ status: 'processing', attempt: 1, progress: 0.1, updated_at: at(5) });
    view.show([life()]);
    view.show([life(accepted)]);
    view.show([life(accepted, processing)]);
    view.show([life(accepted, processing, observed({ status: 'processing', attempt: 1, progress: 0.2, updated_at: at(5) }))]);
    view.show([succeeded]);
    view.end();
    expect(screen.text).toBe([
      '  5.0 s  bracket  accepted                           an ordinary job',
      '  5.0 s  bracket  processing  attempt 1',
      '  5.0 s  bracket  succeeded   attempt 1              3 entities, 2 layers, 12.5 mm',
      '',
    ].join('\n'));
  });
});

test.each<[string, LifeEvent[], string]>([
  ['silent', [observed({ status: 'processing', attempt: 1, updated_at: at(1) })], 'nothing heard for 4 s'],
  ['at work', [observed({ status: 'processing', attempt: 1, updated_at: at(4), progress_note: 'measured 3' })], 'measured 3'],
  ['waiting', [observed({ not_before: at(7.5) })], 'again in 3 s'],
  ['due', [observed({ not_before: at(4.9) })], 'again at any moment'],
  ['asked to stop', [observed({ status: 'processing', attempt: 1, updated_at: at(1), cancel_requested: true })], 'is to be cancelled'],
  ['cancelled', [observed({ status: 'cancelled', attempt: 1 }), { type: 'intervened', note: 'by its owner', changes: {} }], 'by its owner'],
  ['to be repeated', [observed({ not_before: at(7.5), attempt: 1, error: { ...error, message: 'no' } })], 'again in 3 s, after TypeError: no'],
])('a job that is %s says so', (_, events, text) => {
  const screen = new Screen(true, 120);
  viewFor(screen, {}, START, 4).show([life(accepted, ...events)]);
  expect(screen.lines[0]).toContain(text);
});

describe('a job whose owner does something about it', () => {
  const lives = [observed({ status: 'failed', attempt: 1, error }), observed({ status: 'processing', attempt: 1 }), observed({ status: 'succeeded', attempt: 1, result })];
  const failedOnce = after(after(newLife('retried', 'fails for good', true), accepted), lives[0]);
  const again = after(failedOnce, { type: 'intervened', note: 'failed, retried', changes: { status: 'queued' } });
  const done = lives.slice(1).reduce(after, again);

  test('is not over before that', () => {
    expect([failedOnce, again, done].map(isOver)).toStrictEqual([false, false, true]);
  });

  test('has more than one end, each of which is counted', () => {
    expect(done.ends).toStrictEqual(['failed', 'succeeded']);
    expect(after(done, lives[2]).ends).toHaveLength(2); // what is seen twice is one end
  });

  test('has not waited from its submission to its second life', () => {
    const started = after(done, observed({ status: 'succeeded', attempt: 1, result, started_at: at(2.5) }));
    expect(lifeTable([{ life: started }], styleFor(new Screen(false), {}))).not.toContain('2.5 s');
  });

  test('says what was done', () => {
    const screen = new Screen(true, 120);
    viewFor(screen, {}, START, 4).show([done]);
    expect(screen.lines[0]).toContain('failed, retried: 3 entities');
  });
});

describe('a step that failed', () => {
  const failure = (type: string) => ({ type: 'TaskFailed', taskFailedEventDetails: { error: type } }) as HistoryEvent;
  const entered = { type: 'TaskStateEntered' } as HistoryEvent;
  const exited = { type: 'TaskStateExited' } as HistoryEvent;

  test.each<[string, HistoryEvent[], string | undefined]>([
    ['is none where nothing failed', [entered, exited], undefined],
    ['is tried again', [entered, failure('ModelBusy')], 'ModelBusy: the step is tried again'],
    ['was tried again', [entered, failure('ModelBusy'), { type: 'TaskScheduled' } as HistoryEvent, exited], 'ModelBusy: the step is tried again'],
    ['is not tried again for JobFailed', [entered, failure('JobFailed')], 'JobFailed: the step is not tried again'],
    ['is not tried again after its last attempt', [entered, failure('ModelBusy'), failure('ModelBusy'), exited], 'ModelBusy: the step is not tried again'],
    ['is not tried again where nothing catches it', [failure('ModelBusy'), { type: 'ExecutionFailed' } as HistoryEvent], 'ModelBusy: the step is not tried again'],
  ])('%s', (_, events, note) => {
    expect(failureNote(events)).toBe(note);
  });
});

describe('the command line', () => {
  const shows = { drawings: 'about drawings', invoices: 'about invoices' };
  const usage = [
    'usage: npm run demo -- [drawings | invoices] [--keep]',
    '',
    '  drawings    about drawings (unless another is named)',
    '  invoices    about invoices',
    '  --keep      leaves it running, until Ctrl-C',
    '  -h, --help  this',
  ].join('\n');

  test('names a demo, or none for the first', () => {
    expect(choiceOf([], shows)).toStrictEqual({ show: 'drawings', keep: false });
    expect(choiceOf(['invoices', '--keep'], shows)).toStrictEqual({ show: 'invoices', keep: true });
  });

  test.each(['-h', '--help'])('says what there is: %s', (word) => {
    expect(choiceOf([word], shows)).toStrictEqual({ usage, wrong: false });
  });

  test.each([
    [['--kept'], 'there is no option --kept'], [['-k'], 'there is no option -k'], [['--keep=yes'], 'there is no option --keep=yes'],
    [['paintings'], 'there is no demo "paintings"'], [['toString'], 'there is no demo "toString"'], [['drawings', 'invoices'], 'there is no demo "drawings invoices"'],
  ])('says it, too, where it asks for what there is not: %j', (words, problem) => {
    expect(choiceOf(words, shows)).toStrictEqual({ usage: `${problem}\n\n${usage}`, wrong: true });
  });
});

describe('what was measured', () => {
  const lives = [succeeded, failed, refused];
  const measured = (changes: Partial<Measured> = {}): Measured => ({
    counts: { JobsSubmitted: 2, JobsSucceeded: 1, JobsFailed: 1, JobsCancelled: 0, JobsDeadLettered: 1, EntitiesMeasured: 3 },
    times: [{ name: 'wait', p50: 100, p90: 1_250 }, { name: 'read' }],
    alarms: [
      { name: 'S-FirstDeadLetteredAlarm', description: 'drawings: a job was given up. Look at it.', isRinging: true },
      { name: 'S-FailureRateAlarm', description: 'drawings: too many failed', isRinging: true },
      { name: 'S-Other', description: 'drawings: another one', isRinging: false },
    ],
    ...changes,
  });

  test('is right when every end is counted and the alarms ring', () => {
    expect(missing(measured(), DRAWINGS.measures, { lives })).toStrictEqual([]);
  });

  test('is told where it is not', () => {
    expect(missing(measured({ counts: { ...measured().counts, JobsSucceeded: 2 } }), DRAWINGS.measures, { lives })).toStrictEqual([
      'JobsSucceeded: 1 were seen (bracket), 2 counted',
    ]);
    const [first, ...others] = measured().alarms;
    expect(missing(measured({ alarms: [{ ...first, isRinging: false }, ...others] }), DRAWINGS.measures, { lives })).toStrictEqual(['the alarm FirstDeadLettered did not go off']);
  });

  test('is shown in the width there is, with the alarms that ring and no others', () => {
    const text = measuredReport(measured(), DRAWINGS.measures, styleFor(new Screen(false), {}), 64);
    expect(text).toContain('  jobs      2 submitted, 1 succeeded, 1 failed, 0 cancelled, 1');
    expect(text.replaceAll('\u00a0', ' ')).toContain('wait 0.1 s (p90 1.3 s), read -');
    expect(text).toContain('Alarms that went off: 2 of 3\n  ! a job was given up\n  ! too many failed');
    expect(text.split('\n').filter((line) => line.length > 64)).toStrictEqual([]);
  });
});

test('a job that was retried after its end is said, so that ends add up', () => {
  const counts = { JobsSubmitted: 11, JobsSucceeded: 8, JobsFailed: 3, JobsCancelled: 1 };
  expect(measuredReport({ counts, times: [], alarms: [] }, DRAWINGS.measures, styleFor(new Screen(false), {})))
    .toContain('  jobs      11 submitted, 1 retried after its end, 8 succeeded, 3 failed, 1 cancelled');
});

describe('the table', () => {
  const rows = [{ life: succeeded, runs: 2 }, { life: refused }, { life: failed, runs: 3 }];

  test('has a line a job, with everything in it', () => {
    expect(lifeTable(rows, styleFor(new Screen(false), {})).split('\n')).toStrictEqual([
      'job      submitted  waited  attempts    stages  ended            result or error',
      'bracket  0.0 s      0.5 s   1 (2 runs)  2       succeeded 3.0 s  3 entities, 2 layers, 12.5 mm',
      'bracket  1.0 s                                  refused          400 InvalidPayload: the body does not match',
      `bracket  0.0 s              3           -       failed 9.0 s     TypeError: ${error.message.trim()}`,
      'submitted, ended: since the first submission',
    ]);
  });

  test.each([80, 100, 140])('keeps to %d columns', (columns) => {
    const lines = lifeTable(rows, styleFor(new Screen(false), {}), columns).split('\n');
    expect(lines.filter((line) => line.length > columns)).toStrictEqual([]);
    expect(lines.join('\n')).toContain('3 entities, 2 layers, 12.5 mm');
  });
});

test('what differs from the expectation is told', () => {
  expect(differences({ phase: 'succeeded', attempts: 1, leastRuns: 2 }, succeeded, 2)).toStrictEqual([]);
  expect(differences({ phase: 'refused', httpStatus: 400 }, refused)).toStrictEqual([]);
  expect(differences({ phase: 'failed', error: 'TypeError' }, failed, 3)).toStrictEqual([]);
  expect(differences({ phase: 'succeeded', note: 'retried' }, succeeded, 1)).toStrictEqual(['note: expected retried, found none']);
  expect(differences({ phase: 'succeeded', attempts: 2, leastRuns: 2 }, failed, 1))
    .toStrictEqual(['state: expected succeeded, found failed', 'attempts: expected 2, found 3', 'runs (at least): expected 2, found 1']);
  expect(differences({ phase: 'refused', httpStatus: 400, error: 'X' }, succeeded))
    .toStrictEqual(['state: expected refused, found succeeded', 'status code: expected 400, found none', 'error: expected X, found none']);
});

test('the ledger is told in the width there is', () => {
  const entries = ['AWS::SQS::Queue', 'AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table'].map((type, i) => (
    { stack: 'S', logicalId: `R${i}`, type, state: 'executed' as const }));
  const ledger: Ledger = {
    emulator: 'emulator 1',
    entries: [...entries, { stack: 'S', logicalId: 'K', type: 'AWS::KMS::Key', state: 'recorded', because: 'its policy is not checked by anybody' }],
    counts: { executed: 4, recorded: 1, skipped: 0 },
    findings: [],
  };
  const text = ledgerReport(ledger, styleFor(new Screen(false), {}), 64);
  expect(text).toContain('4 resources executed, 1 only recorded, 0 skipped');
  expect(text).toContain('2\u00a0SQS::Queue');
  expect(text.replace(/\s+/g, ' ')).toContain('recorded KMS::Key: its policy is not checked by anybody');
  expect(text.split('\n').filter((line) => line.length > 64)).toStrictEqual([]);
});

describe('a step', () => {
  test.each([[false], [true]])('that succeeds ends with a mark and its time (terminal: %s)', async (isTTY) => {
    const screen = new Screen(isTTY);
    await new Steps(screen, { NO_COLOR: '1' }).step('deploy', async (report) => report('half of it'));
    expect(screen.lines).toContain('✓ deploy 0.0 s');
    expect(screen.text).toContain('half of it');
  });

  test('that fails says which it was, and throws', async () => {
    const screen = new Screen(false);
    await expect(new Steps(screen, {}).step('deploy', async () => { throw new Error('no'); })).rejects.toThrow('no');
    expect(screen.lines).toContain('✗ deploy');
  });
});
