import { CASES } from './cases';
import { evaluate } from '../../metric-math/evaluate';
import { parse } from '../../metric-math/parse';
import type { Search } from '../../metric-math/search';
import { inWindow, isArray, isSeries, type TimeSeries, type Value, type Window } from '../../metric-math/series';

const PERIOD = 300;
type Row = readonly (number | null)[];
type Shown = number | Row | readonly Row[];

function series(id: string, row: Row): TimeSeries {
  return { id, label: id, period: PERIOD, values: new Map(row.flatMap((value, n) => value === null ? [] : [[n * PERIOD, value]])) };
}

/** An expression over rows of values; a row, several of them, or a number comes out. */
function evaluated(expression: string, metrics: Readonly<Record<string, Row>>, search?: (search: Search) => readonly TimeSeries[]): Shown {
  const length = Math.max(...Object.values(metrics).map(row => row.length), 1);
  const window: Window = { start: 0, end: length * PERIOD, period: PERIOD };
  const shown = (value: Value): Shown => {
    if (isSeries(value)) return inWindow(value, window);
    return isArray(value) ? value.map(one => inWindow(one, window)) : value as number;
  };
  return shown(evaluate(parse(expression), { window, metrics: Object.entries(metrics).map(([id, row]) => series(id, row)), search }));
}

test.each(CASES)('%s with %j is %p', (expression, metrics, value) => {
  const rows = Object.fromEntries(Object.entries(metrics).map(([id, one]) => [id, [one]]));
  expect(evaluated(expression, rows)).toEqual([value]);
});

describe('the examples of AWS', () => {
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, null, 20, null] };
  const chosen = { metric1: [1, 1, 0, 0, null], metric2: [30, null, 0, 0, 30], metric3: [0, 0, 20, null, 20] };
  test.each<[string, Readonly<Record<string, Row>>, Row]>([
    ['metric1 < metric2', compared, [0, 0, 1, 0]],
    ['metric1 >= 30', compared, [1, 0, 0, 0]],
    ['metric1 > 15 AND metric2 > 15', compared, [1, 0, 0, 0]],
    ['IF(metric1, metric2, metric3)', chosen, [30, 0, 20, null, null]],
    ['IF(metric1, 5, metric3)', chosen, [5, 5, 20, null, null]],
    ['IF(metric1, metric2, 5)', chosen, [30, 0, 5, 5, null]],
  ])('%s', (expression, metrics, row) => {
    expect(evaluated(expression, metrics)).toEqual(row);
  });
});

describe('series over several periods', () => {
  test.each<[string, Readonly<Record<string, Row>>, number | Row | readonly Row[]]>([
    ['FILL(a, REPEAT)', { a: [null, 1, null, null, 4] }, [null, 1, 1, 1, 4]],
    ['FILL(a, LINEAR)', { a: [null, 1, null, null, 4, null] }, [null, 1, 2, 3, 4, null]],
    ['FILL(a, 9)', { a: [null, null] }, [9, 9]],
    ['FILL(METRICS(), 0)', { a: [1, null], b: [null, 2] }, [[1, 0], [0, 2]]],
    ['RATE(a)', { a: [0, 300, null, 900] }, [null, 1, null, 1]],
    ['DIFF(a)', { a: [5, 3, null, 9] }, [null, -2, null, 6]],
    ['DIFF_TIME(a)', { a: [5, null, 9] }, [null, null, 600]],
    ['RUNNING_SUM(a)', { a: [1, null, 2, 3] }, [1, null, 3, 6]],
    ['SUM(a)', { a: [1, null, 2] }, 3],
    ['AVG(a)', { a: [1, null, 2] }, 1],
    ['MAX(a) - MIN(a)', { a: [1, null, 4] }, 3],
    ['STDDEV(a)', { a: [2, 4, 4, 4, 5, 5, 7, 9] }, 2],
    ['STDDEV([a, b])', { a: [2, 1], b: [4, null] }, [1, 0]],
    ['DATAPOINT_COUNT(a)', { a: [1, null, 4] }, 2],
    ['SUM(METRICS("4xx"))', { api_4xx: [1], api_5xx: [2], auth_4xx: [4] }, [5]],
    ['SUM([METRICS("4xx"), METRICS("5xx")])', { api_4xx: [1], api_5xx: [2], auth_4xx: [4] }, [7]],
    ['METRICS() / 2', { a: [1, 3], b: [2, null] }, [[0.5, 1.5], [1, null]]],
    ['a / [a, b]', { a: [4, 4], b: [2, 0] }, [[1, 1], [2, null]]],
    ['-[a, b]', { a: [4], b: [2] }, [[-4], [-2]]],
    ['METRIC_COUNT(METRICS())', { a: [4], b: [2] }, 2],
    ['TIME_SERIES(MAX(a))', { a: [4, 9, null] }, [9, 9, 9]],
    ['TIME_SERIES(99.5)', { a: [null, null] }, [99.5, 99.5]],
    ['IF(0, a, b)', { a: [1, 2], b: [null, 3] }, [null, 3]],
    ['IF(MAX(a) > 1, a)', { a: [1, 2] }, [1, 2]],
    ['SORT(METRICS(), SUM, DESC)', { a: [1, 2], b: [5, null], c: [4, 0] }, [[5, null], [4, 0], [1, 2]]],
    ['SORT(METRICS(), MAX, ASC, 2)', { a: [3], b: [2], c: [1] }, [[1], [2]]],
    ['SLICE(SORT(METRICS(), AVG, ASC), 1)', { a: [3], b: [2], c: [1] }, [[2], [3]]],
    ['SLICE(METRICS(), 0, 2)', { a: [3], b: [2], c: [1] }, [[3], [2]]],
    ['FIRST(METRICS()) - LAST(METRICS())', { a: [3], b: [2], c: [1] }, [2]],
    ['REMOVE_EMPTY(METRICS())', { a: [3], b: [null] }, [[3]]],
    ['LOG10(a)', { a: [100, 0] }, [2, null]],
    ['LOG(a)', { a: [1] }, [0]],
  ])('%s with %j is %j', (expression, metrics, result) => {
    expect(evaluated(expression, metrics)).toEqual(result);
  });

  test('a band lies around the values before it, the upper limit first, and is there when three are known', () => {
    expect(evaluated('ANOMALY_DETECTION_BAND(a)', { a: [10, 20, 30, 1000] })).toEqual([
      [null, null, null, expect.closeTo(20 + 2 * Math.sqrt(200 / 3))],
      [null, null, null, expect.closeTo(20 - 2 * Math.sqrt(200 / 3))],
    ]);
    expect(evaluated('LAST(ANOMALY_DETECTION_BAND(a, 0))', { a: [10, 20, 30, 1000] })).toEqual([null, null, null, 20]);
  });
});

describe('SEARCH', () => {
  const asked: Search[] = [];
  const search = (one: Search) => {
    asked.push(one);
    return [series('one', [1, 2]), series('two', [null, 3])];
  };

  test('finds series by schema and designators', () => {
    expect(evaluated('SUM(SEARCH(\'{JobWorks,Pipeline,Stage} MetricName="StageDuration" Pipeline="drawings"\', \'p90\', 300))', { a: [1, 2] }, search)).toEqual([1, 5]);
    expect(asked).toEqual([{
      namespace: 'JobWorks', dimensionNames: ['Pipeline', 'Stage'], metricName: 'StageDuration', dimensions: { Pipeline: 'drawings' }, stat: 'p90', period: 300,
    }]);
  });

  test.each([
    ['SEARCH(\'{A,B} MetricName="C" OR MetricName="D"\', \'Sum\')', 'only NAME="value" is read here, and not \'OR MetricName="D"\''],
    ['SEARCH(\'{A,B} errors\', \'Sum\')', 'only NAME="value" is read here, and not \'errors\''],
    ['SEARCH(\'MetricName="C"\', \'Sum\')', 'it has no schema in braces'],
    ['SEARCH(\'{A,B} C="D"\', \'Sum\')', 'C is in no dimension of its schema'],
    ['SEARCH(a, \'Sum\')', 'SEARCH has a text, a statistic as a text, and perhaps a period in seconds.'],
  ])('%s is refused', (expression, reason) => {
    expect(() => evaluated(expression, { a: [1] }, search)).toThrow(reason);
  });

  test('without anything to search in it is an error', () => {
    expect(() => evaluated('SEARCH(\'{A,B}\', \'Sum\')', { a: [1] })).toThrow('there is nothing to search in');
  });
});

describe('what is not known is an error and never a guess', () => {
  test.each([
    ['SERVICE_QUOTA(a)', 'SERVICE_QUOTA is not evaluated here.'],
    ['toString(a)', 'is not metric math'],
    ['CONSTRUCTOR(a)', 'CONSTRUCTOR is not evaluated here.'],
    ['a % 2', "nothing begins with '%' (character 3)"],
    ['a +', 'a value should stand where the end is'],
    ['(a', "')' should stand where the end is"],
    ['SUM(a b)', "',' or ')' should stand where 'b' (character 7) is"],
    ['a b', "the end should stand where 'b' (character 3) is"],
    ['c + 1', 'c is the id of no metric and of no expression.'],
    ['constructor + 1', 'constructor is the id of no metric and of no expression.'],
    ['REPEAT', 'REPEAT is no value.'],
    ['"text"', "'text' is a text where a value should be."],
    ['SUM(5)', 'SUM has a number where an array of series should be.'],
    ['SUM(a, b)', 'SUM has one argument, not 2.'],
    ['SUM([a, 5])', '5 stands in an array'],
    ['[a, b] > 1', '> has an array of series beside it'],
    ['[a, b] + [a, b]', '+ has arrays of series on both sides'],
    ['IF(a)', 'IF has 2 to 3 arguments, not 1.'],
    ['IF([a, b], 1, 0)', 'IF has an array of series'],
    ['IF(1, 2, 3)', 'IF has numbers alone'],
    ['FILL(a)', 'FILL has 2 arguments, not 1.'],
    ['FILL(a, [a, b])', 'FILL has an array of series as what fills'],
    ['PERIOD(a + b)', 'PERIOD has the id of a metric as its argument'],
    ['METRICS(a)', 'METRICS has a text as its argument, or none.'],
    ['TIME_SERIES(a)', 'TIME_SERIES has a series where a number should be.'],
    ['FIRST(a)', 'FIRST has one series where an array of series should be.'],
    ['FIRST(METRICS("none"))', 'FIRST has an array without series.'],
    ['SORT(METRICS(), STDDEV, ASC)', 'SORT sorts by AVG, MIN, MAX or SUM.'],
    ['SORT(METRICS(), SUM, UP)', 'SORT has the order ASC or DESC.'],
    ['SLICE(METRICS())', 'SLICE has an array of series, where it begins, and perhaps where it ends.'],
    ['ANOMALY_DETECTION_BAND([a, b])', 'ANOMALY_DETECTION_BAND has one series'],
  ])('%s', (expression, reason) => {
    expect(() => evaluated(expression, { a: [null], b: [null] })).toThrow(reason);
  });
});
