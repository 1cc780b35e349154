import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly Handler?: unknown;
    readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
    readonly [property: string]: unknown;
  };
}

/** Two apps that should say the same do not. */
export class TemplatesDiffer extends Error {
  readonly name = 'TemplatesDiffer';
}

/** The templates in a folder of a cloud assembly, by the names of their files. */
export function readTemplates(assembly: string): Map<string, Template> {
  const files = readdirSync(assembly).filter(file => file.endsWith('.template.json')).sort();
  return new Map(files.map(file => [file, JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template]));
}

/** How many bytes the templates take as they are uploaded. */
export function templateBytes(assembly: string): number {
  return [...readTemplates(assembly).keys()].reduce((sum, file) => sum + readFileSync(join(assembly, file)).length, 0);
}

export function resourceCount(assembly: string): number {
  return [...readTemplates(assembly).values()].reduce((sum, { Resources }) => sum + Object.keys(Resources).length, 0);
}

const UNKNOWN = 'known-at-deployment';

/** The environment of every function, by its handler. What is known only at deployment is a word in its place. */
export function functionsOf(assembly: string): Map<string, Record<string, string>> {
  const functions = [...readTemplates(assembly).values()]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return new Map(functions.map(({ Properties }) => [
    String(Properties?.Handler),
    Object.fromEntries(Object.entries(Properties?.Environment?.Variables ?? {})
      .map(([name, value]) => [name, textOf(value)])),
  ]));
}

/** Texts that are joined of what is known and what is not keep their form, as JSON does. */
function textOf(value: unknown): string {
  const joined = (value as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'];
  return joined ? joined[1].map(textOf).join(joined[0]) : typeof value === 'string' ? value : UNKNOWN;
}

/**
 * Asserts that two assemblies deploy the same: every resource under the same name with the same properties. Only the order in which
 * resources and properties stand is free, as it is for CloudFormation.
 * @throws TemplatesDiffer with what differs
 */
export function assertSameTemplates(assembly: string, other: string): void {
  const ours = readTemplates(assembly);
  const theirs = readTemplates(other);
  const differences = [...differing(ours, theirs)].flatMap(file => {
    const resources = differing(entriesOf(ours.get(file)?.Resources), entriesOf(theirs.get(file)?.Resources));
    return resources.size > 0 ? [...resources].map(id => `${file}: ${id}`) : [`${file}: not among its resources`];
  });
  if (ours.size === 0 || differences.length > 0) {
    throw new TemplatesDiffer(`${assembly} and ${other} do not deploy the same:\n  ${differences.slice(0, 20).join('\n  ') || 'there are no templates'}\n`
      + 'A comparison of their speed would not be fair. Bring bench/worker-by-hand.ts and bench/pipeline-by-hand/ up to date.');
  }
}

/** The keys whose values differ, or that only one of the two has. */
function differing(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...a.keys(), ...b.keys()].filter(key => !isDeepStrictEqual(a.get(key), b.get(key))));
}

function entriesOf(resources: Readonly<Record<string, unknown>> = {}): Map<string, unknown> {
  return new Map(Object.entries(resources));
}
