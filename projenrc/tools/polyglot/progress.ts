/** Counts checks, and says of each as it ends how it ended and how long it took: what runs in parallel stays readable. */
export class Progress {
  public passed = 0;
  public failed = 0;
  private readonly started = Date.now();

  /** Seconds since the start. */
  public get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  /** Runs a check, which fails by throwing. What it returns may describe itself in a `summary`. */
  public async check<T>(name: string, action: () => Promise<T> | T): Promise<T> {
    const started = Date.now();
    const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    try {
      const value = await action();
      this.passed++;
      this.say(`ok      ${name} (${took()})${summaryOf(value)}`);
      return value;
    } catch (error) {
      this.failed++;
      this.say(`FAILED  ${name} (${took()})\n${indented(error instanceof Error ? error.message : String(error))}`);
      throw new CheckFailed(name);
    }
  }

  /** Waits for every one; `undefined` stands for one in which a check failed. Any other error is the program's own and is thrown. */
  public async all<T>(lanes: Promise<T>[]): Promise<(T | undefined)[]> {
    const settled = await Promise.allSettled(lanes);
    return settled.map(result => {
      if (result.status === 'fulfilled') return result.value;
      if (result.reason instanceof CheckFailed) return undefined;
      throw result.reason;
    });
  }

  public say(text: string): void {
    console.log(`${this.seconds.toFixed(1).padStart(6)} s  ${text}`);
  }
}

/** Already said; ends what needed it. */
class CheckFailed extends Error {}

function summaryOf(value: unknown): string {
  const summary = typeof value === 'object' && value !== null && 'summary' in value ? value.summary : undefined;
  return typeof summary === 'string' ? `: ${summary}` : '';
}

function indented(text: string): string {
  return text.trimEnd().split('\n').map(line => `            ${line}`).join('\n');
}
