/**
 * The last line of `.ci/run`: `N passed, N failed`, summed over what the steps recorded.
 * Arguments are results that the caller must find beside the checks of `npm test`; one that is missing did not run and counts as failed.
 */
import { CHECKS } from './checks';
import { type CheckResult, readResults } from './results';

function didNotRun(check: string): CheckResult {
  return { check, passed: 0, failed: 1, seconds: 0 };
}

const results = readResults();
const expected = [...CHECKS.map(check => check.name), ...process.argv.slice(2)];
const missing = expected.filter(name => !results.some(result => result.check === name)).map(didNotRun);

console.log('');
for (const { check, passed, failed, seconds } of [...results, ...missing]) {
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${check.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`);
}
for (const { check } of missing) console.log(`       ${check} did not run`);

const sum = (of: 'passed' | 'failed') => [...results, ...missing].reduce((total, result) => total + result[of], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
