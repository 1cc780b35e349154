import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Templates of an assembly and the lists of its assets, whose names are hashes of what is in them; by file name. */
export type Templates = Map<string, string>;

const FILES = /\.(template|assets)\.json$/;
const TEMPLATE = /\.template\.json$/;
const SHOWN = 12;

export function readTemplates(assembly: string): Templates {
  const files = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter(file => FILES.test(file)).sort();
  if (!files.some(file => TEMPLATE.test(file))) throw new Error(`${assembly} holds no template`);
  return new Map(files.map(file => [file, readFileSync(join(assembly, file), 'utf8')]));
}

/** Throws unless both have the same files with the same bytes. */
export function equalFiles(expected: Templates, actual: Templates): { summary: string } {
  const names = [...expected.keys()].join(', ');
  const others = [...actual.keys()].join(', ');
  if (names !== others) throw new Error(`the files are ${others} instead of ${names}`);
  const different = [...expected].filter(([name, text]) => actual.get(name) !== text).map(([name]) => name);
  if (different.length > 0) {
    throw new Error([`${different.join(', ')} differ:`, ...differences(expected, actual)].slice(0, SHOWN).join('\n'));
  }
  const bytes = [...expected.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { summary: `${expected.size} files, ${bytes} bytes, equal to the byte` };
}

/** What differs, in a line or a few. */
export function summariseDifferences(before: Templates, after: Templates): string {
  const lines = differences(before, after);
  if (lines.length === 0) return 'no value differs';
  const rest = lines.length - SHOWN;
  return [lines.length === 1 ? '1 value differs' : `${lines.length} values differ`, ...lines.slice(0, SHOWN), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}

/** Every value that differs, with its path; bytes that differ without a value (order, white space) are one difference of the file. */
export function differences(before: Templates, after: Templates): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap(file => {
    const [one, other] = [before.get(file), after.get(file)];
    if (one === other) return [];
    if (one === undefined) return [`${file}: only in the second`];
    if (other === undefined) return [`${file}: only in the first`];
    const values = valueDifferences(JSON.parse(one), JSON.parse(other), file);
    return values.length > 0 ? values : [`${file}: the same values in another order or form`];
  });
}

function valueDifferences(before: unknown, after: unknown, path: string): string[] {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap(key => valueDifferences(before[key], after[key], `${path} › ${key}`));
  }
  return before === after ? [] : [`${path}: ${shown(before)} → ${shown(after)}`];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
