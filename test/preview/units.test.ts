import { scaleFor, unitOf, written, type Unit } from '../../preview/data/units';
import { valueAxis } from '../../preview/draw/widgets/axes';

it.each<[string, string, Unit]>([
  ['failed, %', '', 'percent'],
  ['Estimated cost, US dollars', '', 'dollars'],
  ['${PROP(\'Dim.Stage\')}', 'StageDuration', 'milliseconds'], // its sign is no dollar
  ['Oldest waits (seconds)', 'ApproximateAgeOfOldestMessage', 'inSeconds'],
  ['s age', '', 'inSeconds'],
  ['ms', 'Duration', 'inMilliseconds'],
  ['', 'ApproximateAgeOfOldestMessage', 'seconds'],
  ['', 'FreeStorageSpace', 'bytes'],
  ['', 'NumberOfMessagesSent', 'count'],
])('%s %s is counted in %3$s', (words, metricName, unit) => {
  expect(unitOf({ words, metricName })).toBe(unit);
});

it.each<[number, Unit, string]>([
  [0, 'count', '0'], [1234, 'count', '1,234'], [12_345, 'count', '12.3k'], [2.5e6, 'count', '2.5M'],
  [0.0012, 'dollars', '$0.0012'], [3.5, 'dollars', '$3.50'], [42, 'milliseconds', '42 ms'], [90_000, 'milliseconds', '90 s'], [600_000, 'milliseconds', '10 min'],
  [900, 'microseconds', '900 µs'], [7300, 'seconds', '2.03 h'], [1755, 'inSeconds', '1,755 s'], [17.4e9, 'bytes', '17.4 GB'], [12.5, 'percent', '12.5%'],
])('%d %s are written as people do: %s', (value, unit, text) => {
  expect(written(value, unit)).toBe(text);
});

it('writes smaller numbers as the largest beside them is written', () => {
  expect(written(30_000, 'milliseconds', scaleFor('milliseconds', 300_000))).toBe('0.5 min');
});

describe('an axis', () => {
  it('has ticks that are round in the unit in which they are written', () => {
    expect(valueAxis([100, 540_000], 'milliseconds', 160).texts).toEqual(['0', '2 min', '4 min', '6 min', '8 min', '10 min']);
  });

  it('counts in whole numbers', () => {
    expect(valueAxis([0, 1], 'count', 200).ticks).toEqual([0, 1]);
  });

  it('keeps to the limits that it is given', () => {
    const { place } = valueAxis([50], 'percent', 100, { min: 0, max: 100 });
    expect([place(0), place(100)]).toEqual([100, 0]);
  });

  it('says at each number what it is counted in', () => {
    expect(valueAxis([0, 5_400_000], 'inMilliseconds', 80).texts).toEqual(['0', '50 min', '100 min']);
  });
});
