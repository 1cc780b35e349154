import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../.cache/results');

/** What a check counted. One that counts nothing is one: it passed or it failed. */
export interface CheckResult {
  readonly check: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Keeps a result for `summary.ts`; a second run of the same check replaces the first. */
export function recordResult(result: CheckResult): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${result.check}.json`), JSON.stringify(result));
}

export function readResults(): CheckResult[] {
  return readdirSync(FOLDER).filter(file => file.endsWith('.json')).map(file => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
}
