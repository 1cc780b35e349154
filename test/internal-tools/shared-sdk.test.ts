import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { SharedSdk } from '../../projenrc/tools/bundle/shared-sdk';

let folder: string;
beforeEach(() => {
  const cache = join(__dirname, '../../.cache'); // packages are found from there
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'shared-sdk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  splitting: true,
  minify: true,
  outExtension: { '.js': '.mjs' },
  metafile: true,
  mainFields: ['module', 'main'],
  banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
  tsconfigRaw: {},
  logLevel: 'silent',
};

async function bundled(sdk: SharedSdk, name: string, text: string): Promise<void> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  sdk.note((await build({ ...OPTIONS, entryPoints: [file], outdir: folder, plugins: [sdk.imports()], metafile: true })).metafile);
}

const FIRST = 'import { DynamoDBClient, type AttributeValue } from "@aws-sdk/client-dynamodb"; import { Logger } from "@aws-lambda-powertools/logger";\n'
  + 'console.log(DynamoDBClient.name.length > 0, Logger.name.length > 0);';
const SECOND = 'import { GetItemCommand as Get } from "@aws-sdk/client-dynamodb"; console.log(typeof Get);';

test('bundles of two groups run on one file, which has what they take and no more', async () => {
  const sdk = new SharedSdk();
  await bundled(sdk, 'first', FIRST);
  await bundled(sdk, 'second', SECOND);
  expect(sdk.entryPoints).toEqual([{ in: 'shared-sdk:sdk-common', out: 'sdk-common' }]);
  await build({ ...OPTIONS, entryPoints: sdk.entryPoints, outdir: folder, plugins: [sdk.sources] });

  const exported = readFileSync(join(folder, 'sdk-common.mjs'), 'utf8').match(/export\s*\{([^}]*)\}/)![1].split(',').map(name => name.trim().split(' as ').at(-1));
  expect(exported.sort()).toEqual(['DynamoDBClient', 'GetItemCommand', 'Logger']);
  for (const name of ['first', 'second']) {
    expect(readFileSync(join(folder, `${name}.mjs`)).length).toBeLessThan(1_000);
    expect(execFileSync(process.execPath, [join(folder, `${name}.mjs`)], { encoding: 'utf8' })).toBe(name === 'first' ? 'true true\n' : 'function\n');
  }
}, 30_000);

test('what may not be shared is in the bundle', async () => {
  const sdk = new SharedSdk();
  writeFileSync(join(folder, 'queue.ts'), 'import { SQSClient } from "@aws-sdk/client-sqs"; console.log(SQSClient);');
  const { metafile } = await build({ ...OPTIONS, entryPoints: [join(folder, 'queue.ts')], outdir: folder, plugins: [sdk.imports(['sdk-common'])], metafile: true });
  sdk.note(metafile);
  expect(sdk.entryPoints).toEqual([]);
  expect(readdirSync(folder).some(file => file.startsWith('sdk-'))).toBe(false);
}, 30_000);

test('a package that is imported as a whole would come as a whole, and is refused', async () => {
  await expect(bundled(new SharedSdk(), 'whole', 'import * as sqs from "@aws-sdk/client-sqs"; console.log(sqs);')).rejects.toThrow(
    /whole\.mjs imports sdk-queue as a whole: import from @aws-sdk\/client-sqs by name/);
});

test('a name that no package has is refused', async () => {
  const sdk = new SharedSdk();
  await bundled(sdk, 'wrong', 'import { NoSuchCommand } from "@aws-sdk/client-sqs"; console.log(NoSuchCommand);');
  await expect(build({ ...OPTIONS, entryPoints: sdk.entryPoints, outdir: folder, plugins: [sdk.sources] })).rejects.toThrow(
    /NoSuchCommand is exported by 0 of @aws-sdk\/client-sqs/);
});
