import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { declarations, relativeImports } from '../../projenrc/tools/declarations';

const ENTRY = 'src/runtime/node/runtime.ts';

test('the package has every module that cdk-jobworks/runtime loads: else run `npx projen`', () => {
  const { metafile } = buildSync({ entryPoints: [ENTRY], bundle: true, platform: 'node', write: false, metafile: true });
  const kept = readFileSync('.npmignore', 'utf8').split('\n');
  const modules = Object.keys(metafile.inputs).map((input) => `!/lib/${input.replace(/^src\/(.*)\.ts$/, '$1')}.js`);
  expect(modules.length).toBeGreaterThan(3);
  expect(modules.filter((line) => !kept.includes(line))).toEqual([]);
});

describe('cdk-jobworks/postgres', () => {
  test('is in the package with the layer that it is taken from, and the layer with the store and the library\'s own tables beside it', () => {
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--offline', '--ignore-scripts'], {
      encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 16 * 1024 * 1024,
    })) as [{ files: { path: string }[] }];
    const layer = ['package.json', 'postgres.js', 'rds-ca.pem', 'store.js'].map((file) => `assets/layer-postgres/nodejs/node_modules/cdk-jobworks/${file}`);
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining([
      'postgres.js', 'postgres.d.ts', ...layer, 'assets/handlers/migrate.js', 'assets/migrations/jobworks/0001_jobs.sql',
    ]));
    expect(files.map(({ path }) => path).filter((path) => path.startsWith('assets/layer-postgres/')).sort()).toEqual(layer);
  });

  test('is code that a test on the user\'s machine can load, by its name, and types of what users are told of', () => {
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, { types: string; default: string }> };
    const load = `const { openPool } = require(${JSON.stringify(resolve(exports['./postgres'].default))}); console.log(typeof openPool)`;
    expect(execFileSync(process.execPath, ['-e', load], { cwd: tmpdir(), encoding: 'utf8' })).toBe('function\n');
    const [source] = relativeImports(readFileSync(exports['./postgres'].types, 'utf8')).map((path) => `${path.replace('./lib/', 'src/')}.ts`);
    const told = [...declarations([source])].find(([file]) => file === source)![1];
    expect([...told.matchAll(/\b(openPool|PoolOptions|isConnectionLost|Client|Pool|Query|DatabaseError)\b/g)].map(([name]) => name).sort())
      .toEqual(['PoolOptions', 'isConnectionLost', 'openPool']);
  });
});

describe('declarations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobworks-package-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are packed with all that they import, and without what no user can name: else run `npx projen`', () => {
    const texts = declaredInPackage();
    const packed = pack(texts);
    const imports = packed.flatMap((file) => relativeImports(texts.get(file)!).map((path) => `${join(dirname(file), path)}.d.ts`));
    expect(imports.filter((path) => !packed.includes(path))).toEqual([]);
    const entries = ['lib/index.d.ts', ...typesAtTheRoot()];
    expect(packed.filter((file) => !entries.includes(file) && !imports.includes(file))).toEqual([]);
    expect(packed).toEqual(expect.arrayContaining(entries));
  });

  /** All that is compiled, as it lies in the package; the files at the root are as they are in the project. */
  function declaredInPackage(): Map<string, string> {
    const roots = typesAtTheRoot().map((file) => [file, readFileSync(file, 'utf8')] as const);
    const entries = roots.flatMap(([, text]) => relativeImports(text)).map((path) => `${path.replace('./lib/', 'src/')}.ts`);
    const compiled = [...declarations(['src/index.ts', ...entries])].map(([source, text]) => [source.replace(/^src\/(.*)\.ts$/, 'lib/$1.d.ts'), text] as const);
    return new Map([...roots, ...compiled]);
  }

  function typesAtTheRoot(): string[] {
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, { types?: string }> };
    return Object.values(exports).flatMap(({ types }) => types ?? []).filter((path) => !path.startsWith('./lib/')).map((path) => path.slice(2));
  }

  /** Which of them npm would publish. */
  function pack(texts: ReadonlyMap<string, string>): string[] {
    for (const [file, text] of texts) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    cpSync('.npmignore', join(folder, '.npmignore'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'packed', version: '0.0.0' }));
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as
      [{ files: { path: string }[] }];
    return files.map(({ path }) => path).filter((path) => path.endsWith('.d.ts'));
  }
});
