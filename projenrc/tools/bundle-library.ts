import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { compileAtOnce } from './bundle-library/compile-at-once';
import { deferRequires } from './bundle-library/defer-requires';
import { stripSourceMaps } from './bundle-library/strip-source-maps';

const INDEX = 'lib/index.js';
const BUNDLE = 'lib/bundle/index.js';

/** What Node.js must look up each time it is asked: some fifty times a tenth of a millisecond and more. In the bundle each is asked for once. */
const requireOnce: Plugin = {
  name: 'require-once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.]/ }, ({ path, kind, namespace }) => {
      if (kind === 'entry-point') {
        return undefined;
      }
      return namespace === 'once' ? { path, external: true } : { path, namespace: 'once' };
    });
    onLoad({ filter: /.*/, namespace: 'once' }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});` }));
  },
};

const requireWhenUsed: Plugin = {
  name: 'require-when-used',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => ({ contents: deferRequires(path, readFileSync(path, 'utf8')) }));
  },
};

/**
 * Makes one file of the compiled constructs. To load them as some thirty files takes more than twice as long, in every app that
 * imports the library, whatever it uses. `lib/index.js` only leads there, so that it is what `require`, jsii and deep links have always found.
 *
 * The bundle lies as deep as the files it is made of: they find `assets/` from where they are.
 */
async function main(): Promise<void> {
  const names = Object.keys(createRequire(__filename)(resolve(INDEX)) as object);
  await build({
    entryPoints: [INDEX],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    plugins: [requireOnce, requireWhenUsed],
    minifySyntax: true,
    minifyWhitespace: true, // comments and indentation are a third of it; names stay as they are
    lineLimit: 120, // Node.js shows the line that threw
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(BUNDLE, compileAtOnce(BUNDLE, readFileSync(BUNDLE, 'utf8')));
  stripSourceMaps('lib');
  // ES modules find the names of CommonJS exports by reading the text: this line, which never runs, is for them
  writeFileSync(INDEX, `module.exports = require('./bundle/index.js');\n0 && (module.exports = { ${names.join(', ')} });\n`);

  const seen = await import(pathToFileURL(resolve(INDEX)).href) as Readonly<Record<string, unknown>>;
  const missing = names.filter(name => !(name in seen));
  if (missing.length > 0) throw new Error(`an ES module would not find ${missing.join(', ')}`);
  const renamed = names.filter(name => typeof seen[name] === 'function' && seen[name].name !== name);
  if (renamed.length > 0) throw new Error(`a class is called by its name in errors and in a tree: ${renamed.join(', ')} are called otherwise in the bundle`);
}

main().catch(error => {
  console.error(`bundle-library: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
