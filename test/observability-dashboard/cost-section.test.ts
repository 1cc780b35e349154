import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { dashboardOf, metric, newStack, outlineOf, thing, widgetOf, type WidgetJson } from './support';
import { MetricData } from '../../metric-math/metric-data';
import { runQueries, type MetricQuery } from '../../metric-math/queries';
import type { IMonitored } from '../../src/monitoring/monitored';

/** The results of a widget's metrics and expressions, by label, over periods of an hour. */
function shown(widget: WidgetJson, sums: Readonly<Record<string, readonly number[]>>): Record<string, Array<number | undefined>> {
  const data = new MetricData();
  for (const [name, values] of Object.entries(sums)) {
    const [metricName, of] = name.split(' ') as [string, string];
    data.add({ namespace: 'Test', metricName, dimensions: { Thing: of } }, ...values.map((value, hour) => [hour * 3600, value] as const));
  }
  const queries = widget.properties.metrics!.map((row, index): MetricQuery => {
    const { id = `q${index}`, expression, visible, label } = row.at(-1) as { id?: string; expression?: string; visible?: boolean; label?: string };
    const [namespace, metricName, , of] = row as string[];
    return {
      id,
      label,
      expression,
      returned: visible !== false,
      ...(expression === undefined && { metric: { namespace: namespace!, metricName: metricName!, dimensions: { Thing: of! }, stat: 'Sum' } }),
    };
  });
  const results = runQueries(queries, data, { start: 0, end: 2 * 3600, period: 3600 });
  return Object.fromEntries(results.map(({ query, series }) => [query.label, [0, 3600].map((time) => series[0]?.values.get(time))]));
}

/** Something that costs $0.5 a unit for Lambda, and $2 an hour whether it is used or not, for which an expression asks its period. */
function costly(title: string, finished = true): IMonitored {
  const spent = metric('Spent', title);
  return thing({
    title,
    verdict: finished ? { finished: metric('Finished', title) } : undefined,
    costs: [
      { service: 'AWS Lambda', metric: new MathExpression({ expression: 'spent * 0.5', usingMetrics: { spent }, period: Duration.minutes(5) }) },
      { service: 'Amazon RDS', metric: new MathExpression({ expression: 'FILL(spent, 0) * 0 + 2 * PERIOD(spent) / 3600', usingMetrics: { spent } }) },
    ],
  });
}

function page(...things: IMonitored[]) {
  const stack = newStack();
  dashboardOf(things, {}, stack);
  return stack;
}

const SUMS = { 'Spent a': [10], 'Spent b': [4, 6], 'Finished a': [100], 'Finished b': [1000, 500] };

test('costs by service are of all things together, in dollars an hour; what was not used costs nothing', () => {
  const stack = page(costly('a'), costly('b'));
  expect(shown(widgetOf(stack, 'Estimated cost by service, US dollars an hour'), SUMS)).toEqual({
    'AWS Lambda': [7, 3],
    'Amazon RDS': [4, 4],
  });
});

test('numbers: the whole, what it makes in an hour and a month, and for a thousand finished', () => {
  const stack = page(costly('a'), costly('b'));
  const numbers = widgetOf(stack, 'Estimated cost, US dollars');
  expect(numbers.properties.setPeriodToTimeRange).toBe(true);
  expect(shown(numbers, SUMS)).toEqual({
    'In this range': [11, 7],
    'An hour': [11, 7],
    'A month': [11 * 730, 7 * 730],
    'For 1,000 finished': [10, 14],
  });
});

test('each thing has what a thousand cost that it finished; where it finished nothing there is no such cost', () => {
  const stack = page(costly('a'), costly('b'));
  const title = "Estimated cost of 1,000 finished, US dollars (of what is each thing's own)";
  expect(shown(widgetOf(stack, title), SUMS)).toEqual({ a: [70, undefined], b: [4, 10] });
});

test('things that finish nothing have costs all the same', () => {
  const stack = page(costly('a', false));
  expect(outlineOf(stack)).toEqual(['# Operations', '## Cost', 'Estimated cost, US dollars', 'Estimated cost by service, US dollars an hour']);
  expect(Object.keys(shown(widgetOf(stack, 'Estimated cost, US dollars'), SUMS))).toEqual(['In this range', 'An hour', 'A month']);
});

test('a metric alone is a cost, too', () => {
  const stack = page(thing({ title: 'plain', costs: [{ service: 'Any', metric: metric('Dollars', 'plain') }] }));
  expect(shown(widgetOf(stack, 'Estimated cost by service, US dollars an hour'), { 'Dollars plain': [3] })).toEqual({ Any: [3, 0] });
});

test('a sum of more than an expression has room for is one of sums', () => {
  const costs = Array.from({ length: 230 }, (_, index) => ({ service: 'Any', metric: metric('Dollars', `thing${index}`) }));
  const stack = page(thing({ title: 'many', costs }));
  const widget = widgetOf(stack, 'Estimated cost by service, US dollars an hour');
  const expressions = widget.properties.metrics!.map((row) => (row.at(-1) as { expression?: string }).expression ?? '');
  expect(Math.max(...expressions.map(({ length }) => length))).toBeLessThanOrEqual(2048);
  expect(shown(widget, { 'Dollars thing0': [1], 'Dollars thing101': [2], 'Dollars thing229': [4] })).toEqual({ Any: [7, 0] });
});
