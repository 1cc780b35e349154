import { phaseOf, remark, type JobLife } from './life';
import { cut, fit, seconds, type Style } from './style';

const HEADINGS = ['job', 'submitted', 'waited', 'attempts', 'stages', 'ended', 'result or error'] as const;
/** What was shown while jobs ran counts from the beginning of the demo. */
const SINCE = 'submitted, ended: since the first submission';
const GAP = '  ';

/** What the demo knows of a job beyond what the API says. */
export interface LifeRow {
  readonly life: JobLife;
  /** How often a worker started it; more than the attempts charged when it went on at a checkpoint, or had to wait. */
  readonly runs?: number;
}

/** What of the last column must be seen for it to stay beside the others. */
const READABLE_COLUMNS = 30;

/** The life of every job. Times are seconds since the first submission. @param width as that of `table` */
export function lifeTable(rows: readonly LifeRow[], style: Style, width?: number): string {
  const start = Math.min(...rows.map(({ life }) => life.submittedAt ?? Infinity));
  return `${table(HEADINGS, rows.map((row) => cellsOf(row, start)), style, width)}\n${style.dim(SINCE)}`;
}

/** @param width columns, at least 80: where they are few, the last column moves below the others. None given: nothing is cut. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], style: Style, width = Infinity): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const last = headings.length - 1;
  const before = widths.slice(0, last).reduce((sum, column) => sum + column + GAP.length, 0);
  const beside = width - before >= READABLE_COLUMNS;

  const [heading, ...body] = lines.map((line) => {
    const columns = line.slice(0, last).map((text, i) => fit(text, widths[i])).join(GAP);
    if (beside) return `${columns}${GAP}${cut(line[last], width - before)}`.trimEnd();
    return line[last] === '' ? columns.trimEnd() : `${columns.trimEnd()}\n${GAP}${style.dim(cut(line[last], width - GAP.length))}`;
  });
  return [style.bold(heading), ...body].join('\n');
}

function cellsOf({ life, runs }: LifeRow, start: number): string[] {
  const { job, submittedAt } = life;
  const ended = job?.finished_at === undefined ? '' : ` ${seconds(Date.parse(job.finished_at) - start)}`;
  return [
    life.label,
    submittedAt === undefined ? '' : seconds(submittedAt - start),
    waited(life),
    job === undefined ? '' : attempts(job.attempt, runs),
    job === undefined ? '' : stages(job.stages_completed),
    `${phaseOf(life)}${ended}`,
    remark(life, Date.now()),
  ];
}

/** For its first attempt. One that was retried has the start of its second life in its record. */
function waited({ job, ends }: JobLife): string {
  return job?.started_at === undefined || ends.length > 1 ? '' : seconds(Math.max(0, Date.parse(job.started_at) - Date.parse(job.created_at)));
}

function attempts(charged: number, runs = charged): string {
  return runs > charged ? `${charged} (${runs} runs)` : String(charged);
}

function stages(completed: readonly string[]): string {
  return completed.length === 0 ? '-' : String(completed.length);
}
