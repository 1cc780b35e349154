import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { dashboardFaults, dashboardFaultsOf } from './dashboard-body';

const ARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors';
const CALLS = ['AWS/Lambda', 'Invocations', 'FunctionName', 'worker'];

type Properties = Record<string, unknown>;

function widget(type: string, properties: Properties, place: Properties = {}): Properties {
  return { type, x: 0, y: 0, width: 6, height: 6, properties, ...place };
}

function metric(properties: Properties = {}, place: Properties = {}): Properties {
  return widget('metric', { region: 'eu-west-1', metrics: [CALLS], ...properties }, place);
}

function math(expression: string, ...ids: readonly string[]): Properties {
  return metric({ metrics: [...ids.map((id) => [...CALLS, { id }]), [{ expression }]] });
}

const page = (...widgets: readonly Properties[]) => ({ widgets });

describe('a body without faults', () => {
  it.each<[string, unknown]>([
    ['with nothing on it', page()],
    ['with one of each', page(
      metric({ title: 'Calls', stat: 'p99.9', period: 60, yAxis: { left: { min: 0 }, right: { label: 'ms' } }, legend: { position: 'bottom' } }),
      widget('text', { markdown: '# Hello' }, { x: 6 }),
      widget('log', { region: 'eu-west-1', query: "SOURCE 'a' | SOURCE 'b' | fields @message", view: 'table' }, { x: 12 }),
      widget('alarm', { alarms: [ARN], sortBy: 'stateUpdatedTimestamp', states: ['ALARM'] }, { x: 18 }),
    )],
    ['with what is abbreviated', page(metric({ metrics: [CALLS, ['.', 'Errors', '.', '.'], ['...', 'other', { id: 'm3', stat: 'TM(10%:90%)' }], [{ expression: '-m3', id: 'e1' }]] }))],
    ['with mathematics', page(math('IF(FILL(failed, 0) + FILL(ok, 0) >= 10, 100 * failed / (failed + ok), 0)', 'failed', 'ok'))],
    ['with a search', page(metric({ metrics: [[{ expression: 'SUM(SEARCH(\'{JobWorks,Pipeline,Stage} MetricName="stage duration"\', \'p90\', 300))' }]] }))],
    ['with a query of metrics', page(metric({ metrics: [[{ expression: 'SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName' }]] }))],
    ['with lines', page(metric({ annotations: { horizontal: [{ value: 1, color: '#d62728', fill: 'above' }, [{ value: 2 }, { value: 3 }]] } }))],
    ['with an alarm in place of metrics', page(widget('metric', { region: 'eu-west-1', annotations: { alarms: [ARN] } }))],
    ['with a gauge', page(metric({ view: 'gauge', yAxis: { left: { min: 0, max: 100 } } }))],
    ['of the last three hours', { start: '-PT3H', periodOverride: 'inherit', widgets: [] }],
    ['of one day', { start: '2026-03-12T00:00:00.000Z', end: '2026-03-13T00:00:00.000Z', widgets: [] }],
  ])('%s', (_, body) => {
    expect(dashboardFaults(body)).toEqual([]);
  });
});

describe('a body with a fault', () => {
  it.each<[string, unknown, RegExp]>([
    // structure
    ['that has no widgets', {}, /body: must have required property 'widgets'/],
    ['with a property that is not known', { ...page(), colour: 'red' }, /additional properties \(colour\)/],
    ['with more than 500 widgets', page(...Array.from({ length: 501 }, (_, i) => widget('text', { markdown: 'x' }, { y: 6 * i }))), /more than 500/],
    ['that ends but does not begin', { ...page(), end: '2026-03-13T00:00:00Z' }, /start/],
    ['with a range that is no duration', { ...page(), start: '-3H' }, /start/],
    ['with a widget of an unknown type', page(widget('graph', {})), /widgets\[0\].type: .*metric, text/],
    ['with a widget of no width', page(metric({}, { width: 0 })), /width: must be >= 1/],
    ['with half a place', page({ type: 'text', x: 1, properties: { markdown: 'x' } }), /property y/],
    ['with a text that is empty', page(widget('text', { markdown: '' })), /markdown/],
    ['without a region', page(widget('metric', { metrics: [CALLS] })), /required property 'region'/],
    ['with an unknown view', page(metric({ view: 'donut' })), /view: .*timeSeries, singleValue/],
    ['with a period of half a minute', page(metric({ period: 30 })), /period/],
    ['with a statistic that is none', page(metric({ stat: 'Mean' })), /stat/],
    ['with a percentile over 100', page(metric({ stat: 'p101' })), /stat/],
    ['with a gauge without limits', page(metric({ view: 'gauge' })), /yAxis/],
    ['with a colour that is a word', page(metric({ annotations: { horizontal: [{ value: 1, color: 'red' }] } })), /color/],
    ['with a line without a value', page(metric({ annotations: { horizontal: [{ label: 'x' }] } })), /value/],
    ['with no alarm', page(widget('alarm', { alarms: [] })), /fewer than 1/],
    ['with more than 100 alarms', page(widget('alarm', { alarms: Array.from({ length: 101 }, (_, i) => `${ARN}${i}`) })), /more than 100/],
    ['with an alarm by its name', page(widget('alarm', { alarms: ['errors'] })), /pattern "\^arn:"/],
    ['with a log without a region', page(widget('log', { query: "SOURCE 'a' | fields @message" })), /region/],
    ['with a variable to choose from nothing', { ...page(), variables: [{ type: 'property', property: 'x', inputType: 'select', id: 'x' }] }, /values/],
    // what the structure does not say
    ['that is wider than the grid', page(metric({}, { x: 20 })), /widgets\[0\]: reaches to column 26/],
    ['with widgets over each other', page(metric(), widget('text', { markdown: 'x' }, { x: 5, y: 5 })), /widgets\[0\] and widgets\[1\] overlap/],
    ['with a log query of nothing', page(widget('log', { region: 'eu-west-1', query: 'fields @message' })), /no SOURCE/],
    ['with a widget of nothing', page(metric({ title: 'Calls', metrics: [] })), /"Calls": shows neither/],
    ['with metrics and an alarm', page(metric({ annotations: { alarms: [ARN] } })), /has metrics and an alarm/],
    ['with an alarm and lines', page(widget('metric', { region: 'r', annotations: { alarms: [ARN], horizontal: [{ value: 1 }] } })), /has an alarm and lines/],
    ['with a gauge from 100 to 0', page(metric({ view: 'gauge', yAxis: { left: { min: 100, max: 0 } } })), /begins where it ends/],
    ['with a point that repeats nothing', page(metric({ metrics: [['.', 'Errors']] })), /"\." at place 0 has nothing/],
    ['with a dimension without a value', page(metric({ metrics: [CALLS.slice(0, 3)] })), /names and values of dimensions/],
    ['with an empty dimension', page(metric({ metrics: [[...CALLS.slice(0, 3), '']] })), /"FunctionName" is empty/],
    ['with a dimension twice', page(metric({ metrics: [[...CALLS, ...CALLS.slice(2)]] })), /stands twice/],
    ['with an entry that is neither', page(metric({ metrics: [[{ label: 'x' }]] })), /neither a metric nor an expression/],
    ['with a number for a name', page(metric({ metrics: [['AWS/Lambda', 3]] })), /only texts/],
    ['with an id that begins with a capital letter', page(metric({ metrics: [[...CALLS, { id: 'Calls' }]] })), /id: must match pattern/],
    ['with an option that is not known', page(metric({ metrics: [[...CALLS, { axis: 'left' }]] })), /additional properties \(axis\)/],
    ['with an axis that is neither', page(metric({ metrics: [[...CALLS, { yAxis: 'top' }]] })), /left, right/],
    ['with the same id twice', page(math('calls', 'calls', 'calls')), /id calls is given twice/],
    ['with mathematics of what is not there', page(math('100 * failed / calls', 'calls')), /refers to failed/],
    ['with a parenthesis too many', page(math('SUM(calls))', 'calls')), /not balanced/],
    ['with metrics that are all hidden', page(metric({ metrics: [[...CALLS, { visible: false }]] })), /none of its metrics is visible/],
    ['with more than 2,500 metrics', page(...Array.from({ length: 6 }, (_, i) => metric({ metrics: Array<unknown>(450).fill(CALLS) }, { y: 6 * i }))), /has 2700 metrics/],
  ])('%s', (_, body, fault) => {
    expect(dashboardFaults(body).join('\n')).toMatch(fault);
  });

  it('a widget with more than 500 metrics', () => {
    expect(dashboardFaults(page(metric({ metrics: Array<unknown>(501).fill(CALLS) }))).join()).toMatch(/more than 500/);
  });
});

describe('the dashboards of a template', () => {
  function withDashboard(id: string): Template {
    const stack = new Stack(new App(), 'Stack');
    const queue = new Queue(stack, 'Queue');
    const alarm = queue.metricApproximateNumberOfMessagesVisible().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
    new cloudwatch.Dashboard(stack, 'Page').addWidgets(
      new cloudwatch.GraphWidget({ left: [new cloudwatch.MathExpression({ expression: `m * ${id}`, usingMetrics: { m: queue.metricNumberOfMessagesSent() } })] }),
      new cloudwatch.AlarmStatusWidget({ alarms: [alarm] }),
      new cloudwatch.LogQueryWidget({ logGroupNames: [queue.queueName], queryLines: ['fields @message'] }),
    );
    return Template.fromStack(stack);
  }

  it('are judged with stand-ins for what only a deployment knows', () => {
    expect(dashboardFaultsOf(withDashboard('m').toJSON())).toEqual([]);
  });

  it('are named with their faults', () => {
    expect(dashboardFaultsOf(withDashboard('other').toJSON())).toEqual([expect.stringMatching(/^Page: widgets\[0\]: metrics\[\d\]: m \* other refers to other/)]);
  });
});
