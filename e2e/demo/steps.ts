import { canRedraw, cut, seconds, styleFor, type Environment, type Output } from './style';

/** The preparations, a line each, with the time they took. */
export class Steps {
  private readonly redraw: boolean;
  private readonly style: ReturnType<typeof styleFor>;

  constructor(private readonly output: Output, environment: Environment, private readonly clock: () => number = Date.now) {
    this.redraw = canRedraw(output, environment);
    this.style = styleFor(output, environment);
  }

  /** @param work is given a function that tells what it is at */
  public async step<T>(name: string, work: (report: (text: string) => void) => Promise<T>): Promise<T> {
    const started = this.clock();
    const report = (text: string) => this.pending(name, text);
    this.pending(name);
    try {
      const result = await work(report);
      this.line(`${this.style.green('✓')} ${name} ${this.style.dim(seconds(this.clock() - started))}`);
      return result;
    } catch (error) {
      this.line(`${this.style.red('✗')} ${name}`);
      throw error;
    }
  }

  /** On a terminal the line that is replaced when the step is done; in a log only what is told in between. */
  private pending(name: string, text?: string): void {
    if (this.redraw) {
      const shown = cut(text === undefined ? name : `${name}: ${text}`, (this.output.columns ?? 80) - 3);
      this.output.write(`\r${this.style.yellow('·')} ${shown}\u001b[K`);
    } else if (text !== undefined) {
      this.output.write(`  ${text}\n`);
    }
  }

  private line(text: string): void {
    this.output.write(this.redraw ? `\r${text}\u001b[K\n` : `${text}\n`);
  }
}
