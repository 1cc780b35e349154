import { Command, DONE, print, statusPaint, type Task } from './command';
import { type FailedMeant, failedMeant, failedWords, filterWords, ownerHint } from './meant';
import { progress } from './progress';
import { UsageError } from '../io';
import type { JobView } from '../operator';
import { Column, cut, type Style, table, wrapped } from '../text';
import { shortTime } from '../times';

type Asked = Partial<FailedMeant> & { readonly status?: string };

interface Page {
  readonly jobs: readonly JobView[];
  readonly next_token?: string;
}

const DEFAULT = 20;
const MOST_IN_A_PAGE = 100;
const LONGEST_OWNER = 32;

/** Where lines are shorter, the owner stands below, with the error. */
const WIDE = 110;

export const list: Command = async (task) => {
  const { options, io } = task;
  const wanted = options.all ? Infinity : limitOf(options.limit);
  const { jobs, more } = await pages(task, askedFor(task), wanted);
  print(task, { jobs, more }, (style, width) => (jobs.length === 0
    ? wrapped(nothing(task), width)
    : table(jobs, columns(style, width), width, style)));
  if (more && !options.json) {
    io.stderr.write(`there are more: --all, or --limit ${wanted === Infinity ? '' : wanted * 5}\n`);
  }
  return DONE;
};

function askedFor(task: Task): Asked {
  const { 'failed-since': since, owner, 'error-type': error_type, status } = task.options;
  return {
    ...(since === undefined ? { owner, error_type } : failedMeant(task, since)),
    ...(status !== undefined && { status }),
  };
}

/** What there is none of, in the words of the question. */
function nothing(task: Task): string {
  const { operator: { pipeline }, options: { owner } } = task;
  const { failed_since, status, ...filters } = askedFor(task);
  if (failed_since !== undefined) {
    return `no job of ${pipeline} has ${failedWords({ failed_since, ...filters })}${ownerHint(filters)}`;
  }
  if (owner !== undefined) {
    return `no ${status ? `${status} ` : ''}job of ${pipeline}${filterWords(filters)}${ownerHint(filters)}`;
  }
  return status === undefined
    ? `no open job of ${pipeline}: all have ended. --failed-since lists those that failed`
    : `no ${status} job of ${pipeline}${filterWords(filters)}`;
}

interface Jobs {
  readonly jobs: readonly JobView[];
  /** Whether there are others. */
  readonly more: boolean;
}

async function pages(task: Task, asked: Asked, wanted: number): Promise<Jobs> {
  const jobs: JobView[] = [];
  const say = progress(task, 'found');
  let next_token: string | undefined;
  try {
    do {
      const limit = Math.min(MOST_IN_A_PAGE, wanted - jobs.length);
      const page: Page = await task.operator.ask({ action: 'list', ...asked, limit, ...(next_token && { next_token }) });
      jobs.push(...page.jobs);
      ({ next_token } = page);
      if (next_token !== undefined && jobs.length < wanted) {
        say.at(jobs.length);
      }
    } while (next_token !== undefined && jobs.length < wanted);
  } finally {
    say.end();
  }
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
  const owner = (job: JobView) => (width === Infinity ? job.owner : cut(job.owner, LONGEST_OWNER));
  const reason = ({ error, current_stage }: JobView) => (error ? `${error.type}: ${error.message}` : String(current_stage ?? ''));
  return [
    { heading: 'job', text: ({ job_id }) => job_id },
    { heading: 'status', text: ({ status }) => status, paint: statusPaint(style) },
    { heading: 'attempts', text: ({ attempt, max_attempts }) => `${attempt}/${max_attempts}` },
    { heading: 'updated', text: ({ updated_at }) => shortTime(updated_at) },
    ...(width < WIDE
      ? [{ heading: 'owner  error or stage', text: (job: JobView) => `${owner(job)}  ${reason(job)}`, paint: style.dim }]
      : [{ heading: 'owner', text: owner }, { heading: 'error or stage', text: reason, paint: style.dim }]),
  ];
}
