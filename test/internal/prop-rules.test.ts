import { App, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { InvalidPropsError, known, mebibytes, PropRules, seconds } from '../../src/internal/prop-rules';

const later = () => Lazy.number({ produce: () => 1 });

function said(judge: (rules: PropRules) => void): string[] {
  const rules = new PropRules(new Construct(new Stack(new App(), 'Stack'), 'Thing'));
  judge(rules);
  try {
    rules.throwIfBroken();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidPropsError);
    return (error as Error).message.split('\n');
  }
}

test('no broken rule, no error', () => {
  expect(said((rules) => rules.check(true, { rule: 'never said', fix: 'nothing' }))).toEqual([]);
});

test('a broken rule is said with path, value and fix', () => {
  expect(said((rules) => rules.check(false, { rule: 'size must be even', value: 3, fix: 'add one' }))).toEqual([
    'Stack/Thing: 1 rule is broken.',
    '  1. Stack/Thing: size must be even. Given: 3. Fix: add one.',
  ]);
});

test('all broken rules are said at once, numbered', () => {
  expect(said((rules) => {
    rules.check(false, { rule: 'one', fix: 'a' });
    rules.check(true, { rule: 'two', fix: 'b' });
    rules.check(false, { rule: 'three', fix: 'c' });
  })).toEqual(['Stack/Thing: 2 rules are broken.', '  1. Stack/Thing: one. Fix: a.', '  2. Stack/Thing: three. Fix: c.']);
});

test('a part says its rules in the words of the whole, into the same collection', () => {
  expect(said((rules) => {
    const part = rules.renaming({ 'alarms.': 'alarms.worker.', 'retention': 'the retention of the queue' });
    rules.check(false, { rule: 'alarms.one must be', fix: 'b' });
    part.integer('alarms.errors.evaluationPeriods', 0, 1, 2, 'alarms.errors');
    part.check(false, { rule: 'retention must exceed retentionPeriod and deadLetter.retention', value: 'retention', fix: 'raise retention' });
  })).toEqual([
    'Stack/Thing: 3 rules are broken.',
    '  1. Stack/Thing: alarms.one must be. Fix: b.',
    '  2. Stack/Thing: alarms.worker.errors.evaluationPeriods must be a whole number from 1 to 2. Given: 0. Fix: give 1 or more (alarms.worker.errors).',
    '  3. Stack/Thing: the retention of the queue must exceed retentionPeriod and deadLetter.retention. Given: retention.'
    + ' Fix: raise the retention of the queue.',
  ]);
});

test('a part with no names of its own says what it says', () => {
  expect(said((rules) => rules.renaming({}).check(false, { rule: 'one must be', fix: 'a' }))[1]).toBe('  1. Stack/Thing: one must be. Fix: a.');
});

test('every kind of value can be read', () => {
  expect(said((rules) => {
    for (const value of [12_000, 'text', true, Duration.seconds(90), Size.gibibytes(1)]) {
      rules.check(false, { rule: 'x', value, fix: 'y' });
    }
  }).slice(1).map((line) => /Given: (.*)\. Fix/.exec(line)?.[1])).toEqual(['12,000', 'text', 'true', '1 minute 30 seconds', '1024 MiB']);
});

test.each([
  [undefined, true], [1, true], [5, true], [0, false], [6, false], [2.5, false], [NaN, false], [later(), true],
])('the integer %p between 1 and 5: %p', (value, fine) => {
  expect(said((rules) => rules.integer('count', value, 1, 5))).toHaveLength(fine ? 0 : 2);
});

test.each([
  [undefined, true], [Duration.seconds(1), true], [Duration.minutes(1), true], [Duration.seconds(61), false],
  [Duration.seconds(0), false], [Duration.millis(1500), false], [Duration.seconds(later()), true],
])('the duration %p between a second and a minute: %p', (value, fine) => {
  expect(said((rules) => rules.duration('wait', value, Duration.seconds(1), Duration.minutes(1)))).toHaveLength(fine ? 0 : 2);
});

test.each([
  [undefined, true], [Size.mebibytes(128), true], [Size.gibibytes(1), true], [Size.mebibytes(127), false],
  [Size.kibibytes(128 * 1024 + 1), false], [Size.mebibytes(later()), true],
])('the size %p between 128 MiB and 1 GiB: %p', (value, fine) => {
  expect(said((rules) => rules.size('memory', value, 128, 1024))).toHaveLength(fine ? 0 : 2);
});

test('what to give is the nearest that there is, with whose limit it is', () => {
  expect(said((rules) => {
    rules.integer('few', 0, 1, 5, 'why');
    rules.integer('many', 6, 1, 5, ['one has to be', 'there is no room']);
    rules.integer('half', 2.5, 1, 5, 'why');
    rules.duration('soon', Duration.seconds(1), Duration.minutes(1), Duration.hours(1));
    rules.size('large', Size.gibibytes(2), 1, 1024, 'the limit of all');
  }).slice(1).map((line) => /Fix: (.*)\.$/.exec(line)?.[1])).toEqual([
    'give 1 or more (why)', 'give 5 or less (there is no room)', 'give a whole number', 'give 1 minute or more', 'give 1,024 MiB or less (the limit of all)',
  ]);
});

test('what a rule was said of is not fine any more, in the words of the part that said it', () => {
  const rules = new PropRules(new Stack(new App(), 'Stack'));
  const part = rules.renaming({ 'inner.': 'outer.' });
  rules.integer('one', 0, 1, 2);
  rules.integer('two', 1, 1, 2);
  rules.check(false, { rule: 'alarms.a must be', fix: 'b' });
  part.integer('inner.count', 0, 1, 2);
  expect(['one', 'two', 'alarms', 'alarms.a'].map((name) => rules.fine(name))).toEqual([false, true, true, false]);
  expect([rules.fine('two', 'one'), rules.fine(), part.fine('inner.count'), part.fine('one')]).toEqual([false, true, false, true]);
});

test('each prop that has no place is said', () => {
  expect(said((rules) => rules.absent({ one: 1, two: undefined, three: false }, 'here', 'move it'))).toEqual([
    'Stack/Thing: 2 rules are broken.',
    '  1. Stack/Thing: one cannot be given here. Fix: move it, or remove one.',
    '  2. Stack/Thing: three cannot be given here. Fix: move it, or remove three.',
  ]);
});

test('what is known is read in one unit', () => {
  expect(known(3)).toBe(3);
  expect(known(later())).toBeUndefined();
  expect(seconds(Duration.minutes(2))).toBe(120);
  expect(seconds(Duration.minutes(later()))).toBeUndefined();
  expect(mebibytes(Size.gibibytes(2))).toBe(2048);
  expect(mebibytes(Size.gibibytes(later()))).toBeUndefined();
  expect([known(undefined), seconds(undefined), mebibytes(undefined)]).toEqual([undefined, undefined, undefined]);
});
