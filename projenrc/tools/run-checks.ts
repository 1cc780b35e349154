/**
 * `npm test`: runs every check of `checks.ts`, goes on after one that failed, and says at the end which did.
 * `npm test -- lint unit` runs those alone.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { CHECKS, groupsOf, type Check } from './checks';
import { type CheckResult, recordResult } from './results';

const JEST_REPORT = resolve(__dirname, '../../.cache/jest-report.json');

/** Nothing may hang: no check takes half of this on two cores. */
const LIMIT_MS = 30 * 60_000;

/** How many of a group run at once: what machines for this have at least. */
const CORES = 2;

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** @param alone whether nothing runs beside it: then what it says is shown at once, otherwise in one piece at its end */
async function run(check: Check, alone: boolean): Promise<CheckResult> {
  console.log(`\n==> ${check.name} (npx projen ${check.task})`);
  rmSync(JEST_REPORT, { force: true });
  const started = Date.now();
  const succeeded = await runTask(check, alone);
  const seconds = Math.round((Date.now() - started) / 100) / 10;
  const { passed, failed } = count(check, succeeded);
  console.log(`<== ${check.name}: ${failed === 0 ? 'passed' : 'FAILED'} (${passed} passed, ${failed} failed) in ${seconds} s`);
  return { check: check.name, passed, failed, seconds };
}

/** In a process group of its own, so that a check that hangs is ended with all it started. */
async function runTask({ name, task, counting }: Check, alone: boolean): Promise<boolean> {
  const args = counting === 'jest' ? ['--json', '--outputFile', JEST_REPORT] : [];
  const child = spawn('npx', ['projen', task, ...args], { detached: true, stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => said.push(data));
  }
  const end = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // it has ended by itself
    }
  };
  const interrupted = () => {
    end('SIGTERM');
    process.exit(130);
  };
  const limit = setTimeout(() => {
    console.error(`${name} took longer than ${LIMIT_MS / 60_000} minutes and is ended`);
    end('SIGTERM');
    setTimeout(end, 10_000, 'SIGKILL').unref();
  }, LIMIT_MS);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await new Promise<boolean>((done, failed) => child.once('error', failed).once('close', status => done(status === 0)));
  } finally {
    process.stdout.write(Buffer.concat(said));
    clearTimeout(limit);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
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

async function main(): Promise<void> {
  const started = Date.now();
  const results: CheckResult[] = [];
  for (const group of groupsOf(chosen(process.argv.slice(2)))) {
    const waiting = [...group];
    const lane = async () => {
      for (let check = waiting.shift(); check; check = waiting.shift()) {
        const result = await run(check, group.length === 1);
        recordResult(result);
        results.push(result);
      }
    };
    await Promise.all(Array.from({ length: CORES }, lane));
  }
  const failed = results.filter(result => result.failed > 0).map(result => result.check);
  const seconds = (Date.now() - started) / 1000;
  console.log(`\n${failed.length === 0 ? `All ${results.length} checks passed` : `Failed: ${failed.join(', ')}`} in ${seconds.toFixed(0)} s`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
