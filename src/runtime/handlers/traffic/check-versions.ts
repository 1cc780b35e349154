import type { Call } from './call';
import { missing } from './contains';
import type { VersionCheck } from '../../wire/deployment';

/** A version does not do what it must. */
export class CheckFailed extends Error {
  readonly name = 'CheckFailed';
}

/**
 * Calls each version as it is to be called, all of them at once, whichever of them is to get traffic now: they are deployed together, and one that
 * does not work is a reason to deploy none.
 *
 * @param deadline epoch milliseconds
 * @throws CheckFailed that names every version that does not work
 */
export async function checkVersions(checks: readonly VersionCheck[], call: Call, deadline: number): Promise<void> {
  const problems = await Promise.all(checks.map(async (check) => problemOf(check, call, deadline)));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) {
    throw new CheckFailed(found.join('; '));
  }
}

async function problemOf(check: VersionCheck, call: Call, deadline: number): Promise<string | undefined> {
  const { name, refusal } = check;
  try {
    const called = await call(check.function, check.event, deadline);
    if ('error' in called) {
      const { type, message } = called.error;
      return type === refusal ? undefined : `${name}: the new version failed with ${type}: ${message}`;
    }
    if (refusal !== undefined) {
      return `${name}: the new version should have refused the call by ${refusal}, and answered`;
    }
    const path = check.answer === undefined ? undefined : missing(called.answer, check.answer, 'answer');
    return path === undefined ? undefined : `${name}: the new version answered, but ${path} is not as expected`;
  } catch (error) {
    return `${name}: the new version could not be called (${(error as Error).name}: ${(error as Error).message})`;
  }
}
