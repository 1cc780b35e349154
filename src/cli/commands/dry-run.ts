import { DONE, print, type Task } from './command';
import { type FailedMeant, failedWords, ownerHint } from './meant';
import { progress } from './progress';
import { countedBy, retryPages, skippedWords, Tally } from './tally';
import { count, type Style, table, wrapped } from '../text';

interface Job {
  readonly job_id: string;
  readonly error_type: string;
}

/** So many jobs are shown, the oldest failures; JSON has all. */
const SHOWN = 10;

/** Tells what a retry of all that failed would do. */
export async function dryRun(task: Task, meant: FailedMeant): Promise<number> {
  const tally = new Tally();
  const say = progress(task, 'found');
  try {
    for await (const page of retryPages(task, { ...meant, dry_run: true })) {
      tally.add(page);
      say.at(tally.done);
    }
  } finally {
    say.end();
  }
  const types = countedBy(tally.jobs.values());
  const jobs = [...tally.jobs].map(([job_id, error_type]) => ({ job_id, error_type }));
  print(task, {
    dry_run: true,
    would_retry: tally.done,
    skipped: tally.skipped,
    by_error_type: Object.fromEntries(types),
    would_retry_jobs: jobs,
    skipped_jobs: tally.skipped_jobs,
  }, (style, width) => [
    wrapped(`${headline(tally.done)} of ${task.operator.pipeline} that ${failedWords(meant)}${tally.done === 0 ? ownerHint(meant) : ''}`, width, '  '),
    ...(jobs.length > 0 ? tables(types, jobs, width, style) : []),
    ...(tally.skipped > 0 ? [wrapped(`${tally.skipped} would be skipped: ${skippedWords(tally)}`, width, '  ')] : []),
    ...(jobs.length > 0 ? [...(tally.skipped > 0 ? [''] : []), 'Nothing was retried yet: the same without --dry-run does it.'] : []),
  ].join('\n'));
  return DONE;
}

function headline(number: number): string {
  return number === 0 ? 'nothing to retry: no job' : `would retry ${count(number, 'job')}`;
}

function tables(types: readonly (readonly [string, number])[], jobs: readonly Job[], width: number, style: Style): string[] {
  const first = jobs.slice(0, SHOWN);
  const wide = Math.max(4, String(jobs.length).length);
  return [
    '',
    table(types, [
      { heading: 'jobs'.padStart(wide), text: ([, number]) => String(number).padStart(wide) },
      { heading: 'error type', text: ([type]) => type },
    ], width, style),
    '',
    table(first, [
      { heading: jobs.length > SHOWN ? `the first ${SHOWN} (--json: all)` : 'job', text: ({ job_id }) => job_id },
      { heading: 'error type', text: ({ error_type }) => error_type, paint: style.dim },
    ], width, style),
    '',
  ];
}
