import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testJob } from 'cdk-jobworks/runtime';

/* docs/handler.md shows the files beside this one, which are compiled and run, and it names all that a job has. */

const TEXT = readFileSync(join(__dirname, '../../../../docs/handler.md'), 'utf8');
const BLOCKS = [...TEXT.matchAll(/```ts\n([^]*?)```\n/g)].map(([, code]) => code);

test.each(['analyse.ts', 'analyse.test.ts', 'measure.ts'])('%s is shown as it is', (file) => {
  expect(BLOCKS).toContain(readFileSync(join(__dirname, file), 'utf8'));
});

test('every member of a job is told', () => {
  const rows = TEXT.split('\n## ').find((part) => part.startsWith('What `job` has'))!.split('\n').filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)/g)].map(([, name]) => name));
  const { recorded, context, abort, ...job } = testJob(null);
  expect([recorded, context, abort]).toHaveLength(3);
  expect(told.sort()).toEqual(Object.keys(job).sort());
});
