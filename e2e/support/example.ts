import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synthesise, type Example } from './synthesise';

const ROOT = resolve(__dirname, '../..');

/** A template as far as tests read it. */
export interface ExampleTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>>;
}

/** A command in the example's folder, as `npm test` would run it there; it throws with what the command wrote when that fails. */
export function inFolder({ folder }: Example, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, { cwd: folder, encoding: 'utf8', timeout: 100_000 });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** @param name of the folder that the assembly is kept in */
export async function templateOf({ folder, stack }: Example, name: string, context?: Readonly<Record<string, unknown>>): Promise<ExampleTemplate> {
  return JSON.parse(readFileSync(join(await synthesise(folder, name, context), `${stack}.template.json`), 'utf8')) as ExampleTemplate;
}

/** The properties of the first resource of a type whose logical id begins so. */
export function propertiesOf({ Resources }: ExampleTemplate, type: string, id = ''): Readonly<Record<string, unknown>> | undefined {
  return Object.entries(Resources).find(([name, { Type }]) => Type === type && name.startsWith(id))?.[1].Properties;
}
