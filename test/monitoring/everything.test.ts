import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { alarmOf, alarmsWithin, pageOf } from './support';
import type { IMonitored, Monitoring } from '../../src/monitoring/monitored';
import { runbookNames } from '../../src/monitoring/runbooks';
import { databaseOf, type DatabaseKind } from '../templates/databases';
import { pipelineOf, type Kind } from '../templates/kinds';
import { NETWORKS, networkOf } from '../templates/networks';

const PIPELINES: Kind[] = [
  'dev', 'prod', 'without an API', 'calling an imported function', 'state machine', 'maximal, API keys', 'maximal HTTP postgres state machine, keys',
];
const DATABASES: DatabaseKind[] = ['instance, dev', 'instance, maximal', 'Aurora, maximal'];

const made: [string, () => IConstruct & IMonitored][] = [
  ...PIPELINES.map((kind): [string, () => IConstruct & IMonitored] => [`pipeline: ${kind}`, () => pipelineOf(kind).pipeline]),
  ...DATABASES.map((kind): [string, () => IConstruct & IMonitored] => [`database: ${kind}`, () => databaseOf(kind).database]),
  ...NETWORKS.map((kind): [string, () => IConstruct & IMonitored] => [kind, () => networkOf(kind).network]),
];

describe.each(made)('%s', (_, make) => {
  let construct: IConstruct & IMonitored;
  let monitoring: Monitoring;

  beforeAll(() => {
    construct = make();
    monitoring = construct.monitor();
  });

  test('every alarm is told of, with what to do and its page', () => {
    const { alarms = [] } = monitoring;
    expect(new Set(alarms.map(({ alarm }) => alarm))).toEqual(new Set(alarmsWithin(construct)));
    expect(alarms.filter(({ action }) => !/^[A-Z].*\.$/s.test(action))).toEqual([]);
    expect(alarms.map(({ runbook }) => runbook).filter((page) => !runbookNames().includes(page!))).toEqual([]);
    expect(new Set(alarms.map(({ label }) => label)).size).toBe(alarms.length);
  });

  test('the descriptions of alarms end with what to do, and no data is no alarm', () => {
    for (const { alarm, action } of monitoring.alarms ?? []) {
      const { alarmDescription, treatMissingData } = alarmOf(alarm as Alarm);
      expect(alarmDescription).toContain(action.split('. ').at(-1));
      expect(treatMissingData).toBe('notBreaching');
    }
  });

  test('its part of the page is one that CloudWatch takes', () => {
    const { faults, warnings } = pageOf(construct, monitoring);
    expect(faults).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('rows are as wide as the page at most', () => {
    const widths = (monitoring.rows ?? []).map(({ widgets }) => widgets.reduce((sum, { width }) => sum + width, 0));
    expect(Math.max(0, ...widths)).toBeLessThanOrEqual(24);
    expect(Math.min(24, ...widths)).toBeGreaterThanOrEqual(20);
  });

  test('nothing is created by asking', () => {
    const before = Stack.of(construct).node.findAll().length;
    construct.monitor();
    expect(Stack.of(construct).node.findAll().length).toBe(before);
  });

  test('each service is estimated once, in terms of its own', () => {
    const { costs = [] } = monitoring;
    expect(new Set(costs.map(({ service }) => service)).size).toBe(costs.length);
    for (const { metric } of costs) {
      expect(metric.toMetricConfig().mathExpression!.expression).not.toMatch(/e-|NaN|Infinity/);
    }
  });
});
