import { Command, DONE, print, statusPaint } from './command';
import type { JobView } from '../operator';
import { printable, printableLines, type Style, wrapped } from '../text';
import { shortTime } from '../times';

/** JSON of their own, below the rest. */
const BLOCKS = ['result', 'checkpoint', 'payload'] as const;

/** Lines; a terminal has some fifty. */
const LONGEST_RESULT = 30;

export const show: Command = async (task) => {
  const { operator, options, job_ids: [job_id] } = task;
  const answer = await operator.ask<{ readonly job: JobView }>({ action: 'show', job_id, ...(options.payload && { payload: true }) });
  print(task, answer, (style, width) => describe(answer.job, width, style, options.checkpoint));
  return DONE;
};

function describe(job: JobView, lineWidth: number, style: Style, whole: boolean): string {
  const fields = Object.entries(job).filter(([name, value]) => !BLOCKS.some((block) => block === name) && isSaid(value));
  const width = Math.max(...fields.map(([name]) => name.length));
  return [
    ...fields.map(([name, value]) => {
      const lines = wrapped(said(value), lineWidth - width - 2).split('\n').join(`\n${' '.repeat(width + 2)}`);
      return `${style.dim(name.padEnd(width))}  ${name === 'status' ? statusPaint(style)(job.status) : lines}`;
    }),
    ...BLOCKS.filter((name) => job[name] !== undefined).map((name) => `\n${style.bold(name)}\n${blockText(name, job[name], whole)}`),
  ].join('\n');
}

/** What a handler keeps for itself is told by its size, and so is what would push all else out of sight. */
function blockText(name: (typeof BLOCKS)[number], value: unknown, whole: boolean): string {
  const text = printableLines(JSON.stringify(value, null, 2));
  const isShown = whole || name === 'payload' || (name === 'result' && text.split('\n').length <= LONGEST_RESULT);
  return isShown ? text : `${sizeOf(JSON.stringify(value).length)} (--checkpoint shows it)`;
}

function sizeOf(characters: number): string {
  return characters < 1_024 ? `${characters} characters of JSON` : `${(characters / 1_024).toFixed(1)} KiB of JSON`;
}

/** Nothing, no and none need no line. */
function isSaid(value: unknown): boolean {
  return value !== false && !(Array.isArray(value) && value.length === 0);
}

function said(value: unknown): string {
  if (typeof value === 'string') {
    return printable(/^\d{4}-\d{2}-\d{2}T/.test(value) ? shortTime(value) : value);
  }
  if (Array.isArray(value)) {
    return printable(value.join(', '));
  }
  return printable(isError(value) ? `${value.type}: ${value.message} (attempt ${value.attempt})` : String(value));
}

function isError(value: unknown): value is NonNullable<JobView['error']> {
  return typeof value === 'object' && value !== null && 'type' in value;
}
