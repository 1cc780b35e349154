import { tarballProblems } from '../../projenrc/tools/polyglot/packages';
import { judgeJava } from '../../projenrc/tools/polyglot/prerequisites';
import { exampleOf } from '../../projenrc/tools/polyglot/readme';
import { run } from '../../projenrc/tools/polyglot/run';
import { differences, equalFiles, summariseDifferences } from '../../projenrc/tools/polyglot/templates';

const PACKAGE = [
  'package.json', '.jsii', 'README.md', 'LICENSE', 'runtime.js', 'runtime.d.ts', 'postgres.js', 'postgres.d.ts', 'config.js', 'config.d.ts',
  'lib/index.js', 'lib/index.d.ts', 'assets/layer-config/nodejs/node_modules/cdk-jobworks/config.js',
  ...['rds-ca.pem', 'postgres.js', 'store.js'].map(file => `assets/layer-postgres/nodejs/node_modules/cdk-jobworks/${file}`),
  'assets/handlers/migrate.js', 'assets/migrations/jobworks/0001_jobs.sql',
  'assets/handlers/submit.mjs', 'assets/layer-node/nodejs/node_modules/cdk-jobworks-worker/worker.mjs', 'assets/THIRD-PARTY-LICENSES.txt',
];

describe('what is in the npm package', () => {
  test('is judged file by file', () => {
    expect(tarballProblems(PACKAGE, 500_000)).toEqual([]);
    for (const file of ['test/a.test.ts', 'src/index.ts', 'lib/index.ts', '.cache/x', 'projenrc/docs.ts', 'examples/a.js', 'API.md.bak']) {
      expect(tarballProblems([...PACKAGE, file], 500_000)).toEqual([`${file} does not belong into the package: exclude it in projenrc/package.ts`]);
    }
  });

  test.each(PACKAGE.filter(file => !/^(package\.json|README\.md|LICENSE)$/.test(file)))('must include %s', file => {
    expect(tarballProblems(PACKAGE.filter(other => other !== file), 500_000)).toEqual([expect.stringContaining('nothing in the package matches')]);
  });

  test('is smaller than a mebibyte and a quarter', () => {
    expect(tarballProblems(PACKAGE, 1280 * 1024 + 1)).toEqual(['the package has 1280 KiB, over the goal of 1280 KiB']);
  });
});

describe('JDK and Maven', () => {
  const says = (java: string) => `Apache Maven 3.8.7\nMaven home: /usr/share/maven\nJava version: ${java}, vendor: Debian, runtime: /usr/lib/jvm/java\nDefault locale: en`;

  test('are taken as Maven finds them', () => {
    expect(judgeJava(says('17.0.15'), home => home === '/usr/lib/jvm/java')).toBe('Maven 3.8.7, Java 17.0.15');
    expect(judgeJava(says('21'), () => true)).toBe('Maven 3.8.7, Java 21');
  });

  test.each(['11.0.2', '1.8.0_402'])('Java %s is too old', java => {
    expect(() => judgeJava(says(java), () => true)).toThrow(`No usable JDK: Maven 3.8.7 runs on Java ${java} in /usr/lib/jvm/java.`);
  });

  test('a Java without compiler is not enough', () => {
    expect(() => judgeJava(says('17.0.15'), () => false)).toThrow('which has no compiler');
  });
});

describe('the README\'s example', () => {
  test('is the first TypeScript block that makes a pipeline', () => {
    const readme = '```sh\nnew JobProcessingPipeline(1)\n```\n\n```ts\nfirst();\n```\ntext\n```ts nofixture\nnew JobProcessingPipeline(2);\nmore();\n```\n```typescript\nnew JobProcessingPipeline(3)\n```\n';
    expect(exampleOf(readme)).toBe('new JobProcessingPipeline(2);\nmore();\n');
  });

  test('must be there', () => {
    expect(() => exampleOf('```ts\nfirst();\n```\n')).toThrow('README.md has 1 TypeScript blocks, and none with `new JobProcessingPipeline(`');
  });
});

describe('templates of two languages', () => {
  const templates = (files: Record<string, unknown>) => new Map(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]));
  const typescript = templates({ 'A.template.json': { Resources: { Queue: { Delay: 1 } } } });

  test('are equal to the byte', () => {
    expect(equalFiles(typescript, new Map(typescript)).summary).toBe('1 files, 35 bytes, equal to the byte');
  });

  test('differ by a value', () => {
    expect(() => equalFiles(typescript, templates({ 'A.template.json': { Resources: { Queue: { Delay: '1' } } } })))
      .toThrow('A.template.json differ:\nA.template.json › Resources › Queue › Delay: 1 → "1"');
  });

  test('differ by the order of keys alone', () => {
    expect(() => equalFiles(templates({ 'A.template.json': { a: 1, b: 2 } }), templates({ 'A.template.json': { b: 2, a: 1 } })))
      .toThrow('A.template.json: the same values in another order or form');
  });

  test('differ by a file', () => {
    expect(() => equalFiles(typescript, templates({ 'B.template.json': {} }))).toThrow('the files are B.template.json instead of A.template.json');
  });

  test('of two versions of the CDK are told apart in a few lines', () => {
    const before = templates({ a: Array.from({ length: 15 }, (_, index) => index), b: {}, c: { same: 1 } });
    const after = templates({ a: [], c: { same: 1, added: [2] }, d: {} });
    expect(differences(before, after)).toHaveLength(18);
    expect(summariseDifferences(before, after)).toMatch(/^18 values differ\na › 0: 0 → absent\n[^]*\n… and 6 more$/);
    expect(differences(before, after).slice(-3)).toEqual(['b: only in the first', 'c › added: absent → [2]', 'd: only in the second']);
    expect(summariseDifferences(before, before)).toBe('no value differs');
  });
});

describe('a command', () => {
  test('gives its output, and sees nothing that was set up for us', async () => {
    process.env.NODE_PATH = '/somewhere';
    const printed = await run('node', ['-p', '`${process.env.NODE_PATH} ${process.env.GIVEN}`'], '.', { GIVEN: 'yes' });
    delete process.env.NODE_PATH;
    expect(printed).toBe('undefined yes\n');
  });

  test('that fails says what it wrote', async () => {
    await expect(run('node', ['-e', 'console.log("one"); console.error("two"); process.exit(3)'], '.')).rejects.toThrow(/^node -e [^]*ended with 3, in \.:\none\ntwo$/);
  });

  test('that is not there is said so', async () => {
    await expect(run('no-such-command', [], '.')).rejects.toThrow('ENOENT');
  });
});
