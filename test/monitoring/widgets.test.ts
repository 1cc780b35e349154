import { App, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { pageOf } from './support';
import { FunctionAlarms } from '../../src/alarms/function-alarms';
import { DashboardSection } from '../../src/monitoring/monitored';
import { graph, percentiles, rows } from '../../src/monitoring/widgets';

const share = (of: string) => new MathExpression({
  expression: '100 * part / whole',
  usingMetrics: { part: new Metric({ namespace: of, metricName: 'Part' }), whole: new Metric({ namespace: of, metricName: 'Whole' }) },
});

test('two expressions with the same ids stand in one graph', () => {
  const stack = new Stack(new App(), 'Stack');
  const { faults, body } = pageOf(stack, { title: 'page', rows: rows(DashboardSection.FLOW, graph('shares', { left: [share('A'), share('B')] })) });
  expect(faults).toEqual([]);
  expect(body).toContain('100 * l1_part / l1_whole');
  expect(body).toContain('100 * l2_part / l2_whole');
});

test('percentiles have their names, and are the darker the rarer', () => {
  const shown = percentiles((options) => new Metric({ namespace: 'A', metricName: 'Time', ...options })) as Metric[];
  expect(shown.map(({ statistic, label }) => [statistic, label])).toEqual([['p50', 'p50'], ['p90', 'p90'], ['p99', 'p99']]);
  const light = shown.map(({ color }) => color!.match(/[\da-f]{2}/g)!.reduce((sum, part) => sum + parseInt(part, 16), 0));
  expect([...light].sort((a, b) => b - a)).toEqual(light);
});

test('a row without any widget is none', () => {
  expect(rows(DashboardSection.FLOW, undefined)).toEqual([]);
});

test('a function without a log group of its own is shown without its log, and given none', () => {
  const stack = new Stack(new App(), 'Stack');
  const code = lambda.Code.fromInline('exports.handler = async () => {};');
  const fn = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
  const monitoring = new FunctionAlarms(stack, 'Alarms', { function: fn }).monitor();
  expect(monitoring.logs).toBeUndefined();
  expect(stack.node.findAll().filter(({ node }) => node.id.includes('LogRetention'))).toEqual([]);
  expect(pageOf(stack, monitoring).body).not.toContain('@maxMemoryUsed');
});
