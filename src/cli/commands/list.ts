import { Command, DONE, print, statusPaint } from './command';
import { Io, UsageError } from '../io';
import type { JobView, PipelineOperator } from '../operator';
import { Column, cut, type Style, table } from '../text';
import { shortTime, timeOf } from '../times';

interface Page {
  readonly jobs: readonly JobView[];
  readonly next_token?: string;
}

const DEFAULT = 20;
const MOST_IN_A_PAGE = 100;
const LONGEST_OWNER = 32;

export const list: Command = async (task) => {
  const { operator, options, io } = task;
  const wanted = options.all ? Infinity : limitOf(options.limit);
  const { jobs, more } = await pages(operator, askedFor(task.options, io), wanted);
  print(task, { jobs, more }, (style, width) => (jobs.length === 0 ? 'no jobs' : table(jobs, columns(style, width), width, style)));
  if (more && !options.json) {
    io.stderr.write(`there are more: --all, or --limit ${wanted === Infinity ? '' : wanted * 5}\n`);
  }
  return DONE;
};

function askedFor({ 'failed-since': since, owner, status }: Parameters<Command>[0]['options'], io: Io) {
  return {
    ...(since !== undefined && { failed_since: timeOf('--failed-since', since, io.now()) }),
    ...(owner !== undefined && { owner }),
    ...(status !== undefined && { status }),
  };
}

interface Jobs {
  readonly jobs: readonly JobView[];
  /** Whether there are others. */
  readonly more: boolean;
}

async function pages(operator: PipelineOperator, asked: object, wanted: number): Promise<Jobs> {
  const jobs: JobView[] = [];
  let next_token: string | undefined;
  do {
    const limit = Math.min(MOST_IN_A_PAGE, wanted - jobs.length);
    const page: Page = await operator.ask({ action: 'list', ...asked, limit, ...(next_token && { next_token }) });
    jobs.push(...page.jobs);
    ({ next_token } = page);
  } while (next_token !== undefined && jobs.length < wanted);
  return { jobs, more: next_token !== undefined };
}

function limitOf(given: string | undefined): number {
  const limit = given === undefined ? DEFAULT : Number(given);
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new UsageError(`--limit takes a whole number from 1, not "${given}"`);
  }
  return limit;
}

function columns(style: Style, width: number): Column<JobView>[] {
  return [
    { heading: 'job', text: ({ job_id }) => job_id },
    { heading: 'status', text: ({ status }) => status, paint: statusPaint(style) },
    { heading: 'attempts', text: ({ attempt, max_attempts }) => `${attempt}/${max_attempts}` },
    { heading: 'updated', text: ({ updated_at }) => shortTime(updated_at) },
    { heading: 'owner', text: ({ owner }) => (width === Infinity ? owner : cut(owner, LONGEST_OWNER)) },
    { heading: 'error or stage', text: ({ error, current_stage }) => (error ? `${error.type}: ${error.message}` : String(current_stage ?? '')), paint: style.dim },
  ];
}
