import { readFileSync } from 'node:fs';

test('the app of the drawing analysis is under 80 lines: what is longer is the library\'s affair', () => {
  const lines = readFileSync('examples/typescript/drawing-analysis/app.ts', 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.length).toBeLessThan(80);
});
