import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const PAGE = resolve(__dirname, '../../docs/compliance.md');

/** An entry of a table of `docs/compliance.md`: a finding that stands, and why. */
export interface Reason {
  /** The rule or check. */
  readonly rule: string;
  /** Packs or templates that it is about: names, or the beginnings of names. */
  readonly scope: readonly string[];
  /** Resources that it is about; `*` stands for any text. */
  readonly where: readonly string[];
  readonly why: string;
}

/** What was found, in the words of the page. */
export interface Found {
  readonly rule: string;
  readonly scope: string;
  readonly where: string;
}

/** The entries under a heading. */
export function reasons(heading: string): Reason[] {
  const [, section] = readFileSync(PAGE, 'utf8').split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`docs/compliance.md has no heading ${heading}`);
  return section.split('\n## ')[0].split('\n').filter(line => line.startsWith('| `')).map(line => {
    const [rule, scope, where, why] = line.split('|').slice(1, -1).map(cell => cell.trim());
    return { rule: plain(rule)[0], scope: plain(scope), where: plain(where), why };
  });
}

/** What is found and has no reason, and reasons for what is not found: each in a line. Nothing, if page and findings agree. */
export function disagreements(heading: string, found: readonly Found[]): string[] {
  const entries = reasons(heading)
    .flatMap(({ rule, scope, where, why }) => scope.flatMap(one => where.map(pattern => ({ rule, one, pattern, why }))));
  const covers = (entry: typeof entries[number], { rule, scope, where }: Found) =>
    entry.rule === rule && (entry.one === 'all' || scope.startsWith(entry.one)) && matches(entry.pattern, where);
  const unexplained = found.filter(finding => !entries.some(entry => entry.why !== '' && covers(entry, finding)));
  const stale = entries.filter(entry => !found.some(finding => covers(entry, finding)));
  return [
    ...unexplained.map(({ rule, scope, where }) => `no reason: ${rule} of ${scope} on ${where}`),
    ...stale.map(({ rule, one, pattern }) => `not found any more: ${rule} of ${one} on ${pattern}`),
  ].sort();
}

function plain(cell: string): string[] {
  return cell.split(',').map(part => part.trim().replace(/^`|`$/g, ''));
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text);
}
