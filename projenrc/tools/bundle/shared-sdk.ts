import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import type { EntryPoint } from './on-demand';

/** What each of the shared files has. Nearly every handler needs all of the first, and not every one the others. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'sdk-common': ['@aws-sdk/client-dynamodb', '@aws-lambda-powertools/logger', '@aws-lambda-powertools/metrics'],
  'sdk-queue': ['@aws-sdk/client-sqs'],
  'sdk-functions': ['@aws-sdk/client-lambda'],
  'sdk-executions': ['@aws-sdk/client-sfn'],
  'sdk-deployments': ['@aws-sdk/client-codedeploy'],
};

/** `import{A as a,B as b}from"./sdk-common.mjs"`, as esbuild writes it. */
const IMPORT = /import\s*(\{[^}]*\}|[^"'{}]*?)\s*from\s*["']\.\/([\w-]+)\.mjs["']/g;
const NAMESPACE = 'shared-sdk';

/**
 * The SDK in a few files that bundles of different groups import, instead of once in each group. Bundles are built first, with these files as
 * something that will be there, and then the files with exactly what the bundles take from them.
 */
export class SharedSdk {
  private readonly names = new Map<string, Set<string>>();

  /** @param files that bundles may import @default - all */
  imports(files: readonly string[] = Object.keys(FILES)): Plugin {
    return {
      name: 'shared-sdk-imports',
      setup: build => build.onResolve({ filter: /^@/ }, ({ path, importer }) => {
        const file = files.find(name => FILES[name].includes(path));
        return file === undefined || importer.includes('/node_modules/') ? undefined : { path: `./${file}.mjs`, external: true };
      }),
    };
  }

  /** Remembers what bundles that were built import. */
  note({ outputs }: Metafile): void {
    for (const output of Object.keys(outputs)) {
      for (const [, clause, file] of readFileSync(output, 'utf8').matchAll(IMPORT)) {
        if (!(file in FILES)) continue;
        if (!clause.startsWith('{')) throw new Error(`${output} imports ${file} as a whole: import from ${FILES[file].join(', ')} by name`);
        const names = this.names.get(file) ?? new Set<string>();
        this.names.set(file, names);
        clause.slice(1, -1).split(',').forEach(name => names.add(name.trim().split(/\s+as\s+/)[0]));
      }
    }
  }

  /** To be bundled together, when everything has been noted. */
  get entryPoints(): EntryPoint[] {
    return [...this.names.keys()].map(file => ({ in: `${NAMESPACE}:${file}`, out: file }));
  }

  /** What the entry points are made of. */
  get sources(): Plugin {
    return {
      name: 'shared-sdk-sources',
      setup: build => {
        build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({ path: path.slice(NAMESPACE.length + 1), namespace: NAMESPACE }));
        build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path: file }) => ({
          resolveDir: resolve('.'),
          contents: [...this.names.get(file) ?? []].map(name => `export { ${name} } from '${packageOf(name, FILES[file])}';`).join('\n'),
        }));
      },
    };
  }
}

function packageOf(name: string, packages: readonly string[]): string {
  const load = createRequire(__filename);
  const having = packages.filter(path => name in (load(path) as object));
  if (having.length !== 1) throw new Error(`${name} is exported by ${having.length} of ${packages.join(', ')}`);
  return having[0];
}
