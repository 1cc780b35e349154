import type { Default } from './assembly';
import { PARTS } from './parts';
import { ENVIRONMENTS, PROFILE } from './profiles';

/** Reasons by what they are for: `Struct.prop`, `*.prop` (of every struct) or `Struct.*`, several divided by commas. */
export type Reasons = Readonly<Record<string, string>>;

/** The tables of the page, between lines that say so. */
const PROFILES = ['<!-- begin: environments, written by npx projen docs:defaults -->', '<!-- end: environments -->'] as const;
const PROPS = ['<!-- begin: props, written by npx projen docs:defaults -->', '<!-- end: props -->'] as const;

/** The page with its tables as they are now. Throws where a default has no reason, a reason no default, or a struct no place. */
export function defaultsPage(before: string, defaults: readonly Default[], reasons: Reasons): string {
  const explained = explain(defaults, reasons);
  const page = replaced(before, PROFILES, profiles(explained.filter(({ struct }) => struct === PROFILE)));
  return replaced(page, PROPS, tables(explained.filter(({ struct }) => struct !== PROFILE)));
}

function replaced(page: string, [begin, end]: readonly [string, string], text: string): string {
  const [head, rest] = page.split(begin);
  const tail = rest?.split(end)[1];
  if (tail === undefined) throw new Error(`docs/defaults.md has no lines ${begin} and ${end} between which a table stands`);
  return [head, begin, '\n\n', text, '\n', end, tail].join('');
}

interface Explained extends Default {
  readonly why: string;
  /** Whether the reason holds for this prop wherever it is. */
  readonly everywhere: boolean;
}

function explain(defaults: readonly Default[], reasons: Reasons): Explained[] {
  const entries = Object.entries(reasons).flatMap(([keys, why]) => keys.split(',').map(key => ({ key: key.trim(), why })));
  const used = new Set<string>();
  const problems: string[] = [];
  const explained = defaults.map(one => {
    const exact = entries.filter(({ key }) => key === `${one.struct}.${one.prop}`);
    const general = entries.filter(({ key }) => key === `*.${one.prop}` || key === `${one.struct}.*`);
    const [entry, second] = exact.length > 0 ? exact : general;
    if (!entry) problems.push(`${one.struct}.${one.prop} (${one.value}) has no reason`);
    if (second) problems.push(`${one.struct}.${one.prop} has two reasons`);
    if (entry) used.add(entry.key);
    return { ...one, why: entry?.why ?? '', everywhere: entry?.key.startsWith('*.') ?? false };
  });
  problems.push(...entries.filter(({ key }) => !used.has(key)).map(({ key }) => `the reason for ${key} is of no default`));
  problems.push(...entries.filter(({ key }, index) => entries.findIndex(other => other.key === key) < index).map(({ key }) => `${key} stands twice`));
  const placed = new Set([PROFILE, ...PARTS.flatMap(({ structs }) => structs)]);
  problems.push(...[...new Set(defaults.map(({ struct }) => struct))].filter(struct => !placed.has(struct)).map(struct => `${struct} is in no part of the page`));
  if (problems.length > 0) throw new Error(['docs/defaults.reasons.json (or projenrc/tools/defaults/parts.ts) does not fit:', ...problems].join('\n'));
  return explained;
}

function profiles(explained: readonly Explained[]): string {
  const rows = explained.map(({ prop, value, why }) => `| \`${prop}\` | ${value} | ${why} |`);
  return [`| | ${ENVIRONMENTS.join(' | ')} | why |`, '|---|---|---|---|---|', ...rows, ''].join('\n');
}

function tables(explained: readonly Explained[]): string {
  const general = explained.filter(({ everywhere }) => everywhere);
  const everywhere = [...new Set(general.map(({ prop }) => prop))].map(prop => {
    const all = general.filter(one => one.prop === prop);
    return row(`\`${prop}\``, usual(all.map(({ value }) => shown(value))), all[0].why);
  });
  const parts = PARTS.map(({ title, structs }) => section(title, structs.flatMap(struct => {
    const own = explained.filter(one => one.struct === struct && !one.everywhere);
    return [...new Set(own.map(({ why }) => why))].map(why => {
      const together = own.filter(one => one.why === why);
      return row(together.map(({ prop }) => `\`${struct}.${prop}\``).join('<br>'), together.map(({ value }) => shown(value)).join('<br>'), why);
    });
  })));
  return [section('Wherever there is such a prop', everywhere), ...parts].join('\n');
}

function section(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : [`### ${title}`, '', '| prop | default | why |', '|---|---|---|', ...rows, ''].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}

/** What most of them say: each says the same in its own words. */
function usual(values: readonly string[]): string {
  const count = (value: string) => values.filter(other => other === value).length;
  return [...values].sort((one, other) => count(other) - count(one))[0];
}

function shown(value: string): string {
  return value.startsWith('- ') ? value.slice(2) : `\`${value}\``;
}
