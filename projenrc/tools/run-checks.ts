/**
 * `npm test`: runs every check of `checks.ts`, goes on after one that failed, and says at the end which did.
 * `npm test -- lint unit` runs those alone.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { CHECKS, type Check } from './checks';
import { type CheckResult, recordResult } from './results';

const JEST_REPORT = resolve(__dirname, '../../.cache/jest-report.json');

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

function run(check: Check): CheckResult {
  console.log(`\n==> ${check.name} (npx projen ${check.task})`);
  rmSync(JEST_REPORT, { force: true });
  const started = Date.now();
  const args = check.counting === 'jest' ? ['--json', '--outputFile', JEST_REPORT] : [];
  // jest prints its whole report with --json; it is in the file, and what a reader wants is on stderr
  const stdio = check.counting === 'jest' ? ['inherit', 'ignore', 'inherit'] as const : 'inherit';
  const { status } = spawnSync('npx', ['projen', check.task, ...args], { stdio: stdio as 'inherit' });
  const seconds = Math.round((Date.now() - started) / 100) / 10;
  const counts = count(check, status === 0);
  console.log(`<== ${check.name}: ${counts.failed === 0 ? 'passed' : 'FAILED'} (${counts.passed} passed, ${counts.failed} failed) in ${seconds} s`);
  return { check: check.name, ...counts, seconds };
}

function count(check: Check, succeeded: boolean): { passed: number; failed: number } {
  const report = check.counting === 'jest' ? readJestReport() : undefined;
  if (!report) return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  // all tests passed and jest did not: a coverage threshold
  return { passed: report.numPassedTests, failed: succeeded ? 0 : Math.max(failed, 1) };
}

function readJestReport(): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(JEST_REPORT, 'utf8'));
  } catch {
    return undefined; // it did not come that far
  }
}

function chosen(names: string[]): Check[] {
  const unknown = names.filter(name => !CHECKS.some(check => check.name === name));
  if (unknown.length > 0) throw new Error(`No check is called ${unknown.join(', ')}; there are ${CHECKS.map(check => check.name).join(', ')}`);
  return names.length === 0 ? CHECKS : CHECKS.filter(check => names.includes(check.name));
}

const results = chosen(process.argv.slice(2)).map(check => {
  const result = run(check);
  recordResult(result);
  return result;
});
const failed = results.filter(result => result.failed > 0);
const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
console.log(`\n${failed.length === 0 ? `All ${results.length} checks passed` : `Failed: ${failed.map(result => result.check).join(', ')}`} in ${seconds.toFixed(0)} s`);
process.exitCode = failed.length === 0 ? 0 : 1;
