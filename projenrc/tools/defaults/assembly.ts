import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A prop that may be left out, and what holds then. */
export interface Default {
  readonly struct: string;
  readonly prop: string;
  /** As in its docstring: a literal, or "- " and words. */
  readonly value: string;
}

interface Assembly {
  readonly schema: string;
  readonly filename?: string;
  readonly types: Record<string, {
    readonly name: string;
    readonly datatype?: boolean;
    readonly properties?: readonly { readonly name: string; readonly docs?: { readonly default?: string } }[];
  }>;
}

/** Where there is nothing by default, and what is removed, there is nothing to give a reason for. */
const NOTHING = /^- (none|removed)\b/;

/** The defaults of every struct, as they were compiled last, by name. */
export function readDefaults(file: string): Default[] {
  const { types } = readAssembly(file);
  return Object.values(types).filter(({ datatype }) => datatype).flatMap(({ name, properties = [] }) => properties.flatMap(prop => {
    const value = prop.docs?.default?.replace(/\s+/g, ' ').trim();
    return value === undefined || NOTHING.test(value) ? [] : [{ struct: name, prop: prop.name, value }];
  }));
}

/** An assembly may be in another file, packed. */
function readAssembly(file: string): Assembly {
  const assembly: Assembly = JSON.parse(readFileSync(file, 'utf8'));
  return assembly.schema === 'jsii/file-redirect' ? JSON.parse(gunzipSync(readFileSync(join(dirname(file), assembly.filename!))).toString()) : assembly;
}
