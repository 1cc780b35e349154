import { wrapped } from './text';

export interface OptionUsage {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** How its value is called. */
  readonly value?: string;
  readonly help: string;
}

export const OPTIONS = {
  'pipeline': { type: 'string', short: 'p', value: 'NAME', help: 'the pipeline, by the name that its construct has (pipelineName); required' },
  'failed-since': { type: 'string', value: 'TIME', help: 'jobs that failed since then: how long ago (90s, 30m, 2h, 7d), or a time in ISO 8601' },
  'owner': { type: 'string', value: 'OWNER', help: 'jobs of this owner, such as customer:acme' },
  'error-type': { type: 'string', value: 'TYPE', help: 'jobs that failed with this type of error, such as WorkerLost; with --failed-since' },
  'dry-run': { type: 'boolean', help: 'tell what would be retried, and retry nothing; with --failed-since' },
  'status': { type: 'string', value: 'STATUS', help: 'queued, processing, succeeded, failed or cancelled; the third and the last only with --owner' },
  'limit': { type: 'string', value: 'N', help: 'so many jobs at most (20)' },
  'all': { type: 'boolean', help: 'as many as there are' },
  'payload': { type: 'boolean', help: 'also the payload, which may be confidential' },
  'checkpoint': { type: 'boolean', help: 'the whole checkpoint, and the whole result' },
  'yes': { type: 'boolean', short: 'y', help: 'do not ask' },
  'region': { type: 'string', value: 'REGION', help: 'instead of AWS_REGION or the region of the profile' },
  'profile': { type: 'string', value: 'PROFILE', help: 'instead of AWS_PROFILE' },
  'json': { type: 'boolean', help: 'one JSON document on the standard output, and nothing else there' },
  'help': { type: 'boolean', short: 'h', help: 'this text' },
} as const satisfies Readonly<Record<string, OptionUsage>>;

type OptionName = keyof typeof OPTIONS;

interface VerbUsage {
  readonly ids: 'none' | 'one' | 'some' | 'some or since';
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly string[];
  readonly options: readonly OptionName[];
}

const COMMON = ['region', 'profile', 'json', 'help'] as const;

export const VERBS = {
  list: {
    ids: 'none',
    summary: 'list jobs that failed, those of an owner, or all that have not ended',
    details: 'Failed jobs stand in the order in which they failed, an owner\'s newest first, and all others by their deadline.',
    examples: ['--failed-since 2h', '--failed-since 2h --error-type WorkerLost', '--owner customer:acme --status failed --all'],
    options: ['pipeline', 'failed-since', 'owner', 'error-type', 'status', 'limit', 'all', ...COMMON],
  },
  show: {
    ids: 'one',
    summary: 'show one job: how far it came, why it failed, what it gave',
    details: 'Of a checkpoint, and of a long result, only the size is told. --json has all.',
    examples: ['job_01HZZZZZZZZZZZZZZZZZZZZZZZ --payload'],
    options: ['pipeline', 'payload', 'checkpoint', ...COMMON],
  },
  retry: {
    ids: 'some or since',
    summary: 'run jobs again that failed or were cancelled',
    details: 'A retried job keeps its id and its last checkpoint, and has all its attempts and its whole time again.\n'
      + 'With --failed-since all that failed since then are retried, or those of an owner or with a type of error, after a question; '
      + 'what was no job at all is left out.',
    examples: ['job_01HZZZZZZZZZZZZZZZZZZZZZZZ', '--failed-since 2h --dry-run', '--failed-since 2h --error-type WorkerLost'],
    options: ['pipeline', 'failed-since', 'owner', 'error-type', 'dry-run', 'yes', ...COMMON],
  },
  cancel: {
    ids: 'some',
    summary: 'cancel jobs: at once while they wait, and at their next report while they run',
    details: '',
    examples: ['job_01HZZZZZZZZZZZZZZZZZZZZZZZ'],
    options: ['pipeline', ...COMMON],
  },
  pause: {
    ids: 'none',
    summary: 'start no more jobs; those that run go on, and new ones are accepted and wait',
    details: 'The queue keeps a message only so long (4 days unless set otherwise), and deadlines go on: resume in time.',
    examples: [''],
    options: ['pipeline', ...COMMON],
  },
  resume: {
    ids: 'none',
    summary: 'start jobs again',
    details: '',
    examples: [''],
    options: ['pipeline', ...COMMON],
  },
  describe: {
    ids: 'none',
    summary: 'tell whether the pipeline is paused, how many messages wait, and where its logs are',
    details: '',
    examples: [''],
    options: ['pipeline', ...COMMON],
  },
} as const satisfies Readonly<Record<string, VerbUsage>>;

export type Verb = keyof typeof VERBS;

const ARGUMENTS: Readonly<Record<VerbUsage['ids'], string>> = { 'none': '', 'one': ' JOB_ID', 'some': ' JOB_ID…', 'some or since': ' JOB_ID… | --failed-since TIME' };

const NOTES = 'Region and credentials are found as the AWS command line finds them. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.';

/** All commands. */
export function overview(width = Infinity): string {
  const names = Object.keys(VERBS) as Verb[];
  return [
    'cdk-jobworks: operate a deployed job processing pipeline',
    '',
    'usage: cdk-jobworks jobs COMMAND --pipeline NAME [options]',
    '',
    ...names.map((verb) => wrapped(`  ${verb.padEnd(9)} ${VERBS[verb].summary}`, width, ' '.repeat(12))),
    '',
    'cdk-jobworks jobs COMMAND --help tells the options of each.',
    '',
    wrapped('cdk-jobworks keys makes, lists and revokes API keys of an HTTP API; cdk-jobworks keys --help tells how.', width),
    wrapped('cdk-jobworks migrate applies SQL files to a PostgreSQL database; cdk-jobworks migrate --help tells how.', width),
    wrapped(NOTES, width),
  ].join('\n');
}

/** One command. */
export function usageOf(verb: Verb, lineWidth = Infinity): string {
  const { ids, summary, details, examples, options }: VerbUsage = VERBS[verb];
  const names = options.map((name) => {
    const { short, value }: OptionUsage = OPTIONS[name];
    return [`${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`, OPTIONS[name].help];
  });
  const width = Math.max(...names.map(([name]) => name.length));
  return [
    wrapped(`usage: cdk-jobworks jobs ${verb} --pipeline NAME${ARGUMENTS[ids]} [options]`, lineWidth, '  '),
    '',
    wrapped(`${summary[0].toUpperCase()}${summary.slice(1)}.`, lineWidth),
    ...(details ? [wrapped(details, lineWidth)] : []),
    '',
    ...names.map(([name, help]) => wrapped(`  ${name.padEnd(width)}  ${help}`, lineWidth, ' '.repeat(width + 4))),
    '',
    ...examples.map((example) => `  cdk-jobworks jobs ${verb} -p drawings ${example}`.trimEnd()),
    '',
    wrapped(NOTES, lineWidth),
  ].join('\n');
}
