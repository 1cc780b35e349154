import { median, medianInterval, pairwise, percentile } from '../../bench/statistics';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('median', () => {
  test.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10], // by size, not as texts
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow('no values');
  });

  test('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    medianInterval(upTo(9));
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('interval of the median', () => {
  // ranks from tables of the sign test, 95 %
  test.each([
    [6, 1, 6],
    [9, 2, 8],
    [10, 2, 9],
    [15, 4, 12],
    [20, 6, 15],
    [25, 8, 18],
    [50, 18, 33],
  ])('of %d values goes from the %d. to the %d.', (count, low, high) => {
    expect(medianInterval(upTo(count).reverse())).toEqual([low, high]);
  });

  test('is wider for more confidence', () => {
    expect(medianInterval(upTo(15), 0.99)).toEqual([3, 13]);
  });

  test('needs six values', () => {
    expect(medianInterval(upTo(5))).toBeUndefined();
    expect(medianInterval(upTo(6))).toBeDefined();
  });

  test('holds the true median as often as it says', () => {
    let seed = 42;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const trials = 4000;
    let held = 0;
    for (let i = 0; i < trials; i++) {
      const [low, high] = medianInterval(Array.from({ length: 15 }, () => -Math.log(random())))!; // as skewed as run times are
      if (low <= Math.LN2 && Math.LN2 <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.95);
    expect(held / trials).toBeLessThan(0.98); // 0.965 by calculation
  });
});

test.each([
  [upTo(10), 0.9, 9],
  [upTo(11), 0.9, 10],
  [[7], 0.9, 7],
  [[100, 20, 3], 0.5, 20],
])('of %j, a share of %d is at most %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test('what runs in pairs is compared in pairs', () => {
  expect(pairwise([2, 9], [1, 3], (a, b) => a / b)).toEqual([2, 3]);
  expect(() => pairwise([1], [], (a, b) => a - b)).toThrow('cannot be paired');
});
