/**
 * `npm run bench`: measures everything, shows it, and writes `bench/latest.json` and the table of `docs/benchmarks.md`.
 * `npm run bench -- import calls` measures these alone and writes nothing; `--rounds 7` is quicker and less sure.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileChildren, ROOT } from './child';
import { observe } from './machine';
import { bundles } from './measures/bundles';
import { calls } from './measures/calls';
import { cost } from './measures/cost';
import { dashboards } from './measures/dashboards';
import { imports } from './measures/imports';
import { latency } from './measures/latency';
import type { Measure } from './measures/measure';
import { migrations } from './measures/migrations';
import { recovery } from './measures/recovery';
import { sizes } from './measures/sizes';
import { statements } from './measures/statements';
import { stores } from './measures/stores';
import { synthesising } from './measures/synth';
import { throughput } from './measures/throughput';
import { Progress } from './progress';
import { insert, lines, markdown, type Section } from './report';

const MEASURES: Readonly<Record<string, Measure>> = {
  import: imports, synth: synthesising, dashboards, sizes, bundles, calls, statements, recovery, throughput, stores, migrations, latency, cost,
};
const ROUNDS = 15;
const LATEST = join(__dirname, 'latest.json');
const PAGE = join(ROOT, 'docs', 'benchmarks.md');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { rounds: { type: 'string', default: String(ROUNDS) } }, allowPositionals: true });
  const rounds = Number(values.rounds);
  const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
  const unknown = names.filter(name => !(name in MEASURES));
  if (unknown.length > 0) throw new Error(`There is no measure ${unknown.join(', ')}; there are ${Object.keys(MEASURES).join(', ')}`);

  const progress = new Progress(process.stderr);
  const about = observe(rounds);
  await compileChildren();
  const sections: Section[] = [];
  for (const { title, how, run } of names.map(name => MEASURES[name])) {
    const rows = await run({ rounds, progress });
    lines(rows).forEach(line => progress.say(line));
    sections.push({ title, how, rows });
  }
  if (positionals.length > 0) return;
  write(sections, about());
}

function write(sections: readonly Section[], about: ReturnType<ReturnType<typeof observe>>): void {
  writeFileSync(LATEST, `${JSON.stringify({ about, rows: sections.flatMap(({ rows }) => rows) }, undefined, 2)}\n`);
  writeFileSync(PAGE, insert(readFileSync(PAGE, 'utf8'), markdown(sections, about)));
  console.log(`\nwritten: ${LATEST}, ${PAGE}`);
}

main().catch(error => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
