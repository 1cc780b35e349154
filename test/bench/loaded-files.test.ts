import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadedFiles } from '../../bench/loaded-files';

const folder = mkdtempSync(join(tmpdir(), 'jobworks-loaded-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what a bundle imports is loaded with it, each file once, and not what it imports on demand', () => {
  const files = {
    'entry.mjs': 'import{createRequire as r}from"node:module";import{a as b,c}from"./one.mjs";import"./two.mjs";const d=()=>import("./demand.mjs");export{d as handler};',
    'one.mjs': 'import{e}from"./two.mjs";export{e as a};var c="import x from \\"./text.mjs\\"";export{c};',
    'two.mjs': 'export*from"./three.mjs";',
    'three.mjs': 'var e=1;export{e};',
    'demand.mjs': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  expect(loadedFiles(join(folder, 'entry.mjs'))).toEqual(['entry.mjs', 'one.mjs', 'two.mjs', 'three.mjs'].map(name => join(folder, name)));
});

test('so is what a script requires beside it', () => {
  const files = { 'entry.js': 'var a=require("node:fs"),b=require("./neighbour.js"),c=require("other/thing");', 'neighbour.js': 'exports.a=1;' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  expect(loadedFiles(join(folder, 'entry.js'))).toEqual(['entry.js', 'neighbour.js'].map(name => join(folder, name)));
});
