import { rateRatio, counted, timed, timedDifference, timedRatio, waited, waitedRatio } from '../../bench/row';

/** By the clock everything takes ten times as long: nothing may be judged by that. */
const samples = (values: number[]) => values.map(cpu_ms => ({ cpu_ms, clock_ms: 10 * cpu_ms }));
const values = (middle: number, step: number) => [-3, -2, -1, 0, 1, 2, 3].map(offset => middle + offset * step);
const around = (middle: number, step: number) => samples(values(middle, step));

describe('timed figures', () => {
  test('miss a goal only when the lower end of the interval is above it', () => {
    const ours = around(50, 1); // the interval is all of it: 47 to 53
    expect(timed({ metric: 'm', unit: 'ms', goal: 47 }, ours)).toMatchObject({ value: 50, interval: [47, 53], met: true });
    expect(timed({ metric: 'm', unit: 'ms', goal: 46.9 }, ours)).toMatchObject({ met: false });
    expect(timed({ metric: 'm', unit: 'ms' }, ours)).toMatchObject({ goal: null, met: null });
  });

  test('are divided round by round', () => {
    const theirs = values(100, 10);
    const ours = theirs.map(value => value * 1.1);
    const row = timedRatio({ metric: 'm', unit: 'ms', goal: 1.05 }, samples(ours), { name: 'them', samples: samples(theirs) });
    expect(row).toMatchObject({ against: 'them', against_value: 100, judged: 'ratio', met: false, runs: 7, note: 'by the clock 1100.0 ms to 1000.0 ms' });
    expect(row.value).toBeCloseTo(110);
    expect(row.ratio).toBeCloseTo(1.1);
    expect(row.interval![0]).toBeCloseTo(1.1); // no spread, although the rounds differ by 60 %
    expect(row.interval![1]).toBeCloseTo(1.1);
  });

  test('are subtracted round by round', () => {
    const theirs = values(100, 10);
    const ours = theirs.map(value => value + 15);
    const row = timedDifference({ metric: 'm', unit: 'ms', goal: 15 }, samples(ours), { name: 'them', samples: samples(theirs) });
    expect(row).toMatchObject({ value: 15, against_value: 100, interval: [15, 15], met: true, judged: 'value' });
  });

  test('may stand beside others and yet be judged by themselves', () => {
    expect(timed({ metric: 'm', unit: 'ms', goal: 25 }, around(20, 1), { name: 'them', samples: around(10, 0) }))
      .toMatchObject({ value: 20, against_value: 10, ratio: 2, interval: [17, 23], judged: 'value', met: true });
  });
});

test('what is counted has no interval', () => {
  expect(counted({ metric: 'm', unit: 'bytes', goal: 10, note: 'n' }, 11, { name: 'them', value: 22 })).toEqual({
    metric: 'm', value: 11, unit: 'bytes', against: 'them', against_value: 22, ratio: 0.5, goal: 10, goal_is: 'most', met: false, judged: 'value', interval: null, runs: 1, note: 'n',
  });
  expect(counted({ metric: 'm', unit: 'bytes', goal: 11 }, 11)).toMatchObject({ met: true, ratio: null, against: null, note: null });
});

test('of waiting the median and the 90th percentile are told, and the median is judged', () => {
  const ours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100];
  expect(waited({ metric: 'm', unit: 's', goal: 1 }, ours, { name: 'them', values: [11, 11, 11] })).toMatchObject({
    value: 5.5, interval: [2, 9], met: false, against_value: 11, ratio: 0.5, note: 'p90 9.0 s to 11.0 s', runs: 10,
  });
});

test('waiting may be judged by how many times the other\'s it is, round by round', () => {
  const theirs = values(10, 2);
  const row = waitedRatio({ metric: 'm', unit: 's', goal: 0.5 }, theirs.map(value => value / 2), { name: 'them', values: theirs });
  expect(row).toMatchObject({ value: 5, against_value: 10, ratio: 0.5, interval: [0.5, 0.5], judged: 'ratio', goal_is: 'most', met: true });
  expect(waitedRatio({ metric: 'm', unit: 's', goal: 0.4 }, values(5, 1), { name: 'them', values: values(10, 2) })).toMatchObject({ met: false });
});

test('few runs have no interval, and are judged by their median', () => {
  expect(timed({ metric: 'm', unit: 'ms', goal: 2 }, samples([1, 2, 9]))).toMatchObject({ value: 2, interval: null, met: true });
  expect(timed({ metric: 'm', unit: 'ms', goal: 1 }, samples([1, 2, 9]))).toMatchObject({ met: false });
});

test('a rate misses its goal only when the upper end of the interval is below it', () => {
  const ours = [8, 9, 9, 9, 9, 9, 9, 10];
  const row = rateRatio({ metric: 'm', unit: 'jobs/s', goal: 0.9 }, ours, { name: 'them', values: ours.map(() => 10) });
  expect(row).toMatchObject({ value: 9, against_value: 10, ratio: 0.9, goal_is: 'least', met: true });
  expect(rateRatio({ metric: 'm', unit: 'jobs/s', goal: 1.2 }, ours, { name: 'them', values: ours.map(() => 10) })).toMatchObject({ met: false });
});
