import { compact } from '../../preview/draw/path';

it.each<[string, string]>([
  ['M0,10L2.5,8L5,12', 'M0 10l2.5-2 2.5 4'],
  ['M1,1L2,1L3,1L4,2', 'M1 1h2l1 1'], // level steps are one
  ['M1,1L3,1L2,1', 'M1 1h2-1'], // but not where it turns
  ['M0,0L1,1M5,5L6,4Z', 'M0 0l1 1M5 5l1-1z'],
  ['M0.04,0.5L0.35,0.06', 'M0 .5l.4-.4'],
  ['', ''],
])('%s', (path, expected) => {
  expect(compact(path)).toBe(expected);
});

it('adds no error up: each place is rounded, not each step', () => {
  const steps = compact(`M0,0${Array.from({ length: 1000 }, (_, i) => `L${(i + 1) * 0.14},${i % 2}`).join('')}`);
  const xs = [...steps.slice(steps.indexOf('l') + 1).replace(/h/g, ' ').matchAll(/-?[\d.]+/g)].map(Number).filter((_, i) => i % 2 === 0);
  expect(xs.reduce((a, b) => a + b, 0)).toBeCloseTo(140, 0);
});
