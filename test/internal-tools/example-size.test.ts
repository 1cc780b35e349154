import { readFileSync } from 'node:fs';

const lines = (example: string, ...files: string[]) =>
  files.flatMap((file) => readFileSync(`examples/typescript/${example}/${file}`, 'utf8').trimEnd().split('\n')).length;

test('the app of the drawing analysis is under 80 lines: what is longer is the library\'s affair', () => {
  expect(lines('drawing-analysis', 'app.ts')).toBeGreaterThan(20);
  expect(lines('drawing-analysis', 'app.ts')).toBeLessThan(80);
});

test('that of the invoice extraction is under 100, and that of the full system under 80', () => {
  expect(lines('invoice-extraction', 'app.ts')).toBeGreaterThan(20);
  expect(lines('invoice-extraction', 'app.ts', 'reasons.ts')).toBeLessThan(100);
  expect(lines('full-system', 'app.ts')).toBeGreaterThan(20);
  expect(lines('full-system', 'app.ts')).toBeLessThan(80);
});
