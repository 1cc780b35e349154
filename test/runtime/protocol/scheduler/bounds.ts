/** How often each kind of trouble may happen on one path. */
export interface Bounds {
  readonly max_attempts: number;
  /**
   * A process dies between two calls, the answer to a call is lost and the client makes it again, or the queue gives a message up
   * (whether a process has it in hand or not).
   */
  readonly crashes: number;
  /** The queue delivers a message that another process has in hand. */
  readonly duplicates: number;
  /** A worker is frozen past its lease, and wakes. */
  readonly zombies: number;
  /** The handler asks to be called later. */
  readonly defers: number;
  /** An attempt moves its checkpoint forward. */
  readonly moves: number;
  /** A wait longer than the queue can hide a message. */
  readonly waits: number;
  readonly cancels: number;
  readonly retries: number;
  /** The deadline of the generation at hand passes. */
  readonly deadlines: number;
  /** The sweeper finds the record overdue. */
  readonly sweeps: number;
  /** Further submissions under the same idempotency key, with the same or with another payload. */
  readonly submits: number;
  /** An ended record expires, and its id is used again. */
  readonly lives: number;
  /** The queue loses a message nobody has in hand; then only the sweeper is left. */
  readonly losses: number;
  /** The job is not to start at once. */
  readonly scheduled: boolean;
}

const NOTHING: Bounds = {
  max_attempts: 2,
  crashes: 0,
  duplicates: 0,
  zombies: 0,
  defers: 0,
  moves: 0,
  waits: 0,
  cancels: 0,
  retries: 0,
  deadlines: 0,
  sweeps: 0,
  submits: 0,
  lives: 0,
  losses: 0,
  scheduled: false,
};

/** A search of its own: all troubles at once would be more states than any machine has room for. */
export interface Scenario {
  readonly name: string;
  readonly bounds: Bounds;
}

export function scenarios(max_attempts: number, crashes: number, duplicates: number): Scenario[] {
  const given = { ...NOTHING, max_attempts, crashes, duplicates };
  return [
    { name: 'attempts', bounds: { ...given, zombies: 1, defers: 1, cancels: 1, retries: 1 } },
    { name: 'waiting', bounds: { ...given, zombies: 1, defers: 1, moves: 1, waits: 1 } },
    { name: 'deadlines', bounds: { ...given, zombies: 1, moves: 1, cancels: 1, deadlines: 1, sweeps: 1 } },
    { name: 'scheduled', bounds: { ...given, cancels: 1, waits: 1, scheduled: true } },
    { name: 'identity', bounds: { ...given, retries: 1, submits: 1, lives: 1 } },
    { name: 'losses', bounds: { ...given, zombies: 1, cancels: 1, deadlines: 1, sweeps: 1, losses: 1 } },
  ];
}
