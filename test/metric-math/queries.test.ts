import { MetricData, type Sample } from '../../metric-math/metric-data';
import { runQueries, type MetricQuery } from '../../metric-math/queries';
import { statistic } from '../../metric-math/statistics';

const WINDOW = { start: 0, end: 180, period: 60 };
const stage = (Stage: string) => ({ namespace: 'JobWorks', metricName: 'StageDuration', dimensions: { Pipeline: 'a', Stage } });
const jobs = { namespace: 'JobWorks', metricName: 'Jobs', dimensions: { Pipeline: 'a' } };

function data(): MetricData {
  const found = new MetricData();
  found.add(jobs, ...[[0, 1], [59, 2], [60, 4], [170, 8]] as Sample[]);
  found.add(stage('read'), [10, 100], [70, 200]);
  found.add(stage('write'), [10, 300]);
  return found;
}

const rows = (queries: readonly MetricQuery[]) => runQueries(queries, data(), WINDOW)
  .map(({ query, series }) => [query.id, ...series.map(({ label, values }) => [label, Object.fromEntries(values)])]);

test('metrics, expressions over expressions and searches, with their labels', () => {
  expect(rows([
    { id: 'e', expression: 'double + 1', label: 'More', returned: true },
    { id: 'double', expression: '2 * m', returned: false },
    { id: 'm', metric: { ...jobs, stat: 'Sum' }, returned: true },
    { id: 's', expression: 'SEARCH(\'{JobWorks,Pipeline,Stage} MetricName="StageDuration"\', \'Average\')', returned: true },
    { id: 'all', expression: 'SUM(METRICS())', returned: true },
  ])).toEqual([
    ['e', ['More', { 0: 7, 60: 9, 120: 17 }]],
    ['m', ['Jobs', { 0: 3, 60: 4, 120: 8 }]],
    ['s', ['a read', { 0: 100, 60: 200 }], ['a write', { 0: 300 }]],
    ['all', ['Jobs', { 0: 3, 60: 4, 120: 8 }]],
  ]);
});

test('a metric has its own period where it says one', () => {
  expect(rows([{ id: 'm', metric: { ...jobs, stat: 'SampleCount', period: 120 }, returned: true }])).toEqual([['m', ['Jobs', { 0: 3, 120: 1 }]]]);
});

test.each<[readonly MetricQuery[], string]>([
  [[{ id: 'a', expression: 'b + 1', returned: true }, { id: 'b', expression: 'a + 1', returned: false }], 'a is computed from itself.'],
  [[{ id: 'a', expression: 'b + 1', returned: true }], 'b is the id of no metric and of no expression.'],
  [[{ id: 'a', expression: '1', returned: true }], 'The result is a number'],
  [[{ id: 'a', returned: true }], 'a is neither a metric nor an expression.'],
  [[{ id: 'a', expression: '1', returned: true }, { id: 'a', expression: '2', returned: true }], 'a is the id of two queries.'],
])('%j is refused', (queries, reason) => {
  expect(() => rows(queries)).toThrow(reason);
});

test.each([
  ['Sum', 10], ['Average', 2.5], ['Minimum', 1], ['Maximum', 4], ['SampleCount', 4], ['p50', 2.5], ['p100', 4], ['p99.9', expect.closeTo(3.997)], ['p0', 1],
])('%s of 1 to 4 is %p', (stat, value) => {
  expect(statistic(stat, [4, 2, 3, 1])).toEqual(value);
  expect(statistic(stat, [])).toBeUndefined();
});

test.each(['tm99', 'IQM', 'sum', 'p101'])('%s is not computed here', stat => {
  expect(() => statistic(stat, [1])).toThrow(`The statistic ${stat} is not computed here.`);
});
