import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { fromLayer, IN_LAYER } from '../../projenrc/tools/bundle/from-layer';
import { OnDemand, startProblems } from '../../projenrc/tools/bundle/on-demand';

const folder = mkdtempSync(join(tmpdir(), 'jobworks-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function bundled(files: Record<string, string>): Promise<{ onDemand: OnDemand; code: string; errors: readonly string[] }> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const onDemand = new OnDemand();
  try {
    const { outputFiles: [{ text: code }] } = await build({
      entryPoints: [join(folder, 'entry.ts')], bundle: true, platform: 'node', format: 'cjs', write: false, logLevel: 'silent', plugins: [onDemand.plugin],
    });
    return { onDemand, code, errors: [] };
  } catch (error) {
    return { onDemand, code: '', errors: (error as { errors: { text: string }[] }).errors.map(({ text }) => text) };
  }
}

describe('what is imported on demand', () => {
  test('is a file of its own, beside the one that imports it', async () => {
    const { onDemand, code } = await bundled({
      'entry.ts': 'import { always } from "./always"; export const handler = async () => [always, (await import("./sometimes.js")).rarely];',
      'always.ts': 'export const always = "always";',
      'sometimes.ts': 'export const rarely = "rarely";',
    });
    expect(code).toContain('import("./sometimes.mjs")');
    expect(code).toContain('always');
    expect(code).not.toContain('rarely"');
    expect(onDemand.entryPoints).toEqual([{ in: join(folder, 'sometimes.ts'), out: 'sometimes' }]);
  });

  test('stays as it is where the name is known only when it runs', async () => {
    const { onDemand, code } = await bundled({ 'entry.ts': 'export const load = async (url: string) => import(url);' });
    expect(code).toContain('import(url)');
    expect(onDemand.entryPoints).toEqual([]);
  });

  test('is missed where there is no such file', async () => {
    expect((await bundled({ 'entry.ts': 'export const load = async () => import("./nowhere.js");' })).errors).toEqual([expect.stringContaining('./nowhere.js')]);
  });
});

describe('what the layer of a database has', () => {
  const LAYER = join(__dirname, '../../assets/layer-postgres/nodejs/node_modules');
  const STORE = 'export const handler = async () => typeof (await import("../store/postgres/postgres-store.js")).postgresStore;';

  /** A handler as those of the library are bundled: an ES module, with what it loads on demand beside it. */
  async function handlerOf(contents: string, always = false): Promise<{ file: string; errors: readonly string[] }> {
    const outdir = mkdtempSync(join(folder, 'handler-'));
    try {
      await build({
        stdin: { contents, resolveDir: join(__dirname, '../../src/runtime/handlers'), loader: 'ts' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        splitting: true,
        outdir,
        outExtension: { '.js': '.mjs' },
        logLevel: 'silent',
        banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
        plugins: [fromLayer({ modules: IN_LAYER, always }), new OnDemand().plugin],
      });
      return { file: join(outdir, 'stdin.mjs'), errors: [] };
    } catch (error) {
      return { file: '', errors: (error as { errors: { text: string }[] }).errors.map(({ text }) => text) };
    }
  }

  function called(file: string, NODE_PATH: string) {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `import { handler } from ${JSON.stringify(file)}; console.log(await handler());`], {
      encoding: 'utf8', env: { PATH: process.env.PATH, NODE_PATH }, cwd: folder,
    });
    return { stdout, stderr };
  }

  test('is loaded from there when it is needed, by its name', async () => {
    const { file } = await handlerOf(STORE);
    expect(called(file, LAYER)).toEqual({ stdout: 'function\n', stderr: '' });
    expect(called(file, '').stderr).toContain("Cannot find module 'cdk-jobworks/store'");
  });

  test('is pg, too, for who always has the layer', async () => {
    const { file } = await handlerOf("import { Client } from 'pg'; import { openPool } from '../database/pool'; export const handler = () => [typeof Client, typeof openPool].join();", true);
    expect(called(file, LAYER)).toEqual({ stdout: 'function,function\n', stderr: '' });
  });

  test.each([
    ['pg', "import { Client } from 'pg'; export const handler = () => new Client();"],
    ['../database/pool', "import { openPool } from '../database/pool'; export const handler = () => openPool();"],
    ['../store/postgres/postgres-store', "import { storeOn } from '../store/postgres/postgres-store'; export const handler = () => storeOn;"],
  ])('cannot be %s at once where a function may have no layer', async (path, contents) => {
    expect((await handlerOf(contents)).errors).toEqual([expect.stringContaining(`imports ${path} whenever its function starts`)]);
  });

  test('is in no other file of the package', () => {
    const assets = join(__dirname, '../../assets');
    const withPg = readdirSync(assets, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.m?js$/.test(entry.name) && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('SASL: SCRAM-SERVER-FIRST-MESSAGE'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(withPg).toEqual([join(LAYER, 'cdk-jobworks/postgres.js')]);
  });
});

describe('what a function loads to start', () => {
  const metafile = (inputs: Record<string, [string, string][]>, outputs: Record<string, [string, string][]> = {}) => {
    const graph = (files: Record<string, [string, string][]>) => Object.fromEntries(
      Object.entries(files).map(([file, imports]) => [file, { bytes: 1, imports: imports.map(([path, kind]) => ({ path, kind })) }]));
    return { inputs: graph(inputs), outputs: graph(outputs) } as unknown as Metafile;
  };

  test('is fine without S3, whose imports of its own are its own affair', () => {
    expect(startProblems(metafile(
      { 'src/a.ts': [['node_modules/@aws-sdk/client-sqs/index.js', 'import-statement']] },
      { 'a.js': [['bowser', 'dynamic-import'], ['node:http', 'import-statement']] },
    ))).toEqual([]);
  });

  test.each(['client-s3', 's3-presigned-post', 's3-request-presigner'])('must not have %s', client => {
    const path = `node_modules/@aws-sdk/${client}/dist-es/index.js`;
    expect(startProblems(metafile({
      'src/files.ts': [[path, 'import-statement']],
      [path]: [['node_modules/@aws-sdk/client-s3/dist-es/S3.js', 'import-statement']],
    }))).toEqual([`src/files.ts imports ${path} whenever its function starts: put what needs it into a module that is loaded by import()`]);
  });

  test.each(['bowser', '@smithy/core/event-streams'])('must not need %s, which is in no bundle', path => {
    expect(startProblems(metafile({}, { 'a.js': [[path, 'import-statement']] }))).toEqual([`a.js needs ${path} to start: it is called, so it belongs into the bundle`]);
  });
});
