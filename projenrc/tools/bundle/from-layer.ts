import { relative, resolve } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';

/** What the modules of the layer of `grantConnect()` are made of: `pg` with the pool, and the store of jobs. No bundle has them a second time. */
export const LAYER_SOURCES = { postgres: 'src/runtime/database/layer.ts', store: 'src/runtime/store/postgres/postgres-store.ts' } as const;

type LayerModule = keyof typeof LAYER_SOURCES;

/** By these names a function with the layer finds them. */
export const IN_LAYER: Readonly<Record<LayerModule, string>> = { postgres: 'cdk-jobworks/postgres', store: 'cdk-jobworks/store' };

export interface FromLayerOptions {
  /** What each is called, seen from the bundle. */
  readonly modules: Readonly<Partial<Record<LayerModule, string>>>;
  /** Whether whoever loads the bundle always has the layer. Else only what is loaded by `import()` may need it. */
  readonly always: boolean;
}

/** What leads to a module of the layer, without its ending. */
const LEADS_TO: Readonly<Record<string, LayerModule>> = {
  [resolve('src/runtime/database/pool')]: 'postgres',
  [resolve('src/runtime/store/postgres/postgres-store')]: 'store',
};

const NAMESPACE = 'from-layer';

/**
 * Leads to the layer by `require`, also in ES modules: their `import` finds no layer, as it does not look where NODE_PATH says.
 * What the layer does not export is an error of the bundle.
 */
export function fromLayer({ modules, always }: FromLayerOptions): Plugin {
  return {
    name: 'from-layer',
    setup: build => {
      build.onResolve({ filter: /^(pg$|\.)/ }, ({ path, kind, importer, resolveDir, namespace }) => {
        if (namespace === NAMESPACE || importer.includes('/node_modules/')) return undefined;
        const module = path === 'pg' ? 'postgres' : LEADS_TO[resolve(resolveDir, path).replace(/\.js$/, '')];
        if (module === undefined || modules[module] === undefined) return undefined;
        return always || kind === 'dynamic-import' ? { path: module, namespace: NAMESPACE } : {
          errors: [{
            text: `${relative('.', importer)} imports ${path} whenever its function starts, and a function without a database has no layer with it: `
            + 'put what needs it into a module that is loaded by import()',
          }],
        };
      });
      build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => ({
        // by name: of what is exported as a whole, import() would have nothing but `default` to give
        contents: `export const { ${(await exportsOf(LAYER_SOURCES[path as LayerModule])).join(', ')} } = require(${JSON.stringify(modules[path as LayerModule])});`,
      }));
      build.onResolve({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ path, external: true }));
    },
  };
}

async function exportsOf(source: string): Promise<string[]> {
  const { metafile } = await bundle({ entryPoints: [source], bundle: true, packages: 'external', platform: 'node', format: 'esm', write: false, metafile: true });
  return Object.values(metafile.outputs).flatMap(output => output.exports);
}
