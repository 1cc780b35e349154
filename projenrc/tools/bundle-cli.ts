import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { fromLayer } from './bundle/from-layer';
import { leanSdk } from './bundle/lean-sdk';
import { OnDemand } from './bundle/on-demand';

/** What `bin` in package.json leads to. */
export const CLI = 'assets/cli/cdk-jobworks.js';

const COMMON: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  legalComments: 'none', // gathered in one file beside the bundles
  logLevel: 'warning',
};

/** Where `pg` is, seen from the file that needs it. */
const LAYER = '../layer-postgres/nodejs/node_modules/cdk-jobworks/postgres.js';

/**
 * The command line as one file that needs no packages, and beside it what is loaded for migrations alone, which takes `pg` from the layer of
 * functions. It looks for credentials everywhere, profiles and single sign-on included.
 */
export async function bundleCli(): Promise<Metafile[]> {
  const onDemand = new OnDemand();
  const { metafile } = await build({
    ...COMMON,
    entryPoints: ['src/cli/main.ts'],
    outfile: CLI,
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [leanSdk(), onDemand.plugin],
    metafile: true,
  });
  chmodSync(CLI, 0o755);
  const { metafile: beside } = await build({
    ...COMMON,
    entryPoints: onDemand.entryPoints,
    outdir: dirname(CLI),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // CommonJS packages inside an ES module still call require() for Node's own modules
    banner: { js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);' },
    plugins: [fromLayer({ modules: { postgres: LAYER }, always: true })],
    metafile: true,
  });
  return [metafile, beside];
}
