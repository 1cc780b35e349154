/** Counts checks, and says of each as it ends how it ended and how long it took: what runs in parallel stays readable. */
export class Progress {
  public passed = 0;
  public failed = 0;
  private readonly started = Date.now();

  /** Seconds since the start. */
  public get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  /**
   * Runs a check, which fails by throwing.
   *
   * @returns what the check returned, whose `summary` is shown when it has one; `undefined` if it failed
   */
  public async check<T extends object | string>(name: string, action: () => Promise<T> | T): Promise<T | undefined> {
    const started = Date.now();
    const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    try {
      const value = await action();
      this.passed++;
      this.say(`ok      ${name} (${took()})${summaryOf(value)}`);
      return value;
    } catch (error) {
      this.failed++;
      this.say(`FAILED  ${name} (${took()})\n${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** Further lines are indented below the first. */
  public say(text: string): void {
    console.log(`${this.seconds.toFixed(1).padStart(6)} s  ${text.trimEnd().replaceAll('\n', '\n            ')}`);
  }
}

function summaryOf(value: object | string): string {
  return typeof value === 'object' && 'summary' in value ? `: ${value.summary}` : '';
}
