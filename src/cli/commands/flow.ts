import { Command, DONE, print, type Task } from './command';
import { printable, type Style, wrapped } from '../text';
import { lengthOf } from '../times';

interface Counts {
  readonly url: string;
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
  /** Where the records are: in the one or in the other. */
  readonly table?: string;
  readonly database?: string;
  readonly bucket?: string;
  /** By what writes there; not told by older functions. */
  readonly log_groups?: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** The queue keeps a message so long if nobody has set it otherwise. */
const USUAL_RETENTION_SECONDS = 4 * 86_400;

export const pause: Command = async (task) => {
  const { state } = await task.operator.ask<{ readonly state: string }>({ action: 'pause' });
  const seen = await seenBy(task);
  print(task, { state, ...(seen && { queue: seen.queue }) }, ({ yellow }, width) => [
    `paused (${state}): no more jobs are started; those that run go on. New jobs are accepted, and wait.`,
    `A message is kept for ${lengthOf(seen?.queue.retention_seconds || USUAL_RETENTION_SECONDS)} after it was sent, and deadlines go on: resume in time.`,
    ...(seen ? [`messages: ${waiting(seen.queue)}`] : []),
  ].map((line) => wrapped(line, width)).join('\n').replace('paused', yellow));
  return DONE;
};

export const resume: Command = async (task) => {
  const { state } = await task.operator.ask<{ readonly state: string }>({ action: 'resume' });
  print(task, { state }, ({ green }) => `${green('resumed')} (${state}): jobs are started again, within a minute or so.`);
  return DONE;
};

export const describe: Command = async (task) => {
  const seen = await task.operator.ask<Description>({ action: 'describe' });
  print(task, seen, (style, width) => [
    `${style.bold(seen.pipeline)}  ${painted(seen.state, style)}`,
    '',
    ...fields({
      'messages': waiting(seen.queue),
      'dead letters': String(total(seen.dead_letters)),
      'queue': nameOf(seen.queue),
      'dead-letter queue': nameOf(seen.dead_letters),
      ...(seen.table !== undefined && { table: seen.table }),
      ...(seen.database !== undefined && { database: seen.database }),
      ...(seen.bucket !== undefined && { bucket: seen.bucket }),
    }, width, style),
    ...(seen.log_groups && Object.keys(seen.log_groups).length > 0 ? ['', style.bold('log groups'), ...fields(seen.log_groups, width, style)] : []),
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
  return `about ${visible} waiting, ${delayed} delayed, ${in_flight} in the hands of workers or between attempts`;
}

/** The last part of its address. */
function nameOf({ url }: Counts): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** A line for each; names are left whole, as they are there to be copied. */
function fields(values: Readonly<Record<string, string>>, width: number, { dim }: Style): string[] {
  const longest = Math.max(...Object.keys(values).map((name) => name.length));
  return Object.entries(values).map(([name, value]) => {
    const lines = wrapped(printable(value), width - longest - 2).split('\n');
    return `${dim(name.padEnd(longest))}  ${lines.join(`\n${' '.repeat(longest + 2)}`)}`;
  });
}

function total({ waiting: visible, delayed, in_flight }: Counts): number {
  return visible + delayed + in_flight;
}

function painted(state: string, { green, yellow }: Style): string {
  return state === 'Enabled' ? green('running') : yellow(state === 'Disabled' ? 'paused' : state);
}
