import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { bodyOf, dashboardOf, Everything, metric, newStack, oldest, outlineOf, pageOf, refusal, thing, widgetOf } from './support';
import { DashboardSection, type IMonitored, type Monitoring } from '../../src/monitoring/monitored';
import { dashboardFaultsOf } from '../support/dashboard-body';

/** A dashboard over so many things, in a stack of its own. */
function pageOver(count: number, foldAfter?: number): { readonly stack: Stack; readonly things: Stack } {
  const app = new App();
  const things = new Stack(app, 'Things');
  const stack = new Stack(app, 'Stack');
  dashboardOf(Array.from({ length: count }, (_, index) => new Everything(things, `Thing${index}`)), { foldAfter }, stack);
  return { stack, things };
}

/** A dashboard over things that are quickly made. */
function pageOfMany(count: number, monitoring: (title: string) => Partial<Monitoring>, foldAfter?: number): Stack {
  const stack = newStack();
  const things = Array.from({ length: count }, (_, index): IMonitored => thing({ title: `thing${index}`, ...monitoring(`thing${index}`) }));
  dashboardOf(things, { foldAfter }, stack);
  return stack;
}

const verdict = (title: string): Partial<Monitoring> => ({
  verdict: { arrived: metric('Arrived', title), failed: metric('Failed', title), waiting: metric('Visible', title), oldest: oldest(title) },
});
const graphs = (title: string, count: number): Partial<Monitoring> => ({
  rows: Array.from({ length: count }, (_, index) => ({
    section: DashboardSection.FLOW, widgets: [new GraphWidget({ title: `${title}: ${index}`, left: [metric(`M${index}`, title)] })],
  })),
});
const costs = (title: string, count: number): Partial<Monitoring> => ({
  costs: Array.from({ length: count }, (_, index) => ({ service: 'AWS Lambda', metric: metric(`Spent${index}`, title) })),
});

const headOf = (stack: Stack) => pageOf(stack).widgets[0]!.properties.markdown!;

function expectWarning(stack: Stack, text: string): void {
  Annotations.fromStack(stack).hasWarning('/Stack/Operations', Match.stringLikeRegexp(text));
}

test('six things are shown in full, and nothing is said of folding', () => {
  const { stack } = pageOver(6);
  expect(outlineOf(stack)).toContain('Thing5: workers');
  expect(headOf(stack)).not.toContain('row');
});

test('of seven each has one row: its name, its numbers, its flow and what waits', () => {
  const { stack, things } = pageOver(7);
  const outline = outlineOf(stack);
  expect(outline).not.toContain('Thing5: workers');
  expect(outline.slice(3, 13)).toEqual([
    '### thing0', 'In this range', 'Flow', 'Now', 'Waiting', '### thing1', 'In this range', 'Flow', 'Now', 'Waiting',
  ]);
  expect(headOf(stack)).toContain('**Each thing has one row here.** There are more than 6 of them (`foldAfter`).');
  expect(outline.slice(outline.indexOf('## Cost'))).toEqual([
    '## Cost', 'Estimated cost, US dollars', 'Estimated cost by service, US dollars an hour',
    "Estimated cost of 1,000 finished, US dollars (of what is each thing's own)",
    '## Logs', 'Lines of errors', 'Latest errors', 'Failures by type', 'Slowest jobs', '## What to do',
  ]);
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON(), Template.fromStack(things).toJSON())).toEqual([]);
  Annotations.fromStack(stack).hasNoWarning('/Stack/Operations', Match.anyValue());
});

test('when to fold can be said', () => {
  expect(outlineOf(pageOver(2, 1).stack)).toContain('### thing0');
  expect(outlineOf(pageOver(7, 7).stack)).toContain('Thing6: workers');
});

test('what a folded thing does not say takes no room, and its row is filled', () => {
  const rowOf = (given: Monitoring['verdict']) => {
    const stack = pageOfMany(1, () => ({ verdict: given }), 0);
    return pageOf(stack).widgets.slice(1).map(({ width, properties: { title, markdown } }) => `${title ?? markdown}: ${width}`);
  };
  expect(rowOf({ arrived: metric('A', 'a') })).toEqual(['### thing0: 6', 'In this range: 6', 'Flow: 12']);
  expect(rowOf({ waiting: metric('A', 'a') })).toEqual(['### thing0: 6', 'Now: 6', 'Waiting: 12']);
  expect(rowOf({ arrived: metric('A', 'a'), oldest: metric('B', 'a') })).toEqual(['### thing0: 3', 'In this range: 6', 'Flow: 6', 'Now: 4', 'Waiting: 5']);
  expect(rowOf(undefined)).toEqual(['### thing0: 24']);
});

test.each([20, 50])('%d things fit, all of their alarms with them', (count) => {
  const { stack, things } = pageOver(count);
  const alarms = pageOf(stack).widgets.flatMap(({ properties }) => properties.alarms ?? []);
  expect(new Set(alarms).size).toBe(2 * count);
  expect(headOf(stack)).toContain('one row');
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON(), Template.fromStack(things).toJSON())).toEqual([]);
  expect(bodyOf(stack).length).toBeLessThan(count * 4_200);
});

test('what has too many widgets is folded, and a warning says so', () => {
  const stack = pageOfMany(5, (title) => ({ ...verdict(title), ...graphs(title, 100) }));
  expect(headOf(stack)).toContain('**Each thing has one row here.** CloudWatch takes no larger page.');
  expectWarning(stack, '506 widgets of 500.*Each thing has one row here.*Make several dashboards');
});

test('rows that are too many metrics are folded', () => {
  const left = (title: string) => Array.from({ length: 450 }, (_, index) => metric(`M${index}`, title));
  const row = (title: string) => ({ section: DashboardSection.FLOW, widgets: [new GraphWidget({ left: left(title) })] });
  const stack = pageOfMany(6, (title) => ({ ...verdict(title), rows: [row(title)] }));
  expect(outlineOf(stack)).toContain('### thing5');
  expectWarning(stack, '2736 metrics of 2500');
});

test('a widget of too many metrics is folded', () => {
  const left = Array.from({ length: 501 }, (_, index) => metric(`M${index}`, 'x'));
  const stack = pageOfMany(1, () => ({ rows: [{ section: DashboardSection.FLOW, widgets: [new GraphWidget({ left })] }] }));
  expectWarning(stack, '501 metrics in one widget of 500');
});

test('a page that is too long for a template is folded', () => {
  const widget = new GraphWidget({ title: 'x'.repeat(700_000), left: [metric('M', 'x')] });
  const stack = pageOfMany(1, () => ({ rows: [{ section: DashboardSection.FLOW, widgets: [widget] }] }));
  expectWarning(stack, '\\d{6} bytes of 600000');
});

test('costs of which one graph is too much stand in several, and the things stay as they are', () => {
  const stack = pageOfMany(3, (title) => ({ ...graphs(title, 1), ...costs(title, 200) }));
  const title = 'Estimated cost by service, US dollars an hour';
  expect(outlineOf(stack)).toEqual([
    '# Operations', '## Flow', 'thing0: 0', 'thing1: 0', 'thing2: 0', '## Cost', `${title} (1 of 2: thing0 to thing1)`, `${title} (2 of 2: thing2)`,
  ]);
  expect(headOf(stack)).toContain('**Costs are by service alone.**');
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON())).toEqual([]);
});

test('costs of one thing that are too much for a graph are left out', () => {
  const stack = pageOfMany(2, (title) => ({ ...graphs(title, 1), ...costs(title, 501) }));
  expect(outlineOf(stack)).toEqual(['# Operations', '## Flow', 'thing0: 0', 'thing1: 0']);
  expect(headOf(stack)).toContain('**Costs are left out.**');
  expectWarning(stack, 'metrics in one widget of 500.*Costs are left out');
});

test('costs for each thing go before costs by service', () => {
  const stack = pageOfMany(8, (title) => ({ ...graphs(title, 1), verdict: { finished: metric('Done', title) }, ...costs(title, 61) }), 8);
  expect(outlineOf(stack).slice(-3)).toEqual([
    '## Cost', 'Estimated cost by service, US dollars an hour (1 of 2: thing0 to thing6)', 'Estimated cost by service, US dollars an hour (2 of 2: thing7)',
  ]);
  expect(headOf(stack)).toContain('**Costs are by service alone.**');
});

test('too many things for rows are lines in graphs, 25 of them together', () => {
  const stack = pageOfMany(130, verdict);
  const outline = outlineOf(stack);
  expect(headOf(stack)).toContain('**Each thing is one line in graphs here.');
  expect(outline.filter((title) => title === 'Oldest waiting (s)')).toHaveLength(6);
  expect(widgetOf(stack, 'Failed').properties.metrics).toHaveLength(25);
  expect(dashboardFaultsOf(Template.fromStack(stack).toJSON())).toEqual([]);
});

test('what fits in no way is refused, with what to do', () => {
  const message = refusal(() => pageOf(pageOfMany(420, verdict)));
  expect(message).toContain('[Stack/Operations] The page of 420 things does not fit, even with one line for each: 2520 metrics of 2500. Fix: make several dashboards');
});
