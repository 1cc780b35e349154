import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { firstPlainMetric, withOwnIds } from '../../src/internal/metric-ids';

const plain = (metricName: string, id?: string) => new Metric({ namespace: 'Test', metricName, id });

function renamed(expression: string, ids: readonly string[]): string {
  const usingMetrics = Object.fromEntries(ids.map((id) => [id, plain(id)]));
  return (withOwnIds(new MathExpression({ expression, usingMetrics }), 'p') as MathExpression).expression;
}

test.each<[string, string[], string]>([
  ['a + b', ['a', 'b'], 'p_a + p_b'],
  ['a1 / a', ['a', 'a1'], 'p_a1 / p_a'],
  ['IF(a > 1e6, a, 0)', ['a', 'e6'], 'IF(p_a > 1e6, p_a, 0)'],
  ['SUM(METRICS())', ['a', 'b'], 'SUM([p_a, p_b])'],
  ["MAX(METRICS('er'))", ['errors', 'other', 'b'], 'MAX([p_errors, p_other])'],
  ['MAX(METRICS("rr"))', ['errors', 'other'], 'MAX([p_errors])'],
  ["a + FIRST(SEARCH('{a} b', 'Sum'))", ['a', 'b'], "p_a + FIRST(SEARCH('{a} b', 'Sum'))"],
  ['FILL(a, REPEAT) * PERIOD(a)', ['a'], 'FILL(p_a, REPEAT) * PERIOD(p_a)'],
  ['a*x', ['a'], 'p_a*x'],
])('the ids of %s with %j are renamed to %s', (expression, ids, expected) => {
  expect(renamed(expression, ids)).toBe(expected);
});

test('what is inside of an expression is renamed, too, and keeps its period, its look and its place', () => {
  const inner = new MathExpression({ expression: 'a', usingMetrics: { a: plain('a') }, period: Duration.minutes(1), searchRegion: 'eu-west-1' });
  const outer = new MathExpression({ expression: 'inner', usingMetrics: { inner }, period: Duration.minutes(1), label: 'Label', color: '#111111' });
  const own = withOwnIds(outer, 'p') as MathExpression;
  expect(own).toMatchObject({ label: 'Label', color: '#111111', expression: 'p_inner' });
  expect(own.period.toSeconds()).toBe(60);
  expect(own.usingMetrics.p_inner).toMatchObject({ expression: 'p_a', searchRegion: 'eu-west-1' });
  expect(withOwnIds(outer, 'p', { label: 'Other', color: '#222222' })).toMatchObject({ label: 'Other', color: '#222222' });
});

test('a metric is given its look, and an id that it has a prefix', () => {
  expect(withOwnIds(plain('a'), 'p', { label: 'L' })).toMatchObject({ label: 'L', id: undefined });
  expect(withOwnIds(plain('a', 'mine'), 'p')).toMatchObject({ id: 'p_mine' });
});

test('metrics of a class that is not the CDK\'s stay as they are', () => {
  const own: IMetric = { toMetricConfig: () => ({}) };
  expect(withOwnIds(own, 'p', { label: 'L' })).toBe(own);
});

test('the first metric that is no expression', () => {
  const deep = plain('deep');
  const expression = new MathExpression({ expression: 'x', usingMetrics: { x: deep } });
  expect(firstPlainMetric({ none: new MathExpression({ expression: '1', usingMetrics: {} }), expression })?.[0]).toBe('x');
  expect(firstPlainMetric({})).toBeUndefined();
});
