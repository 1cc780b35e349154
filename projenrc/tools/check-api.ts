/** Fails when API.md or docs/defaults.md is not what would be written of the library as it was compiled last, and shows how they differ. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const CURRENT = '.cache/API.md';

mkdirSync('.cache', { recursive: true });
execFileSync('npx', ['jsii-docgen', '-o', CURRENT], { stdio: 'inherit' });
const { status } = spawnSync('git', ['diff', '--no-index', '--exit-code', '--', 'API.md', CURRENT], { stdio: 'inherit' });
if (status !== 0) {
  console.error('API.md is not current: run `npx projen compile && npx projen docgen`, read the diff and commit it');
  process.exitCode = 1;
}

const defaults = spawnSync('npx', ['tsx', 'projenrc/tools/defaults.ts', '--check'], { stdio: 'inherit' });
if (defaults.status !== 0) process.exitCode = 1;
