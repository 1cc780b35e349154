import { RetryLater } from '../../../src/runtime/node/errors';
import { secondsToWait } from '../../../src/runtime/node/retry-after';

const NOW = Date.UTC(2026, 10, 8, 8, 49, 7, 500);

test.each<[unknown, number]>([
  [0, 0],
  [0.25, 0.25],
  [90, 90],
  ['0', 0],
  ['90', 90],
  [' 90 ', 90],
  ['1.5', 1.5],
  ['Sun, 08 Nov 2026 08:50:37 GMT', 90], // 89.5 s: never too early
  ['Sunday, 08-Nov-26 08:50:37 GMT', 90],
  ['Sun Nov  8 08:50:37 2026', 90],
  ['Sun, 08 Nov 2026 08:49:00 GMT', 0], // gone by
])('%p is %p s', (after, seconds) => {
  expect(secondsToWait(after, NOW)).toBe(seconds);
});

test.each([
  undefined, null, NaN, -1, '', ' ', '-5', '5 minutes', 'soon 1', '0x10', '1e3', '2026-11-08T08:50:37Z', 'Sun, 99 Nov 2026 08:50:37 GMT', {}, [5], true, new Date(NOW),
])('%p is nothing that says when: a minute', (after) => {
  expect(secondsToWait(after, NOW)).toBe(60);
});

test.each<[unknown, number]>([
  [Infinity, 366 * 86_400],
  [366 * 86_400 + 1, 366 * 86_400],
  ['86401', 86_400],
  ['9'.repeat(400), 86_400],
  ['Sun, 08 Nov 2099 08:50:37 GMT', 86_400],
])('%p is cut to %p s', (after, seconds) => {
  expect(secondsToWait(after, NOW)).toBe(seconds);
});

test('the error says how long it is', () => {
  expect(new RetryLater('90')).toMatchObject({ name: 'RetryLater', seconds: 90, message: 'to be called again in 90 s' });
  expect(new RetryLater()).toMatchObject({ seconds: 60, message: 'to be called again in 60 s' });
  expect(new RetryLater(null, 'busy')).toMatchObject({ seconds: 60, message: 'busy' });
});
