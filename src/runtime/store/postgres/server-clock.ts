/** What one answer has shown. */
interface Sample {
  /** Of the server's clock to our own, in milliseconds. */
  readonly offset: number;
  /** By which it may be wrong at most: half of the way there and back. */
  readonly error: number;
  /** By our own clock. */
  readonly at: number;
}

/** A sample is trusted less as time goes by: clocks drift by far less than this, and a process of Lambda may have stood still in between. */
const ERROR_PER_MS = 0.001;

/** An answer that may be further from the truth says less than the process's own clock: one that stood still while an answer was on its way. */
const MOST_ERROR_MS = 1_000;

/**
 * The clock of the server, by which every process goes that shares its records. Each answer brings its time along, so it takes no call of its
 * own; the best of the answers counts. Before the first one it is the process's own clock.
 */
export class ServerClock {
  private best?: Sample;

  constructor(private readonly own: () => number = Date.now) {}

  /** Epoch milliseconds. */
  readonly now = (): number => this.own() + Math.round(this.best?.offset ?? 0);

  /** Begins an exchange. @returns to be called with the server's time when its answer is here */
  begin(): (serverTime: number) => void {
    const asked = this.own();
    return (serverTime) => {
      const answered = this.own();
      const error = (answered - asked) / 2;
      if (error >= 0 && error <= this.errorAt(answered)) {
        this.best = { offset: serverTime - (asked + error), error, at: answered };
      }
    };
  }

  private errorAt(moment: number): number {
    const { error, at } = this.best ?? { error: MOST_ERROR_MS, at: moment };
    return Math.min(MOST_ERROR_MS, error + Math.abs(moment - at) * ERROR_PER_MS);
  }
}
