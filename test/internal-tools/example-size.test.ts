import { readFileSync } from 'node:fs';

const lines = (example: string, ...files: string[]) =>
  files.flatMap((file) => readFileSync(`examples/typescript/${example}/${file}`, 'utf8').trimEnd().split('\n')).length;

test('the app of the drawing analysis is under 80 lines: what is longer is the library\'s affair', () => {
  expect(lines('drawing-analysis', 'app.ts')).toBeGreaterThan(20);
  expect(lines('drawing-analysis', 'app.ts')).toBeLessThan(80);
});

test('that of the invoice extraction is under 150, with what watches over it', () => {
  expect(lines('invoice-extraction', 'app.ts')).toBeGreaterThan(20);
  expect(lines('invoice-extraction', 'app.ts', 'watch.ts', 'reasons.ts')).toBeLessThan(150);
});
