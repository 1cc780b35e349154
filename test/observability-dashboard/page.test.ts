import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, type CfnDashboard, GraphWidget, MathExpression, Metric, Row, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { bodyOf, dashboardOf, Everything, metric, newStack, oldest, outlineOf, pageOf, thing, widgetOf } from './support';
import { AlarmSeverity, DashboardSection, LogKind } from '../../src/monitoring/monitored';
import { dashboardFaultsOf } from '../support/dashboard-body';

/** The options of a metric or expression in a widget. */
function optionsOf(row: unknown[]): Readonly<Partial<Record<'id' | 'expression' | 'label' | 'region' | 'accountId', string>>> {
  const last = row.at(-1);
  return typeof last === 'object' ? last as object : {};
}

test('a page is read from top to bottom: what rings, the numbers, the sections in their order, costs, logs, what to do', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'Drawings')], {}, stack);
  expect(outlineOf(stack)).toEqual([
    '# Operations',
    'Alarms that wake somebody', 'Alarms for working hours',
    'Arrived', 'Finished', 'Failed', 'Waiting', 'Oldest waiting (s)',
    '## Flow', 'Drawings: flow 0', 'Drawings: flow 1',
    '## Workers', 'Drawings: workers',
    '## Cost', 'Estimated cost, US dollars', 'Estimated cost by service, US dollars an hour',
    "Estimated cost of 1,000 finished, US dollars (of what is each thing's own)",
    '## Logs', 'Lines of errors', 'Latest errors', 'Failures by type', 'Slowest jobs',
    '## What to do',
  ]);
});

test('a page is a valid body: widgets have their room, and each id is of one metric', () => {
  const stack = newStack();
  dashboardOf(['One', 'Two', 'Three'].map((id) => new Everything(stack, id)), { owners: true }, stack);
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON())).toEqual([]);
});

test('sections without rows have no heading, and what is not said is not shown', () => {
  const stack = newStack();
  dashboardOf([thing({ title: 'bare' })], {}, stack);
  expect(outlineOf(stack)).toEqual(['# Operations']);
});

test('rows of several things stand together in their section, in the order of the things', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'One'), new Everything(stack, 'Two')], {}, stack);
  const outline = outlineOf(stack);
  expect(outline.slice(outline.indexOf('## Flow'), outline.indexOf('## Cost'))).toEqual([
    '## Flow', 'One: flow 0', 'One: flow 1', 'Two: flow 0', 'Two: flow 1', '## Workers', 'One: workers', 'Two: workers',
  ]);
});

test('what is added later stands below, and its alarms are told', () => {
  const stack = newStack();
  const dashboard = dashboardOf([new Everything(stack, 'One')], {}, stack);
  expect(dashboard.pageAlarms).toHaveLength(1);
  dashboard.add(new Everything(stack, 'Two'));
  expect(dashboard.pageAlarms).toHaveLength(2);
  expect(dashboard.ticketAlarms).toHaveLength(2);
  expect(outlineOf(stack)).toContain('Two: workers');
});

test('what is added after the page was looked at is on it all the same', () => {
  const stack = newStack();
  const dashboard = dashboardOf([new Everything(stack, 'One')], {}, stack);
  const body = () => JSON.stringify(stack.resolve((dashboard.dashboard.node.defaultChild as CfnDashboard).dashboardBody));
  expect(body()).not.toContain('Two: workers');
  dashboard.add(new Everything(stack, 'Two'));
  expect(body()).toContain('Two: workers');
});

test('alarms that ring stand first, and costs are laid on one another', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'One')], {}, stack);
  expect(widgetOf(stack, 'Alarms that wake somebody').properties).toMatchObject({ sortBy: 'stateUpdatedTimestamp' });
  expect(widgetOf(stack, 'Estimated cost by service, US dollars an hour').properties.stacked).toBe(true);
});

test('widgets of the app stand below all others', () => {
  const stack = newStack();
  const dashboard = dashboardOf([new Everything(stack, 'One')], {}, stack);
  dashboard.dashboard.addWidgets(new GraphWidget({ title: 'mine', left: [metric('Mine', 'x')] }));
  dashboard.add(new Everything(stack, 'Two'));
  expect(outlineOf(stack).at(-1)).toBe('mine');
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON())).toEqual([]);
});

test('the same app gives the same page, also when it is asked for twice', () => {
  const page = () => {
    const stack = newStack();
    dashboardOf([new Everything(stack, 'One'), new Everything(stack, 'Two')], {}, stack);
    return [bodyOf(stack), bodyOf(stack)];
  };
  expect(new Set([...page(), ...page()]).size).toBe(1);
});

test('a number has a name and colour where it is of one thing, and the names of things where there are several', () => {
  const one = newStack();
  dashboardOf([new Everything(one, 'One')], {}, one);
  expect(optionsOf(widgetOf(one, 'Arrived').properties.metrics![0]!)).toMatchObject({ label: 'Arrived', color: '#1f77b4' });

  const two = newStack();
  dashboardOf([new Everything(two, 'One'), new Everything(two, 'Two')], {}, two);
  expect(widgetOf(two, 'Arrived').properties.metrics!.map((row) => optionsOf(row).label)).toEqual(['one', 'two']);
});

test('sums are over the range of the page, and what waits is what waits now', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'One')], {}, stack);
  expect(['Arrived', 'Finished', 'Failed', 'Waiting', 'Oldest waiting (s)'].map((title) => widgetOf(stack, title).properties.setPeriodToTimeRange))
    .toEqual([true, true, true, undefined, undefined]);
});

test('numbers that nothing has are left out, and the others have their room', () => {
  const stack = newStack();
  dashboardOf([thing({ title: 'queue', verdict: { waiting: metric('Visible', 'queue'), oldest: oldest('queue') } })], {}, stack);
  const { widgets } = pageOf(stack);
  expect(widgets.slice(1).map(({ width, properties: { title } }) => [title, width])).toEqual([['Waiting', 12], ['Oldest waiting (s)', 12]]);
});

test('expressions with the same ids stand in one widget', () => {
  const stack = newStack();
  dashboardOf(['a', 'b', 'c'].map((title) => thing({ title, verdict: { oldest: oldest(title) } })), {}, stack);
  const rows = widgetOf(stack, 'Oldest waiting (s)').properties.metrics!;
  const ids = rows.map((row) => optionsOf(row).id).filter((id) => id !== undefined);
  expect(ids).toHaveLength(6);
  expect(new Set(ids).size).toBe(6);
  expect(rows.filter((row) => row.length === 1).map((row) => optionsOf(row).expression)).toEqual([
    'IF(m0_visible > 0, m0_age, 0)', 'IF(m1_visible > 0, m1_age, 0)', 'IF(m2_visible > 0, m2_age, 0)',
  ]);
});

test('metrics of another region and account say where they are', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1', account: '111111111111' } });
  const far = new Metric({ namespace: 'Test', metricName: 'Far', region: 'us-east-1', account: '222222222222' });
  dashboardOf([thing({ title: 'far', verdict: { arrived: far, oldest: new MathExpression({ expression: 'far', usingMetrics: { far } }) } })], {}, stack);
  expect(optionsOf(widgetOf(stack, 'Arrived').properties.metrics![0]!)).toMatchObject({ region: 'us-east-1', accountId: '222222222222' });
  expect(optionsOf(widgetOf(stack, 'Oldest waiting (s)').properties.metrics![1]!)).toMatchObject({ region: 'us-east-1', accountId: '222222222222' });
});

test('logs of another region are asked there', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1', account: '111111111111' } });
  const far = LogGroup.fromLogGroupArn(stack, 'Far', 'arn:aws:logs:us-east-1:222222222222:log-group:far');
  const near = new LogGroup(stack, 'Near');
  dashboardOf([thing({ title: 'logs', logs: [near, far].map((logGroup) => ({ logGroup, kind: LogKind.JOBS })) })], {}, stack);
  expect(widgetOf(stack, 'Latest errors (1 of 2)').properties).toMatchObject({ region: '<AWS::Region>' });
  expect(widgetOf(stack, 'Latest errors (2 of 2)').properties).toMatchObject({ region: 'us-east-1', accountId: '222222222222' });
});

test('only logs of work are asked, each group once', () => {
  const stack = newStack();
  const groups = ['A', 'B'].map((id) => new LogGroup(stack, id));
  dashboardOf([
    thing({ title: 'one', logs: [{ logGroup: groups[0]!, kind: LogKind.JOBS }, { logGroup: groups[1]!, kind: LogKind.DATABASE }] }),
    thing({ title: 'two', logs: [{ logGroup: groups[0]!, kind: LogKind.JOBS }] }),
  ], {}, stack);
  expect(widgetOf(stack, 'Latest errors').properties.query!.match(/SOURCE/g)).toHaveLength(1);
});

test('of more log groups than one query takes, the latest errors alone are asked for', () => {
  const stack = newStack();
  const logs = Array.from({ length: 51 }, (_, index) => ({ logGroup: new LogGroup(stack, `Logs${index}`), kind: LogKind.JOBS }));
  dashboardOf([thing({ title: 'much', logs })], { savedQueries: false }, stack);
  const outline = outlineOf(stack);
  expect(outline.slice(outline.indexOf('## Logs'))).toEqual(['## Logs', 'Lines of errors', 'Latest errors (1 of 2)', 'Latest errors (2 of 2)']);
  expect(widgetOf(stack, 'Latest errors (1 of 2)').properties.query!.match(/SOURCE/g)).toHaveLength(50);
});

test('an alarm widget has 100 alarms at most, and all alarms are shown', () => {
  const stack = newStack();
  const arn = (index: number) => `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${index}`;
  const alarms = Array.from({ length: 104 }, (_, index) => ({
    alarm: Alarm.fromAlarmArn(stack, `Alarm${index}`, arn(index)), severity: AlarmSeverity.PAGE, label: 'rings', action: 'Look.',
  }));
  dashboardOf([thing({ title: 'many', alarms })], {}, stack);
  const widgets = pageOf(stack).widgets.filter(({ type }) => type === 'alarm');
  expect(widgets.map(({ properties }) => [properties.title, properties.alarms!.length])).toEqual([
    ['Alarms that wake somebody (1 of 2)', 100], ['Alarms that wake somebody (2 of 2)', 4],
  ]);
  expect(widgets.flatMap(({ properties }) => properties.alarms)).toEqual(alarms.map((_, index) => arn(index)));
});

test.each<[pages: number, tickets: number, widths: number[], height: number]>([
  [1, 1, [12, 12], 2],
  [5, 9, [8, 16], 4],
  [9, 5, [16, 8], 4],
  [3, 3, [12, 12], 2],
  [2, 0, [24], 2],
])('widgets of %i and %i alarms share the page as these need it, and are of one height', (pages, tickets, widths, height) => {
  const stack = newStack();
  const alarms = Array.from({ length: pages + tickets }, (_, index) => ({
    alarm: Alarm.fromAlarmArn(stack, `Alarm${index}`, `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${index}`),
    severity: index < pages ? AlarmSeverity.PAGE : AlarmSeverity.TICKET,
    label: `rings ${index}`,
    action: 'Look.',
  }));
  dashboardOf([thing({ title: 'many', alarms })], {}, stack);
  const widgets = pageOf(stack).widgets.filter(({ type }) => type === 'alarm');
  expect(widgets.map((widget) => [widget.width, widget.height])).toEqual(widths.map((width) => [width, height]));
});

test('numbers are as high as what has some needs it, however much else is watched', () => {
  const heightOf = (having: number) => {
    const stack = newStack();
    const others = ['a', 'b', 'c'].map((title) => thing({ title }));
    dashboardOf([...Array.from({ length: having }, (_, index) => thing({ title: `${index}`, verdict: { failed: metric('Failed', `${index}`) } })), ...others], {}, stack);
    return widgetOf(stack, 'Failed').height;
  };
  expect([heightOf(1), heightOf(2), heightOf(3)]).toEqual([3, 3, 5]);
});

test('what widgets inside of rows warn of is handed on', () => {
  const stack = newStack();
  const warning: IMetric = { ...metric('M', 'x'), toMetricConfig: () => metric('M', 'x').toMetricConfig(), warningsV2: { 'Test:warning': 'Look out' } } as never;
  dashboardOf([thing({ title: 'warning', rows: [{ section: DashboardSection.FLOW, widgets: [new Row(new GraphWidget({ left: [warning] }))] }] })], {}, stack);
  expect(stack.node.findAll().flatMap(({ node }) => node.metadata).map(({ data }) => String(data))).toContainEqual(expect.stringContaining('Look out'));
});

test('the range is said in the unit that CloudWatch reads', () => {
  const stack = newStack();
  dashboardOf([thing({ title: 'bare' })], {}, stack);
  expect(pageOf(stack).start).toBe('-PT12H');
});
