/** Tells how far it is: over one line on a terminal, once a measure elsewhere. */
export class Progress {
  private readonly started = Date.now();
  private line = '';

  constructor(private readonly output: NodeJS.WriteStream) {}

  /** What is going on now; it stays on the screen until something else is said. */
  public at(what: string, done?: number, of?: number): void {
    if (this.output.isTTY) {
      this.output.write(`\r\x1b[K${this.clock()}  ${what}${of === undefined ? '' : ` ${done}/${of}`}`);
    } else if (this.line !== what) {
      this.output.write(`${this.clock()}  ${what}\n`);
    }
    this.line = what;
  }

  /** A line that stays. */
  public say(text: string): void {
    this.output.write(`${this.output.isTTY ? '\r\x1b[K' : ''}${this.clock()}  ${text}\n`);
    this.line = '';
  }

  private clock(): string {
    return `${((Date.now() - this.started) / 1000).toFixed(0).padStart(4)} s`;
  }
}
