import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT, SCRATCH } from './child';

/** Bundles one of `handlers-by-hand/`, as it would be done for a function that somebody cares about. @returns the folder with its `index.js` */
export async function bundleByHand(name: string): Promise<string> {
  const outdir = join(SCRATCH, `${name}-by-hand`);
  await build({
    entryPoints: [{ in: join(ROOT, 'bench', 'handlers-by-hand', `${name}.ts`), out: 'index' }],
    outdir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    tsconfigRaw: {}, // the paths of tsconfig.dev.json lead to the sources
    logLevel: 'warning',
  });
  return outdir;
}
