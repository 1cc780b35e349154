import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { group, logging, newStack } from './fixture';
import { createErrorFilters } from '../../src/log-insights/error-filters';
import { LogKind } from '../../src/monitoring/monitored';

function filters(stack: Stack) {
  return Object.values(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => Properties as {
    FilterPattern: string; MetricTransformations: Record<string, unknown>[];
  });
}

test('lines of errors are counted, with 0 where others are logged; all log groups of a thing together', () => {
  const stack = newStack();
  const [drawings, invoices] = createErrorFilters(stack, [logging(stack, 'drawings', 2), logging(stack, 'my invoices', 1)]);
  const names = filters(stack).map(({ FilterPattern, MetricTransformations: [transformation] }) => {
    expect(FilterPattern).toBe('{ $.level = "ERROR" }');
    expect(transformation).toEqual({ MetricNamespace: 'JobWorks', MetricName: expect.any(String), MetricValue: '1', DefaultValue: 0, Unit: 'Count' });
    return transformation!.MetricName;
  });

  expect(names).toEqual(['ErrorLines-Ops-drawings', 'ErrorLines-Ops-drawings', 'ErrorLines-Ops-my-invoices']);
  expect(drawings).toMatchObject({ title: 'drawings', metric: { namespace: 'JobWorks', metricName: names[0], statistic: 'Sum' } });
  expect(invoices).toMatchObject({ title: 'my invoices', metric: { metricName: names[2] } });
});

test('only what works on jobs is counted', () => {
  const stack = newStack();
  expect(createErrorFilters(stack, [{ title: 'one' }, { title: 'api', logs: [{ logGroup: group(stack, 'Access'), kind: LogKind.API }] }])).toEqual([]);
  expect(filters(stack)).toEqual([]);
});

test('two dashboards count apart', () => {
  const [one, other] = [newStack(undefined, 'One'), newStack(undefined, 'Other')];
  const names = [one, other].map((stack) => createErrorFilters(stack, [logging(stack, 'drawings', 1)])[0]!.metric);
  expect(names[0]).not.toMatchObject({ metricName: (names[1] as unknown as { metricName: string }).metricName });
});
