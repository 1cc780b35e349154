import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { databaseCertificates } from './bundle/certificates';
import { fromLayer, IN_LAYER, LAYER_SOURCES } from './bundle/from-layer';
import { leanSdk } from './bundle/lean-sdk';
import { type EntryPoint, NEVER_CALLED, OnDemand, startProblems } from './bundle/on-demand';
import { SharedSdk } from './bundle/shared-sdk';
import { bundleCli } from './bundle-cli';

const HANDLERS = { folder: 'src/runtime/handlers', outdir: 'assets/handlers' };
const LAYER = { entry: 'src/runtime/node/worker.mts', outdir: 'assets/layer-node/nodejs/node_modules/cdk-jobworks-worker' };
/** Parameters, secrets and flags. */
const CONFIG_LAYER = { entry: 'src/runtime/config/config.ts', outdir: 'assets/layer-config/nodejs/node_modules/cdk-jobworks' };
const POSTGRES_LAYER = 'assets/layer-postgres/nodejs/node_modules/cdk-jobworks';
/** The library's own tables, which are migrated before the user's. */
const SCHEMA = { folder: 'src/runtime/store/postgres/schema', outdir: 'assets/migrations/jobworks' };

/** Layers are laid over one another, and this file is in the same place in two of them: it says what may be there in either. */
const LAYER_PACKAGE = JSON.stringify({
  name: 'cdk-jobworks', exports: { './postgres': './postgres.js', './store': './store.js', './config': './config.js' },
});

/** Somebody waits for these: beside the SDK they share with one another, and not with the rest, so that each is a few files instead of a dozen. */
const WAITED_FOR = ['submit', 'status'];
/** These handle nothing but files, and share what the others load on demand for them. */
const WITH_FILES = ['uploads'];
/**
 * These come to the database as its master, and nobody waits for them: each is one file, with what it loads on demand in it, since one is copied
 * beside files of the user's. They always have the layer, and take the SDK from Lambda.
 */
const MASTERS = ['migrate', 'rotate'];
/** Clients that some load when they start and some on demand. */
const CLIENTS_ON_DEMAND = ['sdk-functions', 'sdk-executions'];
const SPECIAL = [...WAITED_FOR, ...WITH_FILES, ...MASTERS];

/** The SDK is bundled: it loads in 45 ms, the runtime's own in 75 ms; its ES modules shake to two thirds of its CommonJS ones. */
const COMMON: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node22', // what both current Lambda runtimes understand
  mainFields: ['module', 'main'],
  // in Lambda credentials stand in the environment: the chain that looks everywhere else is a third of a bundle
  alias: { '@aws-sdk/credential-provider-node': './src/runtime/store/lambda-credentials.ts' },
  external: [NEVER_CALLED.browserNames],
  legalComments: 'none', // gathered in one file beside the bundles
  logLevel: 'warning',
};

const MODULES: BuildOptions = {
  ...COMMON,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // CommonJS packages inside an ES module still call require() for Node's own modules
  banner: { js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);' },
};

async function bundleHandlers(): Promise<Metafile[]> {
  const { folder, outdir } = HANDLERS;
  const names = readdirSync(folder).filter(file => file.endsWith('.lambda.ts')).map(file => basename(file, '.lambda.ts'));
  if (names.length === 0) throw new Error(`no *.lambda.ts in ${folder}`);
  const entries = (wanted: (name: string) => boolean) => names.filter(wanted).map(name => ({ in: join(folder, `${name}.lambda.ts`), out: name }));
  const onDemand = new OnDemand();
  const sdk = new SharedSdk();
  const modules = { ...MODULES, outdir, plugins: [sdk.imports(), STORE_ON_DEMAND, onDemand.plugin] };
  const bundles = [
    await bundleStart({ ...modules, entryPoints: entries(name => WAITED_FOR.includes(name)) }),
    await bundleStart({ ...modules, entryPoints: entries(name => !SPECIAL.includes(name)) }),
    // what handles files shares no logger: it would load the client of DynamoDB with it
    await bundleOnDemand(onDemand, outdir, entries(name => WITH_FILES.includes(name)), [sdk.imports(CLIENTS_ON_DEMAND)]),
  ];
  bundles.forEach(metafile => sdk.note(metafile));
  return [
    ...bundles,
    await bundleStart({ ...MODULES, outdir, entryPoints: sdk.entryPoints, plugins: [sdk.sources] }),
    await bundleStart({
      ...COMMON, external: ['@aws-sdk/*'], format: 'cjs', entryPoints: entries(name => MASTERS.includes(name)), outdir, plugins: [WITH_LAYER],
    }),
  ];
}

async function bundleLayer(): Promise<Metafile[]> {
  const { entry, outdir } = LAYER;
  const onDemand = new OnDemand();
  return [
    await bundleStart({
      ...MODULES, external: Object.values(NEVER_CALLED), entryPoints: [entry], outdir, plugins: [STORE_ON_DEMAND, onDemand.plugin],
    }),
    await bundleOnDemand(onDemand, outdir),
  ];
}

/** `cdk-jobworks/postgres` and `cdk-jobworks/store`, which are found by their names in a function's layers, and the certificates. */
async function bundlePostgresLayer(): Promise<Metafile[]> {
  const outdir = POSTGRES_LAYER;
  const { postgres, store } = LAYER_SOURCES;
  const notThere = [...Object.values(NEVER_CALLED), 'pg-native']; // the latter is what `pg` uses if somebody has it
  const options: BuildOptions = { ...COMMON, external: notThere, format: 'cjs', outdir };
  const metafiles = [
    await bundleStart({ ...options, entryPoints: [{ in: postgres, out: 'postgres' }] }),
    await bundleStart({ ...options, entryPoints: [{ in: store, out: 'store' }], plugins: [fromLayer({ modules: { postgres: './postgres.js' }, always: true })] }),
  ];
  writeFileSync(join(outdir, 'package.json'), LAYER_PACKAGE);
  writeFileSync(join(outdir, 'rds-ca.pem'), databaseCertificates());
  cpSync(SCHEMA.folder, SCHEMA.outdir, { recursive: true, filter: file => file === SCHEMA.folder || file.endsWith('.sql') });
  return metafiles;
}

/** `cdk-jobworks/config`. Its clients are Lambda's own, loaded with the first question. */
async function bundleConfigLayer(): Promise<Metafile[]> {
  const { entry, outdir } = CONFIG_LAYER;
  const metafile = await bundleStart({ ...COMMON, external: ['@aws-sdk/*'], format: 'cjs', entryPoints: [{ in: entry, out: 'config' }], outdir });
  writeFileSync(join(outdir, 'package.json'), LAYER_PACKAGE);
  return [metafile];
}

/** Jobs in PostgreSQL, where the function has been told of a database. */
const STORE_ON_DEMAND = fromLayer({ modules: IN_LAYER, always: false });
const WITH_LAYER = fromLayer({ modules: IN_LAYER, always: true });
const LEAN_SDK = leanSdk();

/** What a function loads whenever it starts. */
async function bundleStart(options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({ ...options, plugins: [LEAN_SDK, ...(options.plugins ?? [])], metafile: true });
  const problems = startProblems(metafile);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return metafile;
}

/**
 * In files that share nothing with those that are always loaded: esbuild splits by files and not by what is used of them,
 * so that the parts of the SDK which only S3 needs would come into what every function starts with.
 */
async function bundleOnDemand(
  { entryPoints }: OnDemand, outdir: string, more: readonly EntryPoint[] = [], plugins: readonly Plugin[] = [],
): Promise<Metafile> {
  const { metafile } = await build({
    ...MODULES, entryPoints: [...entryPoints, ...more], outdir, plugins: [...plugins, LEAN_SDK, WITH_LAYER], metafile: true,
  });
  return metafile;
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
  const metafiles = (await Promise.all([bundleHandlers(), bundleLayer(), bundlePostgresLayer(), bundleConfigLayer(), bundleCli()])).flat();
  metafiles.forEach(report);
  writeNotices(metafiles);
}

main().catch(error => {
  console.error(`bundle: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
