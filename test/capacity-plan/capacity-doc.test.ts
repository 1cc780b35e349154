import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityPage } from '../../projenrc/tools/capacity/page';

/* docs/capacity.md and its picture are what `npx projen docs:capacity` would write now. */

const read = (path: string) => readFileSync(join(__dirname, '../../docs', path), 'utf8');

test('the page and its picture are up to date', () => {
  const { page, plot } = capacityPage(read('capacity.md'));
  expect(page).toBe(read('capacity.md'));
  expect(plot).toBe(read('images/capacity.svg'));
}, 180_000);
