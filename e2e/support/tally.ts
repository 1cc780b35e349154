import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where each run of many jobs leaves its counts; `tally-reporter.cjs` sums them up. */
const FOLDER = resolve(__dirname, '../../.cache/e2e-tally');

export interface Tally {
  readonly jobs: number;
  readonly lost: number;
  readonly endedTwice: number;
}

/** Call it before anything is asserted, so that a bad run is counted, too. */
export function countIn(run: string, tally: Tally): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${run}.json`), JSON.stringify(tally));
}
