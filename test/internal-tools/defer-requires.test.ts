import { deferRequires } from '../../projenrc/tools/bundle-library/defer-requires';

const MODULES: Record<string, unknown> = {};
const deferred = (text: string) => deferRequires('file.js', text);

/** Runs a file as Node.js would. @returns what it exports, and what it has required so far */
function run(text: string): { exports: Record<string, (...args: unknown[]) => unknown>; required: string[] } {
  const required: string[] = [];
  const require = (name: string) => {
    required.push(name);
    return MODULES[name] ??= { name, Key: class {} };
  };
  const exports = {};
  new Function('exports', 'require', '__importStar', deferred(text))(exports, require, (module: unknown) => module);
  return { exports, required };
}

test('a submodule is required when it is used, and once', () => {
  const { exports, required } = run(`
    const kms = __importStar(require("aws-cdk-lib/aws-kms"));
    const aws_iam_1 = require("aws-cdk-lib/aws-iam");
    const core = require("aws-cdk-lib");
    exports.key = () => new kms.Key() instanceof kms.Key;
    exports.names = () => [kms.name, (0, aws_iam_1.name), { kms: 1, name: core.name }.kms, { aws_iam_1: 2 }.aws_iam_1];
  `);
  expect(required).toEqual(['aws-cdk-lib']);
  expect(exports.key()).toBe(true);
  exports.key();
  expect(required).toEqual(['aws-cdk-lib', 'aws-cdk-lib/aws-kms']);
  expect(exports.names()).toEqual(['aws-cdk-lib/aws-kms', 'aws-cdk-lib/aws-iam', 1, 2]);
  expect(required).toEqual(['aws-cdk-lib', 'aws-cdk-lib/aws-kms', 'aws-cdk-lib/aws-iam']);
});

test.each([
  'const core = require("aws-cdk-lib");\nexports.x = core;',
  'const { join } = require("node:path");\nexports.x = join("a", "b");',
])('%j stays as it is', text => {
  expect(deferred(text)).toBe(text);
});

test.each(['exports.all = kms;', 'exports.all = { kms };', 'function take(kms) {}'])('a module that is used as in %j is refused', use => {
  expect(() => deferred(`const kms = require("aws-cdk-lib/aws-kms");\n${use}`)).toThrow('file.js: "kms" stands for a module');
});
