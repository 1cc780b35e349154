/**
 * The last line of `.ci/run`: `N passed, N failed`, summed over what the steps recorded.
 * Arguments are results that the caller must find beside the checks of `npm test`; one that is missing did not run and counts as failed.
 */
import { CHECKS } from './checks';
import { type CheckResult, readResults } from './results';

function didNotRun(check: string): CheckResult {
  return { check, passed: 0, failed: 1, seconds: 0 };
}

const recorded = readResults();
const expected = [...process.argv.slice(2), ...CHECKS.map(check => check.name)];
const missing = expected.filter(name => !recorded.some(result => result.check === name));
const results = [...recorded, ...missing.map(didNotRun)].sort((a, b) => expected.indexOf(a.check) - expected.indexOf(b.check));

console.log('');
for (const { check, passed, failed, seconds } of results) {
  const verdict = missing.includes(check) ? 'NOT RUN' : failed === 0 ? 'ok' : 'FAILED';
  console.log(`${verdict.padEnd(8)}${check.padEnd(10)}${String(passed).padStart(6)} passed${String(failed).padStart(5)} failed${seconds.toFixed(1).padStart(8)} s`);
}

const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
