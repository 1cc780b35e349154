import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityPage } from './capacity/page';

/* `npx projen docs:capacity`: brings the tables and the picture of docs/capacity.md up to date; with --check it only says whether they are. */

const DOCS = join(__dirname, '../../docs');
const [PAGE, PLOT] = [join(DOCS, 'capacity.md'), join(DOCS, 'images', 'capacity.svg')];

const before = readFileSync(PAGE, 'utf8');
const { page, plot } = capacityPage(before);
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, page);
  writeFileSync(PLOT, plot);
} else if (page !== before || plot !== readFileSync(PLOT, 'utf8')) {
  throw new Error('docs/capacity.md or docs/images/capacity.svg is not what it would be now. Fix: npx projen docs:capacity.');
}
