import { Command, DONE, print, type Task } from './command';
import type { Style } from '../text';
import { lengthOf } from '../times';

interface Counts {
  readonly waiting: number;
  readonly in_flight: number;
  readonly delayed: number;
  readonly retention_seconds: number;
}

interface Description {
  readonly pipeline: string;
  readonly state: string;
  readonly queue: Counts;
  readonly dead_letters: Counts;
  readonly [name: string]: unknown;
}

/** The queue keeps a message so long if nobody has set it otherwise. */
const USUAL_RETENTION_SECONDS = 4 * 86_400;

export const pause: Command = async (task) => {
  const { state } = await task.operator.ask<{ readonly state: string }>({ action: 'pause' });
  const seen = await seenBy(task);
  print(task, { state, ...(seen && { queue: seen.queue }) }, ({ yellow }) => [
    `${yellow('paused')} (${state}): no more jobs are started; those that run go on. New jobs are accepted, and wait.`,
    `A message is kept for ${lengthOf(seen?.queue.retention_seconds || USUAL_RETENTION_SECONDS)} after it was sent, and deadlines go on: resume in time.`,
    ...(seen ? [waiting(seen.queue)] : []),
  ].join('\n'));
  return DONE;
};

export const resume: Command = async (task) => {
  const { state } = await task.operator.ask<{ readonly state: string }>({ action: 'resume' });
  print(task, { state }, ({ green }) => `${green('resumed')} (${state}): jobs are started again, within a minute or so.`);
  return DONE;
};

export const describe: Command = async (task) => {
  const seen = await task.operator.ask<Description>({ action: 'describe' });
  print(task, seen, (style) => [
    `${style.bold(seen.pipeline)}  ${painted(seen.state, style)}`,
    waiting(seen.queue),
    `dead letters: ${total(seen.dead_letters)}`,
  ].join('\n'));
  return DONE;
};

/** How many wait is worth a line, and its lack no error. */
async function seenBy({ operator }: Task): Promise<Description | undefined> {
  try {
    return await operator.ask<Description>({ action: 'describe' });
  } catch {
    return undefined;
  }
}

function waiting({ waiting: visible, delayed, in_flight }: Counts): string {
  return `messages: about ${visible} waiting, ${delayed} delayed, ${in_flight} in the hands of workers or between attempts`;
}

function total({ waiting: visible, delayed, in_flight }: Counts): number {
  return visible + delayed + in_flight;
}

function painted(state: string, { green, yellow }: Style): string {
  return state === 'Enabled' ? green('running') : yellow(state === 'Disabled' ? 'paused' : state);
}
