/** `npm run preview`: draws the dashboard of an example as an SVG, from what it synthesises and with sample data. `-- --help` says how. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { watchedIn, type Dashboard } from './body/dashboards';
import { readOptions, Usage } from './options';
import { preview } from './preview';
import { synthesise } from '../e2e/support/synthesise';

const ROOT = resolve(__dirname, '..');
const EXAMPLES = join(ROOT, 'examples', 'typescript');

/** Names of places in the app stand in for names that only a deployment makes; the CDK's command line asks for them, too. */
const WITH_PATHS = { 'aws:cdk:enable-path-metadata': true };

async function main(): Promise<void> {
  const examples = readdirSync(EXAMPLES).filter((folder) => existsSync(join(EXAMPLES, folder, 'cdk.json'))).sort();
  const { example, context, dashboard, out, ...look } = readOptions(process.argv.slice(2), examples);
  const watched = watchedIn(await synthesise(join(EXAMPLES, example), `preview-${example}`, { ...context, ...WITH_PATHS }));
  const chosen = choose(watched.dashboards, dashboard, example);
  const { svg, faults } = preview(chosen, watched, look);
  const file = resolve(out ?? join(ROOT, '.cache', 'preview', `${example}-${look.width}-${look.theme}-${look.state}.svg`));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, svg);
  faults.forEach((fault) => console.error(`not drawn: ${fault}`));
  console.log(`${relative(process.cwd(), file)}: ${chosen.name}, ${chosen.body.widgets.length} widgets, ${Math.round(svg.length / 1000)} kB`);
}

function choose(dashboards: readonly Dashboard[], wanted: string | undefined, example: string): Dashboard {
  const nameOf = ({ name, stack }: Dashboard) => dashboards.some((other) => other.name === name && other.stack !== stack) ? `${stack}/${name}` : name;
  const names = dashboards.map(nameOf).join(', ');
  if (dashboards.length === 0) throw new Usage(`the example ${example} has no dashboard`);
  const found = wanted === undefined ? dashboards[0] : dashboards.find((one) => nameOf(one) === wanted);
  if (!found) throw new Usage(`${example} has no dashboard "${wanted}"; it has ${names}`);
  if (wanted === undefined && dashboards.length > 1) console.error(`${example} has ${names}; --dashboard chooses another than the first`);
  return found;
}

main().catch((error: unknown) => {
  const isUsage = error instanceof Usage;
  (isUsage && !error.wrong ? console.log : console.error)(isUsage ? error.message : error);
  process.exitCode = isUsage && !error.wrong ? 0 : 1;
});
