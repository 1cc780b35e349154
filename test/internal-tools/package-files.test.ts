import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';

const ENTRY = 'src/runtime/node/runtime.ts';

test('the package has every module that cdk-jobworks/runtime loads: else run `npx projen`', () => {
  const { metafile } = buildSync({ entryPoints: [ENTRY], bundle: true, platform: 'node', write: false, metafile: true });
  const kept = readFileSync('.npmignore', 'utf8').split('\n');
  const modules = Object.keys(metafile.inputs).map((input) => `!/lib/${input.replace(/^src\/(.*)\.ts$/, '$1')}.js`);
  expect(modules.length).toBeGreaterThan(3);
  expect(modules.filter((line) => !kept.includes(line))).toEqual([]);
});
