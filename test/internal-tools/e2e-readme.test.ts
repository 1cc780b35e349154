import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../e2e');
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');

/** Tests as the page quotes them, each with the file that it names before: `lives: *one*, *another*; requests: *a third*`. */
const QUOTED = README.split('\n').filter((line) => line.startsWith('| ')).flatMap((row) => {
  let file = '';
  return [...row.matchAll(/(?:\b([a-z-]+): )?\*([^*]+)\*/g)].map(([, named, title]): [string, string] => {
    file = named ?? file;
    return [file, title.replace(/^… | …$/g, '')];
  });
});

test('there are tests for each of the twelve rules', () => {
  const rules = [...README.matchAll(/^\| (\d+)\. .*\*/gm)].map(([, number]) => Number(number));
  expect(rules).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test.each(QUOTED)('%s has: %s', (file, title) => {
  expect(readFileSync(join(FOLDER, `${file}.test.ts`), 'utf8')).toContain(title);
});

test('every file that it lists is there', () => {
  const listed = [...README.matchAll(/`([a-z-]+\.test\.ts)`/g)].map(([, file]) => file);
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter((file) => !existsSync(join(FOLDER, file)))).toEqual([]);
});
