import { parseArgs } from 'node:util';
import { UsageError } from './io';
import { OPTIONS, type OptionUsage, type Verb, VERBS } from './usage';
import { JOB_ID_PATTERN, JOB_STATUSES } from '../runtime/wire/job';

const JOB_ID = new RegExp(JOB_ID_PATTERN);

/** Options as they were given. */
export interface Options {
  readonly 'pipeline'?: string;
  readonly 'region'?: string;
  readonly 'profile'?: string;
  readonly 'json': boolean;
  readonly 'help': boolean;
  readonly 'failed-since'?: string;
  readonly 'owner'?: string;
  readonly 'error-type'?: string;
  readonly 'status'?: string;
  readonly 'limit'?: string;
  readonly 'all': boolean;
  readonly 'yes': boolean;
  readonly 'dry-run': boolean;
  readonly 'payload': boolean;
  readonly 'checkpoint': boolean;
}

/** What the arguments ask for. */
export type CommandLine =
  | { readonly help: Verb | 'all' }
  | { readonly version: true }
  | { readonly verb: Verb; readonly pipeline: string; readonly job_ids: readonly string[]; readonly options: Options };

/** Reads the arguments. @throws UsageError */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [group, verb, ...rest] = args;
  if (group === undefined || group === '--help' || group === '-h' || group === 'help') {
    return { help: 'all' };
  }
  if (group === '--version') {
    return { version: true };
  }
  if (group !== 'jobs') {
    throw new UsageError(`there is no "${group}": commands begin with "cdk-jobworks jobs", "cdk-jobworks keys" or "cdk-jobworks migrate"`);
  }
  if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
    return { help: 'all' };
  }
  if (!isVerb(verb)) {
    throw new UsageError(`there is no "jobs ${verb}": ${Object.keys(VERBS).join(', ')}`);
  }
  return readVerb(verb, rest);
}

function readVerb(verb: Verb, args: readonly string[]): CommandLine {
  const { values, positionals } = parse(verb, args);
  const options = { 'json': false, 'help': false, 'all': false, 'yes': false, 'payload': false, 'checkpoint': false, 'dry-run': false, ...values } as Options;
  if (options.help) {
    return { help: verb };
  }
  if (!options.pipeline) {
    throw new UsageError('--pipeline is missing: the name of the pipeline, as the construct has it (pipelineName)');
  }
  checkIds(verb, positionals, options);
  return { verb, pipeline: options.pipeline, job_ids: positionals, options };
}

function parse(verb: Verb, args: readonly string[]) {
  const names = VERBS[verb].options;
  const options = Object.fromEntries(names.map((name) => {
    const { type, short }: OptionUsage = OPTIONS[name];
    return [name, { type, ...(short && { short }) }];
  }));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(optionError(error as NodeJS.ErrnoException, `jobs ${verb}`, names));
  }
}

/** What Node says of an option, in our words. */
export function optionError({ message, code }: NodeJS.ErrnoException, command: string, names: readonly string[]): string {
  const option = /'(?:-\w, )?(-[^\s'=]*)/.exec(message)?.[1] ?? 'that';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return `${option} is no option of "${command}": ${names.map((name) => `--${name}`).join(', ')}`;
  }
  return /does not take an argument/.test(message) ? `${option} takes no value: it is given or not`
    : `${option} takes a value, which is missing: ${option} ${OPTION_VALUES[option.replace(/^--/, '')] ?? 'VALUE'}`;
}

const OPTION_VALUES: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries<OptionUsage>(OPTIONS).map(([name, { value }]) => [name, value]));

function checkIds(verb: Verb, ids: readonly string[], options: Options): void {
  const { ids: wanted } = VERBS[verb];
  const wrong = ids.filter((id) => !JOB_ID.test(id));
  if (wanted === 'none' && ids.length > 0) {
    throw new UsageError(`"jobs ${verb}" takes no arguments beside its options, not "${ids.join(' ')}"`);
  }
  if (wrong.length > 0) {
    throw new UsageError(`no id of a job: ${wrong.join(', ')} (job_ and 26 letters and digits)`);
  }
  if (wanted === 'one' && ids.length !== 1) {
    throw new UsageError(`"jobs ${verb}" takes the id of one job`);
  }
  if (wanted === 'some' && ids.length === 0) {
    throw new UsageError(`"jobs ${verb}" takes the ids of the jobs`);
  }
  if (wanted === 'some or since' && (ids.length === 0) === (options['failed-since'] === undefined)) {
    throw new UsageError(`"jobs ${verb}" takes either the ids of the jobs, or --failed-since for all that failed since then`);
  }
  checkFilters(verb, ids, options);
}

function checkFilters(verb: Verb, ids: readonly string[], options: Options): void {
  const idle = (['owner', 'error-type', 'dry-run'] as const).filter((name) => ids.length > 0 && options[name] !== undefined && options[name] !== false);
  if (idle.length > 0) {
    throw new UsageError(`--${idle.join(', --')}: with --failed-since only, not with the ids of jobs`);
  }
  const { status } = options;
  if (status !== undefined && !JOB_STATUSES.some((one) => one === status)) {
    throw new UsageError(`--status is ${JOB_STATUSES.slice(0, -1).join(', ')} or ${JOB_STATUSES.at(-1)}, not "${status}"`);
  }
  if (status !== undefined && status !== 'failed' && options['failed-since'] !== undefined) {
    throw new UsageError(`--failed-since lists failed jobs, not those that are ${status}: leave out one of the two`);
  }
  if ((status === 'succeeded' || status === 'cancelled') && options.owner === undefined) {
    throw new UsageError(`--status ${status} is for the jobs of one owner: add --owner, such as --owner customer:acme`);
  }
  if (verb === 'list' && options['error-type'] !== undefined && options['failed-since'] === undefined && options.status !== 'failed') {
    throw new UsageError('--error-type is one that jobs failed with: add --failed-since, or --status failed');
  }
}

function isVerb(text: string): text is Verb {
  return Object.hasOwn(VERBS, text);
}
