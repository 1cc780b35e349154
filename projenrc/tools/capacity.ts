import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityPage } from './capacity/page';

/* `npx projen docs:capacity`: brings the tables and the picture of docs/capacity.md up to date. */

const DOCS = join(__dirname, '../../docs');
const PAGE = join(DOCS, 'capacity.md');

const { page, plot } = capacityPage(readFileSync(PAGE, 'utf8'));
writeFileSync(PAGE, page);
writeFileSync(join(DOCS, 'images', 'capacity.svg'), plot);
