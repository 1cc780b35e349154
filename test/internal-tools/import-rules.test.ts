import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { ESLint } from 'eslint';

const ROOT = join(__dirname, '../..');

/** A small house with this project's own lint configuration: each file breaks one rule of `projenrc/lint.ts`, or none. */
const FILES: Record<string, { code: string; rules: string[] }> = {
  'src/runtime/protocol/decide.ts': { code: 'export const decide = 1;', rules: [] },
  'src/runtime/wire/names.ts': { code: 'export const NAME = \'x\';', rules: [] },
  'src/runtime/migrations/files.ts': { code: 'export const rules = 1;', rules: [] },
  'src/runtime/migrations/migrate.ts': { code: 'export const migrate = 1;', rules: [] },
  'src/internal/helper.ts': { code: 'export const helper = 1;', rules: [] },

  'src/a/takes-wire-and-types.ts': {
    code: 'import type { decide } from \'../runtime/protocol/decide\';\nimport { NAME } from \'../runtime/wire/names\';\n'
      + 'export const a: typeof decide | string = NAME;',
    rules: [],
  },
  'src/a/takes-code-of-the-runtime.ts': {
    code: 'import { decide } from \'../runtime/protocol/decide\';\nexport const a = decide;',
    rules: ['@typescript-eslint/no-restricted-imports'],
  },
  'src/a/takes-rules-of-migrations.ts': { code: 'import { rules } from \'../runtime/migrations/files\';\nexport const a = rules;', rules: [] },
  'src/a/takes-what-migrates.ts': {
    code: 'import { migrate } from \'../runtime/migrations/migrate\';\nexport const a = migrate;',
    rules: ['@typescript-eslint/no-restricted-imports'],
  },
  'src/a/imports-an-index.ts': {
    code: 'import * as index from \'..\';\nexport const a = index;',
    rules: ['@typescript-eslint/no-restricted-imports'],
  },
  'src/a/prints.ts': { code: 'console.log(1);', rules: ['no-console'] },
  'src/a/any.ts': { code: 'export const a: any = 1;', rules: ['@typescript-eslint/no-explicit-any'] },
  'src/a/touches-the-cdk.ts': { code: 'import { Duration } from \'aws-cdk-lib\';\nexport const D = Duration.minutes(1);', rules: ['no-cdk-at-load'] },
  'src/a/cycle-one.ts': { code: 'import { two } from \'./cycle-two\';\nexport const one = () => two;', rules: ['import/no-cycle'] },
  'src/a/cycle-two.ts': { code: 'import { one } from \'./cycle-one\';\nexport const two = () => one;', rules: ['import/no-cycle'] },

  'src/runtime/store/takes-the-cdk.ts': {
    code: 'import { Duration } from \'aws-cdk-lib\';\nexport const f = () => Duration;',
    rules: ['@typescript-eslint/no-restricted-imports'],
  },
  'src/runtime/store/takes-types-of-constructs.ts': {
    code: 'import type { Construct } from \'constructs\';\nexport type C = Construct;',
    rules: ['@typescript-eslint/no-restricted-imports'],
  },
  'src/runtime/store/takes-a-construct.ts': {
    code: 'import { helper } from \'../../internal/helper\';\nexport const h = helper;',
    rules: ['import/no-restricted-paths'],
  },
  'src/runtime/node/worker.mts': {
    code: 'import { helper } from \'../../internal/helper.js\';\nexport const h = helper;',
    rules: ['import/no-restricted-paths'],
  },
};

let house: string;
let rulesByFile: Record<string, string[]>;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'import-rules-'));
  for (const file of ['.eslintrc.json', 'tsconfig.json', 'tsconfig.dev.json']) cpSync(join(ROOT, file), join(house, file));
  symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  writeFileSync(join(house, 'package.json'), '{}');
  for (const [file, { code }] of Object.entries({ ...FILES, 'src/index.ts': { code: 'export {};' } })) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), `${code}\n`);
  }
  rulesByFile = Object.fromEntries(lint(house).map(({ filePath, messages }) => [
    relative(house, filePath),
    messages.map(({ ruleId, message }) => ruleId ?? message),
  ]));
}, 60_000);

afterAll(() => rmSync(house, { recursive: true, force: true }));

/** In a process of its own: parser and import rules take paths relative to the working directory. */
function lint(cwd: string): ESLint.LintResult[] {
  const args = ['node_modules/eslint/bin/eslint.js', '--rulesdir', join(ROOT, 'projenrc/lint/rules'), '--ext', '.ts,.mts', '--format', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, ESLINT_USE_FLAT_CONFIG: 'false' } });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

test.each(Object.entries(FILES))('%s', (file, { rules }) => {
  expect(rulesByFile[file]).toEqual(rules);
});
