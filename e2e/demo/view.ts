import { hasNews, phaseOf, remark, type JobLife, type Phase } from './life';
import { canRedraw, cut, fit, seconds, styleFor, type Environment, type Output, type Style } from './style';
import type { JobStatus } from '../job-client/job-client';

/** Shows what is going on. What is shown once and for all is written by `say`; `show` tells how the jobs stand now. */
export interface View {
  say(text: string): void;
  show(lives: readonly JobLife[]): void;
  /** The last state stays on the screen. */
  end(): void;
}

/** @param stages how many a job has */
export function viewFor(output: Output, environment: Environment, started: number, stages: number): View {
  const style = styleFor(output, environment);
  return canRedraw(output, environment) ? new TerminalView(output, style, stages) : new PlainView(output, style, started);
}

/** Marks of a phase, in one column. */
const MARKS: Readonly<Record<Phase, string>> = {
  'to be sent': '·', 'accepted': '○', 'refused': '✗', 'queued': '○', 'processing': '●', 'succeeded': '✓', 'failed': '✗', 'cancelled': '✗',
};
const BAR_COLUMNS = 10;
/** On a narrower terminal the bar is shorter and has no number beside it, for the sake of the remark. */
const WIDE_COLUMNS = 100;
const LONGEST_LABEL = 18;

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know it show what is between the two at once; others ignore it. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const CLEAR_TO_END_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** One line a job, redrawn in place: a frame is one write that goes over the old text, so nothing is ever blank. */
export class TerminalView implements View {
  private drawn = 0;

  constructor(
    private readonly output: Output,
    private readonly style: Style,
    private readonly stages: number,
    private readonly clock: () => number = Date.now,
  ) {}

  public say(text: string): void {
    this.output.write(`${this.up()}${CLEAR_BELOW}${text}\n`);
    this.drawn = 0;
  }

  public show(lives: readonly JobLife[]): void {
    const columns = this.output.columns ?? 80;
    const lines = lives.slice(0, Math.max(1, (this.output.rows ?? 24) - 1)).map((life) => this.line(life, labelWidth(lives), columns));
    this.output.write(BEGIN_FRAME + HIDE_CURSOR + this.up() + lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('') + CLEAR_BELOW + END_FRAME);
    this.drawn = lines.length;
  }

  public end(): void {
    this.output.write(SHOW_CURSOR);
    this.drawn = 0;
  }

  private up(): string {
    return this.drawn > 0 ? `\u001b[${this.drawn}F` : '';
  }

  private line(life: JobLife, label: number, columns: number): string {
    const phase = phaseOf(life);
    const { job } = life;
    const paint = this.paint(phase);
    const left = `${fit(life.label, label)}  `;
    const state = `${MARKS[phase]} ${fit(phase, 10)} `;
    const attempt = fit(job && job.attempt > 0 ? `${job.attempt}/${job.max_attempts}` : '', 4);
    const middle = job ? `${attempt}${fit(job.current_stage ?? '', 9)}` : '';
    const bar = job ? `${progressBar(progressOf(job, this.stages), columns >= WIDE_COLUMNS)}  ` : '';
    const room = columns - 1 - left.length - state.length - middle.length - bar.length;
    return left + paint(state) + middle + paint(bar) + this.style.dim(cut(remark(life, this.clock()), Math.max(0, room)));
  }

  private paint(phase: Phase): (text: string) => string {
    switch (phase) {
      case 'succeeded': return this.style.green;
      case 'failed':
      case 'cancelled':
      case 'refused': return this.style.red;
      case 'processing': return this.style.cyan;
      default: return this.style.yellow;
    }
  }
}

/** A line whenever something happens to a job: for logs, which keep everything. */
export class PlainView implements View {
  private shown: readonly JobLife[] = [];

  constructor(
    private readonly output: Output,
    private readonly style: Style,
    private readonly started: number,
    private readonly clock: () => number = Date.now,
  ) {}

  public say(text: string): void {
    this.output.write(`${text}\n`);
  }

  public show(lives: readonly JobLife[]): void {
    lives.forEach((life, i) => {
      const before = this.shown[i];
      if (before ? hasNews(before, life) : phaseOf(life) !== 'to be sent') {
        this.output.write(`${this.line(life, labelWidth(lives))}\n`);
      }
    });
    this.shown = lives;
  }

  public end(): void {}

  private line(life: JobLife, label: number): string {
    const { job } = life;
    const now = this.clock();
    return [
      this.style.dim(seconds(now - this.started).padStart(7)),
      fit(life.label, label),
      fit(phaseOf(life), 10),
      fit(job && job.attempt > 0 ? `attempt ${job.attempt}` : '', 10),
      fit(job?.current_stage ?? '', 9),
      remark(life, now),
    ].join('  ').trimEnd();
  }
}

/** What a job says of itself is written every five seconds at most; a stage that is completed is known at once. */
function progressOf({ progress = 0, stages_completed }: JobStatus, stages: number): number {
  return Math.max(progress, stages_completed.length / stages);
}

function progressBar(share: number, wide: boolean): string {
  const width = wide ? BAR_COLUMNS : BAR_COLUMNS / 2;
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  const bar = '█'.repeat(full) + '░'.repeat(width - full);
  return wide ? `${bar} ${String(Math.round(share * 100)).padStart(3)}%` : bar;
}

function labelWidth(lives: readonly JobLife[]): number {
  return Math.min(LONGEST_LABEL, Math.max(...lives.map(({ label }) => label.length)));
}
