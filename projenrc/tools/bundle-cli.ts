import { chmodSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';

/** What `bin` in package.json leads to. */
export const CLI = 'assets/cli/cdk-jobworks.js';

/** The command line as one file that needs no packages. It looks for credentials everywhere, profiles and single sign-on included. */
export async function bundleCli(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    outfile: CLI,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    legalComments: 'none', // gathered in one file beside the bundles
    logLevel: 'warning',
    metafile: true,
  });
  chmodSync(CLI, 0o755);
  return metafile;
}
