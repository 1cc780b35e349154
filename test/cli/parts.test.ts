import { SdkAws } from '../../src/cli/aws';
import { nearest, whichThereAre } from '../../src/cli/nearest';
import { cut, printable, styleOf, table, widthOf, wrapped } from '../../src/cli/text';
import { lengthOf, shortTime, timeOf } from '../../src/cli/times';

const NOW = Date.parse('2027-01-15T12:00:00Z');

describe('a time', () => {
  test.each([
    ['90s', '2027-01-15T11:58:30Z'],
    ['30m', '2027-01-15T11:30:00Z'],
    ['2h', '2027-01-15T10:00:00Z'],
    ['1.5h', '2027-01-15T10:30:00Z'],
    ['7d', '2027-01-08T12:00:00Z'],
    ['2027-01-15T08:00:00Z', '2027-01-15T08:00:00Z'],
    ['2027-01-15T08:00+01:00', '2027-01-15T07:00:00Z'],
    ['2027-01-15', '2027-01-15T00:00:00Z'],
  ])('%s is read', (text, time) => {
    expect(timeOf('--since', text, NOW)).toBe(Date.parse(time));
  });

  test.each(['', '2', 'h', '2w', '-2h', '2 h', 'yesterday', '1737000000000', '2027-13-40', '99999999d', 'Jan 15 2027'])('%s is none', (text) => {
    expect(() => timeOf('--since', text, NOW)).toThrow(`--since takes how long ago (90s, 30m, 2h, 7d) or a time in ISO 8601 (2027-01-15T08:00:00Z), not "${text}"`);
  });

  test('to come is none that anything has failed since', () => {
    expect(() => timeOf('--since', '2027-01-15T12:00:01Z', NOW)).toThrow('--since is in the future');
  });

  test('is shown to the second', () => {
    expect([shortTime('2027-01-15T08:00:41.250Z'), shortTime(undefined)]).toEqual(['2027-01-15T08:00:41Z', '']);
  });

  test.each([[345_600, '4 days'], [86_400, '1 day'], [5_400, '90 minutes'], [3_600, '1 hour'], [61, '61 seconds'], [1, '1 second']])('%d seconds are %s', (seconds, text) => {
    expect(lengthOf(seconds)).toBe(text);
  });
});

describe('a table', () => {
  const plain = { bold: (text: string) => text };
  const columns = [
    { heading: 'job', text: ([job]: string[]) => job },
    { heading: 'status', text: ([, status]: string[]) => status, paint: (text: string) => `<${text}>` },
    { heading: 'error', text: ([, , error]: string[]) => error },
  ];

  test('has columns as wide as what is in them', () => {
    expect(table([['a', 'failed', 'x'], ['long', 'ok', '']], columns, Infinity, plain)).toBe('job   status  error\na     <failed>  x\nlong  <ok>');
  });

  test('cuts its last column to the width', () => {
    const lines = table([['a', 'ok', 'x'.repeat(99)]], columns, 40, plain).split('\n');
    expect(lines[1]).toBe(`a    <ok>      ${'x'.repeat(26)}…`);
  });

  test('moves its last column below where there is no room, and cuts what even then is too wide', () => {
    const lines = table([['j'.repeat(20), 'failed', 'x'.repeat(99)]], columns, 25, plain).split('\n');
    expect(lines).toEqual(['job                   st…', '  error', 'jjjjjjjjjjjjjjjjjjjj  <fa…>', `  ${'x'.repeat(22)}…`]);
  });
});

test('text for a terminal holds nothing that is not text', () => {
  expect(printable('a\u001b[31mb\u0007\nc\u2028d\u200fe')).toBe('a [31mb c d e');
});

test.each([
  ['one two three', 7, '', 'one two\nthree'],
  ['one two three', 9, '', 'one two\nthree'],
  ['one two three four', 9, '  ', 'one two\n  three\n  four'],
  ['one\ntwo three', 5, '', 'one\ntwo\nthree'],
  ['a/name/that/is/too/long next', 8, '  ', 'a/name/that/is/too/long\n  next'],
  ['  moved in a-very-long-one', 10, '', '  moved in\na-very-long-one'],
  ['  a-very-long-name next', 8, '  ', '  a-very-long-name\n  next'],
  ['as it is', Infinity, '', 'as it is'],
])('%j is wrapped at %d with %j', (text, width, indent, lines) => {
  expect(wrapped(text, width, indent)).toBe(lines);
});

test.each([
  ['drawnigs', 'drawings'],
  ['Drawing', 'drawings'],
  ['mial', 'mail'],
  ['drawings-prod', 'drawings'],
  ['invoice', 'monthly-invoices'],
  ['thumbnails', undefined],
  ['in', undefined],
])('"%s" could mean %s', (meant, name) => {
  expect(nearest(meant, ['monthly-invoices', 'drawings', 'reports', 'mail'])).toBe(name);
});

test('which pipelines there are', () => {
  expect(whichThereAre('x', [])).toEqual(['There is no pipeline at all.']);
  expect(whichThereAre('x', ['drawings'])).toEqual(['There is: drawings.']);
  expect(whichThereAre('zzz', Array.from({ length: 32 }, (_, number) => `p${number}`))[0]).toMatch(/^There are: p0, p1, .* and 2 more\.$/);
});

test('text is cut to a width', () => {
  expect([cut('abc', 3), cut('abcd', 3), cut('abcd', 1), cut('abcd', 0)]).toEqual(['abc', 'ab…', '…', '']);
});

test.each([
  [{ isTTY: true, write: () => {} }, {}, true],
  [{ write: () => {} }, {}, false],
  [{ isTTY: true, write: () => {} }, { NO_COLOR: '1' }, false],
  [{ isTTY: true, write: () => {} }, { NO_COLOR: '' }, true],
  [{ isTTY: true, write: () => {} }, { TERM: 'dumb' }, false],
])('colours of %j with %j: %s', (output, environment, colours) => {
  const style = styleOf(output, environment);
  expect(style.bold('x')).toBe(colours ? '\u001b[1mx\u001b[0m' : 'x');
  expect(style.bold('')).toBe('');
});

test('lines are as wide as a terminal, and elsewhere as they are', () => {
  const write = () => {};
  const outputs = [{ isTTY: true, columns: 80, write }, { isTTY: true, columns: 0, write }, { columns: 80, write }];
  expect(outputs.map(widthOf)).toEqual([80, Infinity, Infinity]);
});

test.each([
  [{ region: 'eu-west-1' }, { AWS_REGION: 'eu-north-1' }, 'eu-west-1'],
  [{}, { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'us-east-1' }, 'eu-north-1'],
  [{}, { AWS_DEFAULT_REGION: 'us-east-1' }, 'us-east-1'],
])('the region of %j with %j is %s', async (place, environment, region) => {
  expect(await SdkAws.from(place, environment).region()).toBe(region);
});
