import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadHandler } from '../../../src/runtime/node/load-handler';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handler-'));
});

afterEach(() => rmSync(root, { recursive: true }));

const handler = () => 'handled';

function file(path: string) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), '');
}

test.each([
  ['index.handler', 'index.js'],
  ['index.handler', 'index.mjs'],
  ['index.handler', 'index.cjs'],
  ['src/jobs/index.handler', 'src/jobs/index.mjs'],
  ['./src/index.handler', 'src/index.js'],
])('%s is in %s', async (text, path) => {
  file(path);
  const load = jest.fn(async () => ({ handler }));
  expect(await loadHandler(text, root, load)).toBe(handler);
  expect(load.mock.calls).toEqual([[pathToFileURL(join(root, path)).href]]);
});

test('.js comes first, as with Lambda', async () => {
  ['index.mjs', 'index.cjs', 'index.js'].forEach(file);
  const load = jest.fn(async () => ({ handler }));
  await loadHandler('index.handler', root, load);
  expect(load.mock.calls).toEqual([[pathToFileURL(join(root, 'index.js')).href]]);
});

test.each<[string, Record<string, unknown>]>([
  ['index.handler', { handler }],
  ['index.handler', { default: { handler } }],
  ['index.jobs.analyse', { jobs: { analyse: handler } }],
  ['index.default', { default: handler }],
  ['index.api.handler', { default: { api: Object.assign(() => {}, { handler }) } }],
])('%s is found in its module', async (text, module) => {
  file('index.js');
  expect(await loadHandler(text, root, async () => module)).toBe(handler);
});

test.each(['handler', 'index.', '.handler', '', 'src/index'])('%p is no handler', async (text) => {
  await expect(loadHandler(text, root, async () => ({ handler }))).rejects.toMatchObject({
    name: 'HandlerStringInvalid',
    message: `"${text}" is no handler: it should be {file}.{export}, such as "src/index.handler"`,
  });
});

test('a file that is not there', async () => {
  await expect(loadHandler('src/index.handler', root, async () => ({ handler }))).rejects.toMatchObject({
    name: 'HandlerModuleNotFound',
    message: `handler "src/index.handler": there is no ${join(root, 'src/index')}.js, .mjs or .cjs`,
  });
});

test.each<[Record<string, unknown>, string]>([
  [{ main: handler, default: { main: handler, other: 1 } }, 'main, other'],
  [{ handler: 'text' }, 'handler'],
  [{}, 'nothing'],
])('an export that is not there', async (module, exported) => {
  file('index.js');
  await expect(loadHandler('index.handler', root, async () => module)).rejects.toMatchObject({
    name: 'HandlerExportNotFound',
    message: `handler "index.handler": index exports no function "handler", but ${exported}`,
  });
});

test('an error of the module itself is passed on', async () => {
  file('index.js');
  const error = new SyntaxError('Unexpected token');
  await expect(loadHandler('index.handler', root, async () => { throw error; })).rejects.toBe(error);
});
