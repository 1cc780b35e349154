import { basename } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Only what handles a file needs it, and it is half of a bundle. */
const LARGE = /\/node_modules\/@aws-sdk\/(client-s3|s3-[^/]+)\//;

/**
 * What the SDK imports where no call of ours ever comes. Left as imports that would fail, they make each bundle 50 KB smaller and 4 ms faster.
 * The clients of S3 and Lambda cannot start without the second.
 */
export const NEVER_CALLED = { browserNames: 'bowser', eventStreams: '@smithy/core/event-streams' } as const;

/** A file, and what its bundle is called. */
export interface EntryPoint {
  readonly in: string;
  readonly out: string;
}

/** Each `import()` of ours leads to a file of its own, beside the bundle that has it. */
export class OnDemand {
  private readonly outOf = new Map<string, string>();

  readonly plugin: Plugin = {
    name: 'on-demand',
    setup: build => {
      build.onResolve({ filter: /^\.\.?\// }, async ({ path, kind, importer, resolveDir }) => {
        if (kind !== 'dynamic-import' || importer.includes('/node_modules/')) return undefined;
        const resolved = await build.resolve(path, { kind: 'import-statement', importer, resolveDir });
        if (resolved.errors.length > 0) return { errors: resolved.errors };
        const out = basename(resolved.path).replace(/\.m?ts$/, '');
        const other = this.outOf.get(out) ?? resolved.path;
        if (other !== resolved.path) return { errors: [{ text: `${other} and ${resolved.path} are both loaded on demand: give them different names` }] };
        this.outOf.set(out, resolved.path);
        return { path: `./${out}.mjs`, external: true };
      });
    },
  };

  /** To be bundled when everything else has been. */
  get entryPoints(): EntryPoint[] {
    return [...this.outOf].map(([out, file]) => ({ in: file, out }));
  }
}

/** What is wrong with bundles that are loaded whenever a function starts; empty when nothing is. */
export function startProblems({ inputs, outputs }: Metafile): string[] {
  const large = Object.entries(inputs)
    .flatMap(([importer, { imports }]) => imports.filter(({ path, kind }) => LARGE.test(`/${path}`) && !LARGE.test(`/${importer}`) && kind === 'import-statement')
      .map(({ path }) => `${importer} imports ${path} whenever its function starts: put what needs it into a module that is loaded by import()`));
  const dead = Object.entries(outputs)
    .flatMap(([output, { imports }]) => imports.filter(({ path, kind }) => (Object.values(NEVER_CALLED) as string[]).includes(path) && kind !== 'dynamic-import')
      .map(({ path }) => `${output} needs ${path} to start: it is called, so it belongs into the bundle`));
  return [...new Set([...large, ...dead])];
}
