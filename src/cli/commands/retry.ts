import { Command, DONE, print, type Task } from './command';
import { dryRun } from './dry-run';
import { retryEach } from './each-job';
import { type FailedMeant, failedMeant, failedWords, ownerHint } from './meant';
import { progress } from './progress';
import { MOST_IN_A_PAGE, retryPages, skippedWords, Tally } from './tally';
import { Failure, UsageError } from '../io';
import type { JobView } from '../operator';
import { count, widthOf, wrapped } from '../text';

export const retry: Command = async (task) => {
  const { 'failed-since': since, 'dry-run': dry } = task.options;
  if (since === undefined) {
    return retryEach(task);
  }
  const meant = failedMeant(task, since);
  return dry ? dryRun(task, meant) : retryAll(task, meant);
};

async function retryAll(task: Task, meant: FailedMeant): Promise<number> {
  if (!await isWanted(task, meant)) {
    task.io.stderr.write('nothing was done\n');
    if (task.options.json) {
      print(task, new Tally().document(), () => '');
    }
    return DONE;
  }
  const tally = new Tally();
  const say = progress(task, 'retried');
  try {
    for await (const page of retryPages(task, meant)) {
      tally.add(page);
      say.at(tally.done);
    }
  } catch (error) {
    throw tally.done === 0 || !(error instanceof Failure) ? error : error.after(
      { ...tally.document(), failed_since: new Date(meant.failed_since).toISOString() },
      `${count(tally.done, 'job')} ${tally.done === 1 ? 'was' : 'were'} retried before that. `
        + `The same command with --failed-since ${new Date(meant.failed_since).toISOString()} goes on with the others.`,
    );
  } finally {
    say.end();
  }
  print(task, tally.document(), (style, width) => wrapped(
    `${style.green(`${tally.done} retried`)}${tally.skipped > 0 ? `, ${tally.skipped} skipped: ${skippedWords(tally)}` : ''}`, width, '  '));
  return DONE;
}

async function isWanted({ operator, options, io }: Task, meant: FailedMeant): Promise<boolean> {
  if (options.yes) {
    return true;
  }
  if (!io.ask) {
    throw new UsageError('retrying all that failed is asked for on a terminal; where there is none, say --yes (or --dry-run, to see what it would be)');
  }
  const { jobs, next_token } = await operator.ask<{ readonly jobs: readonly JobView[]; readonly next_token?: string }>(
    { action: 'list', ...meant, limit: MOST_IN_A_PAGE });
  if (jobs.length === 0 && next_token === undefined) {
    io.stderr.write(`no job of ${operator.pipeline} has ${failedWords(meant)}${ownerHint(meant)}\n`);
    return false;
  }
  const number = next_token === undefined ? count(jobs.length, 'job') : jobs.length === 0 ? 'the jobs' : `${jobs.length} or more jobs`;
  const answer = await io.ask(wrapped(`Retry ${number} of ${operator.pipeline} that ${failedWords(meant)}? [y/N] `, widthOf(io.stderr)));
  return /^y(es)?$/i.test(answer.trim());
}
