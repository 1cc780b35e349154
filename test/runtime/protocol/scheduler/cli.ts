import { scenarios } from './bounds';
import { REAL } from './rules';
import { search } from './search';

/** `npm run scheduler -- max_attempts crashes duplicates` */
function main(given: readonly string[]): void {
  const [max_attempts, crashes, duplicates] = [2, 1, 1].map((usual, index) => Number(given[index] ?? usual));
  if (given.length > 3 || ![max_attempts, crashes, duplicates].every((bound) => Number.isInteger(bound) && bound >= 0) || max_attempts < 1) {
    fail('usage: npm run scheduler -- [max_attempts [crashes [duplicates]]], whole numbers; 2 1 1 unless given');
    return;
  }
  let sum = 0;
  const kinds = new Set<string>();
  for (const { name, bounds } of scenarios(max_attempts, crashes, duplicates)) {
    const started = Date.now();
    const found = search(bounds, REAL, (seen, waiting) => note(`${name}: ${figure(seen)} states seen, ${figure(waiting)} not yet looked at`));
    note('');
    if (found.violation) {
      fail(`${name}: ${found.violation.problem}, after\n  ${found.violation.path.join('\n  ')}`);
      return;
    }
    console.log(`${name.padEnd(10)} ${figure(found.states).padStart(12)} states in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    sum += found.states;
    found.kinds.forEach((kind) => kinds.add(kind));
  }
  console.log(`${figure(sum)} states, ${kinds.size} kinds of step, no violation `
    + `(max_attempts ${max_attempts}, crashes ${crashes}, duplicates ${duplicates})`);
  if (process.stdout.isTTY) {
    console.log([...kinds].sort().join('\n'));
  }
}

function note(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[K${text}`);
  }
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}

function figure(number: number): string {
  return number.toLocaleString('en');
}

main(process.argv.slice(2));
