/** Where text goes: a terminal, or a file or pipe. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a command line has to do with the world, AWS apart. */
export interface Io {
  /** What was asked for. */
  readonly stdout: Output;
  /** What is said about it: questions, progress, errors. */
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks on the terminal; undefined where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  readonly name = 'UsageError';
}

/** What was asked for could not be done: exit code 1. The message is for the reader, and says what to do. */
export class Failure extends Error {
  readonly name: string = 'Failure';

  /** @param done what was done before, for who reads JSON */
  constructor(message: string, readonly done?: object) {
    super(message);
  }

  /** The same, with what was done before. */
  after(done: object, told: string): Failure {
    return new Failure(`${this.message}\n${told}`, done);
  }
}

/** The pipeline was reached and said no. */
export class Refusal extends Failure {
  readonly name = 'Refusal';

  /** @param code as the HTTP API calls it */
  constructor(readonly code: string, message: string, done?: object) {
    super(message, done);
  }

  after(done: object, told: string): Refusal {
    return new Refusal(this.code, `${this.message}\n${told}`, done);
  }
}
