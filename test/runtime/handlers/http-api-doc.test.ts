import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobView } from '../../../src/runtime/handlers/status/job-view';
import { listQuery } from '../../../src/runtime/handlers/status/list-query';
import { ERROR_CODE } from '../../../src/runtime/wire/http';
import { processing } from '../../support/job-fixtures';

/* docs/http-api.md tells every field and every code, and no other. */

const TEXT = readFileSync(join(__dirname, '../../../docs/http-api.md'), 'utf8');

/** A column of the table under a heading, without its head. */
function cells(heading: string, column: number): string[] {
  const section = TEXT.split('\n## ').find((part) => part.startsWith(`${heading}\n`))!;
  return section.split('\n').filter((line) => /^\| [`\d]/.test(line)).map((line) => line.split('|')[column + 1]);
}

const names = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

const NOW = 1;
const everything = jobView(processing({
  stages_completed: ['read'],
  current_stage: 'measure',
  last_checkpoint: NOW,
  progress: 0.5,
  progress_note: 'half',
  not_before: NOW,
  finished_at: NOW,
  cancel_requested: true,
  result: '{}',
  error: { type: 'Error', message: 'broken', attempt: 1 },
}), 'https://result');

test('every field of a status is told', () => {
  expect(cells('Reading its status', 0).flatMap(names).sort()).toEqual(Object.keys(everything).sort());
});

test('the example is a status', () => {
  const [status] = [...TEXT.matchAll(/```json\n([^]*?)```/g)].map(([, text]) => JSON.parse(text) as Record<string, unknown>);
  expect(Object.keys(everything)).toEqual(expect.arrayContaining(Object.keys(status)));
  expect(Object.entries(status).map(([name, value]) => [name, typeof value])).toEqual(
    Object.keys(status).map((name) => [name, typeof (everything as unknown as Record<string, unknown>)[name]]),
  );
});

test('every parameter of a list is told', () => {
  const told = cells('Listing jobs', 0).flatMap(names);
  expect(told.sort()).toEqual(['limit', 'next_token', 'status']);
  const wrong = Object.fromEntries(told.map((name) => [name, '']));
  expect(() => listQuery(wrong)).toThrow(expect.objectContaining({ message: expect.stringMatching(/"status".*"limit".*"next_token"/) }));
});

test('every code is told', () => {
  expect([...new Set(cells('Errors', 1).flatMap(names))].sort()).toEqual(Object.values(ERROR_CODE).sort());
});
