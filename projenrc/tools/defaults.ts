import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefaults } from './defaults/assembly';
import { defaultsPage, type Reasons } from './defaults/page';
import { profileDefaults } from './defaults/profiles';

/*
 * `npx projen docs:defaults` (after compile): brings the tables of docs/defaults.md up to date, from the docstrings, the profiles and
 * docs/defaults.reasons.json. With --check it only says whether they are.
 */

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/defaults.md');

const before = readFileSync(PAGE, 'utf8');
const reasons: Reasons = JSON.parse(readFileSync(join(ROOT, 'docs/defaults.reasons.json'), 'utf8'));
const page = defaultsPage(before, [...profileDefaults(), ...readDefaults(join(ROOT, '.jsii'))], reasons);
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, page);
} else if (page !== before) {
  throw new Error('docs/defaults.md is not what it would be now. Fix: npx projen compile && npx projen docs:defaults, read the diff and commit it.');
}
