import { Command, DONE, print, type Task } from './command';
import { retryEach } from './each-job';
import { Failure, UsageError } from '../io';
import { timeOf } from '../times';

interface Page {
  readonly retried: number;
  readonly skipped: number;
  readonly next_token?: string;
}

const MOST_IN_A_PAGE = 100;

export const retry: Command = async (task) => {
  const { 'failed-since': since } = task.options;
  return since === undefined ? retryEach(task) : retryAll(task, timeOf('--failed-since', since, task.io.now()));
};

async function retryAll(task: Task, failed_since: number): Promise<number> {
  const count = { retried: 0, skipped: 0 };
  if (!await isWanted(task, failed_since)) {
    task.io.stderr.write('nothing was done\n');
    return DONE;
  }
  const say = progress(task);
  let next_token: string | undefined;
  do {
    let page: Page;
    try {
      page = await task.operator.ask({ action: 'retry', failed_since, limit: MOST_IN_A_PAGE, ...(next_token && { next_token }) });
    } catch (error) {
      say.end();
      throw count.retried === 0 || !(error instanceof Failure) ? error : new Failure(
        `${error.message}\n${count.retried} jobs were retried before that. The same command goes on with the others.`);
    }
    count.retried += page.retried;
    count.skipped += page.skipped;
    ({ next_token } = page);
    say.at(count.retried);
  } while (next_token !== undefined);
  say.end();
  print(task, count, () => `${count.retried} retried${count.skipped > 0 ? `, ${count.skipped} skipped (no longer failed, no jobs, or of a newer version)` : ''}`);
  return DONE;
}

async function isWanted({ operator, options, io }: Task, failed_since: number): Promise<boolean> {
  if (options.yes) {
    return true;
  }
  if (!io.ask) {
    throw new UsageError('retrying all that failed is asked for on a terminal; where there is none, say --yes');
  }
  const { jobs, next_token } = await operator.ask<{ readonly jobs: readonly object[]; readonly next_token?: string }>(
    { action: 'list', failed_since, limit: MOST_IN_A_PAGE });
  if (jobs.length === 0) {
    io.stderr.write(`no job of ${operator.pipeline} failed since ${new Date(failed_since).toISOString()}\n`);
    return false;
  }
  const number = next_token === undefined ? String(jobs.length) : `${jobs.length} or more`;
  const answer = await io.ask(`Retry ${number} jobs of ${operator.pipeline} that failed since ${new Date(failed_since).toISOString()}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

/** A line that is written over, where somebody looks. */
function progress({ io: { stderr } }: Task): { readonly at: (count: number) => void; readonly end: () => void } {
  return stderr.isTTY
    ? { at: (count) => stderr.write(`\r${count} retried …`), end: () => stderr.write('\r\u001b[K') }
    : { at: () => {}, end: () => {} };
}
