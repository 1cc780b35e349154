import { missing } from '../../../../src/runtime/handlers/traffic/contains';

test.each<[unknown, unknown]>([
  [{ pages: 1, text: 'x' }, { pages: 1 }],
  [{ a: { b: [1, { c: 2, d: 3 }] } }, { a: { b: [1, { c: 2 }] } }],
  [{ a: null }, { a: null }],
  [[], []],
  [{ anything: 1 }, {}],
])('%j has %j', (actual, expected) => {
  expect(missing(actual, expected, 'result')).toBeUndefined();
});

test.each<[unknown, unknown, string]>([
  [{ pages: 2 }, { pages: 1 }, 'result.pages'],
  [{ pages: '1' }, { pages: 1 }, 'result.pages'],
  [{}, { pages: 1 }, 'result.pages'],
  [undefined, { pages: 1 }, 'result'],
  [[1], { 0: 1 }, 'result'],
  [{ a: [1, 2] }, { a: [1] }, 'result.a'],
  [{ a: [1, 3] }, { a: [1, 2] }, 'result.a[1]'],
  [{ a: {} }, { a: [] }, 'result.a'],
  [null, {}, 'result'],
])('%j does not have %j, at %s', (actual, expected, path) => {
  expect(missing(actual, expected, 'result')).toBe(path);
});
