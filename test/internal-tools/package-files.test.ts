import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
