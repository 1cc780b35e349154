import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbookNames } from '../../src/monitoring/runbooks';

const FOLDER = join(__dirname, '../../docs/runbooks');
const page = (name: string) => readFileSync(join(FOLDER, `${name}.md`), 'utf8');

const pages = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, '')).filter((name) => name !== 'README');

test('each alarm has its page, and each page its alarm', () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.sort()).toEqual(runbookNames().sort());
});

test.each(pages)('%s says what it means, where to look, what it is, how to mend it and what comes after', (name) => {
  const text = page(name);
  expect(text.match(/^## .+$/gm)).toEqual(['## What it means', '## First look', '## Likely causes', '## How to mend it', '## Afterwards']);
  expect(text).toMatch(/^# .+\n\n\*\*Rings:\*\* .+\.\n/);
  const parts = text.split(/^## .+$/m).map((part) => part.trim());
  expect(parts.filter((part) => part.length < 8)).toEqual([]);
});

test('the overview leads to each of them', () => {
  const linked = [...page('README').matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name);
  expect(linked.sort()).toEqual([...pages].sort());
});

test.each(['README', ...pages])('what %s links to is there', (name) => {
  const links = [...page(name).matchAll(/\]\((?!https:)([^)#]+)(#[^)]*)?\)/g)];
  for (const [, file, anchor] of links) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => `#${heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-')}`);
    if (anchor !== undefined) expect({ file, anchors }).toEqual({ file, anchors: expect.arrayContaining([anchor]) });
  }
});
