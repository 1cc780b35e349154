import type { Progress } from '../progress';
import type { Row } from '../row';

export interface Conditions {
  /** Rounds of each timed measurement. */
  readonly rounds: number;
  readonly progress: Progress;
}

/** One group of figures. */
export interface Measure {
  readonly title: string;
  /** How it is measured, for the reader of the table. */
  readonly how: string;
  readonly run: (conditions: Conditions) => Promise<Row[]>;
}
