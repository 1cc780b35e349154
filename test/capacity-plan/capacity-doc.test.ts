import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/*
 * docs/capacity.md and its picture are what `npx projen docs:capacity` would write now. In a process of its own: within jest it takes twenty times as
 * long.
 */

test('the page and its picture are up to date', () => {
  const tool = join(__dirname, '../../projenrc/tools/capacity.ts');
  expect(() => execFileSync(process.execPath, [require.resolve('tsx/cli'), tool, '--check'], { stdio: 'pipe' })).not.toThrow();
}, 120_000);
