import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';

const HANDLERS = 'src/runtime/handlers';
const LAYERS = [
  { entry: 'src/runtime/node/worker.mts', outfile: 'assets/layer-node/nodejs/node_modules/cdk-jobworks-worker/worker.mjs' },
];

/** The SDK is bundled: it loads in 45 ms, the runtime's own in 75 ms; its ES modules shake to two thirds of its CommonJS ones. */
const COMMON: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node22', // what both current Lambda runtimes understand
  mainFields: ['module', 'main'],
  // in Lambda credentials stand in the environment: the chain that looks everywhere else is a third of a bundle
  alias: { '@aws-sdk/credential-provider-node': './src/runtime/store/lambda-credentials.ts' },
  legalComments: 'none', // gathered in one file beside the bundles
  metafile: true,
  logLevel: 'warning',
};

async function bundleHandlers(): Promise<Metafile> {
  const entries = readdirSync(HANDLERS).filter(file => file.endsWith('.lambda.ts'));
  if (entries.length === 0) throw new Error(`no *.lambda.ts in ${HANDLERS}`);
  const result = await build({
    ...COMMON,
    entryPoints: entries.map(file => ({ in: join(HANDLERS, file), out: basename(file, '.lambda.ts') })),
    outdir: 'assets/handlers',
    format: 'cjs',
  });
  return result.metafile!;
}

async function bundleLayer(layer: typeof LAYERS[number]): Promise<Metafile> {
  const result = await build({
    ...COMMON,
    entryPoints: [layer.entry],
    outfile: layer.outfile,
    format: 'esm',
    // CommonJS packages inside an ES module still call require() for Node's own modules
    banner: { js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);' },
  });
  return result.metafile!;
}

/** The licences of the packages that went into the bundles ask to travel with them; each text once, with those it covers. */
function writeNotices(metafiles: Metafile[]): void {
  const folders = new Set(metafiles
    .flatMap(metafile => Object.keys(metafile.inputs))
    .map(input => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
    .filter(folder => folder !== undefined));
  const packagesByText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
    packagesByText.set(text, [...packagesByText.get(text) ?? [], `${name} ${version} (${license})`]);
  }
  const notices = [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  writeFileSync('assets/THIRD-PARTY-LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
}

function report(metafile: Metafile): void {
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    console.log(`bundle: ${file} ${(bytes / 1024).toFixed(0)} KiB`);
  }
}

async function main(): Promise<void> {
  rmSync('assets', { recursive: true, force: true });
  const metafiles = await Promise.all([bundleHandlers(), ...LAYERS.map(bundleLayer)]);
  metafiles.forEach(report);
  writeNotices(metafiles);
}

main().catch(error => {
  console.error(`bundle: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
