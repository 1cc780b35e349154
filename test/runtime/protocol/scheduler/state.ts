/** A message and the queue it is in. */
export interface Queued {
  readonly message: number;
  readonly queue: 'main' | 'dead_letters';
  /** Whether it was ever delivered; the next delivery reads the record first, then. */
  readonly seen: boolean;
}

/** What may still happen on this path, and what has. */
export interface Ledger extends Readonly<Record<Trouble, number>> {
  /** How many deadlines have passed. */
  readonly phase: number;
  readonly expired: boolean;
  readonly sent: boolean;
  readonly asked: number;
}

export const TROUBLES = [
  'crashes', 'duplicates', 'zombies', 'defers', 'moves', 'waits', 'cancels', 'retries', 'deadlines', 'sweeps', 'submits', 'lives', 'losses',
] as const;

export type Trouble = typeof TROUBLES[number];

/** A message with the processes that have it in hand (several, after a duplicate delivery). */
export interface Held {
  readonly queued: number;
  readonly processes: readonly number[];
}

/** Everything, as numbers of processes, {@link Queued}, {@link Ledger} and the records of the world. */
export interface State {
  readonly record: number;
  readonly ledger: number;
  readonly held: readonly Held[];
  /** Processes whose message is gone, or that have none. */
  readonly loose: readonly number[];
}

/** Nothing is under way and no message is left. */
export function isAtRest({ held, loose }: State): boolean {
  return held.length === 0 && loose.length === 0;
}

/** The numbers of processes and messages begin above it, so that it can stand between them. */
export const FIRST_NUMBER = 1;
const SEPARATOR = 0;
const END = String.fromCharCode(SEPARATOR);

/** A short text; equal for states that differ only in the order of messages or processes. */
export function encode({ record, ledger, held, loose }: State): string {
  const parts = held.map(({ queued, processes }) => String.fromCharCode(queued) + sorted(processes));
  if (parts.length > 1) {
    parts.sort();
  }
  return String.fromCharCode(record, ledger) + sorted(loose) + parts.join('');
}

export function decode(text: string): State {
  let index = 2;
  const untilSeparator = (): number[] => {
    const numbers: number[] = [];
    for (let code = text.charCodeAt(index++); code !== SEPARATOR; code = text.charCodeAt(index++)) {
      numbers.push(code);
    }
    return numbers;
  };
  const loose = untilSeparator();
  const held: Held[] = [];
  while (index < text.length) {
    const queued = text.charCodeAt(index++);
    held.push({ queued, processes: untilSeparator() });
  }
  return { record: text.charCodeAt(0), ledger: text.charCodeAt(1), loose, held };
}

function sorted(numbers: readonly number[]): string {
  switch (numbers.length) {
    case 0: return END;
    case 1: return String.fromCharCode(numbers[0], SEPARATOR);
    default: return String.fromCharCode(...[...numbers].sort((a, b) => a - b), SEPARATOR);
  }
}
