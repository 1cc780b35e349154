import { Match } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { databaseWith, templateOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';

const ALARM = 'AWS::CloudWatch::Alarm';
const aurora = PostgresEngine.auroraServerlessV2;
const made = ({ database }: ReturnType<typeof databaseWith>) => Object.entries(database.alarms)
  .filter(([, alarm]) => alarm).map(([name]) => name).sort();

test.each([
  ['an instance', {}, ['borrowLatency', 'connections', 'cpu', 'deadlocks', 'freeStorage', 'rotation']],
  ['an instance with readers', { engine: PostgresEngine.instance({ readers: 1 }) }, ['borrowLatency', 'connections', 'cpu', 'deadlocks', 'freeStorage', 'replicaLag', 'rotation']],
  ['an instance alone', { proxy: PostgresProxy.none(), rotateMasterSecret: false }, ['connections', 'cpu', 'deadlocks', 'freeStorage']],
  ['a cluster', { engine: aurora({ readers: 0 }) }, ['borrowLatency', 'capacity', 'connections', 'cpu', 'deadlocks', 'rotation']],
  ['a cluster with readers', { engine: aurora({ readers: 1 }) }, ['borrowLatency', 'capacity', 'connections', 'cpu', 'deadlocks', 'replicaLag', 'rotation']],
])('%s has those that have something to judge', (_, props, names) => {
  const fixture = databaseWith(props);
  expect(made(fixture)).toEqual(names);
  expect(fixture.database.node.findAll().filter((child) => child instanceof Alarm)).toHaveLength(names.length);
});

test('each can be tuned and removed', () => {
  const fixture = databaseWith({ alarms: { cpu: { threshold: 95 }, deadlocks: { enabled: false } } });
  expect(made(fixture)).not.toContain('deadlocks');
  templateOf(fixture).hasResourceProperties(ALARM, { MetricName: 'CPUUtilization', Threshold: 95, EvaluationPeriods: 3 });
});

test('all have something to do at once', () => {
  const fixture = databaseWith();
  const topic = new sns.Topic(fixture.stack, 'Topic');
  fixture.database.addAlarmAction(new SnsAction(topic));
  const ofDatabase = { Properties: { AlarmDescription: Match.stringLikeRegexp(`^${fixture.database.node.path}: `) } };
  const alarms = Object.values(templateOf(fixture).findResources(ALARM, ofDatabase)).map(({ Properties }) => Properties.AlarmActions as unknown);
  expect(alarms.length).toBeGreaterThan(5);
  expect(alarms).toEqual(alarms.map(() => [{ Ref: fixture.stack.getLogicalId(topic.node.defaultChild as sns.CfnTopic) }]));
  expect(() => fixture.database.addAlarmAction(topic as never)).toThrow(/Fix: write addAlarmAction\(new SnsAction\(topic\)\)/);
});

test('connections: 80 % of what the engine takes, or what is over the share of the proxy', () => {
  const alarm = (proxy: PostgresProxy) => Object.values(templateOf(databaseWith({ profile: EnvironmentProfile.dev(), proxy })).findResources(ALARM, {
    Properties: { MetricName: 'DatabaseConnections' },
  }))[0].Properties as { Threshold: number };
  expect(alarm(PostgresProxy.none()).Threshold).toBe(Math.floor(83 * 0.8));
  expect(alarm(PostgresProxy.pooled()).Threshold).toBe(Math.floor(83 * 0.95));
});

test('free storage rings from a tenth down, in GiB', () => {
  templateOf(databaseWith()).hasResourceProperties(ALARM, {
    ComparisonOperator: 'LessThanOrEqualToThreshold', Threshold: 2, EvaluationPeriods: 6, Metrics: Match.arrayWith([Match.objectLike({ Expression: 'm / 1073741824' })]),
  });
});

test('deadlocks of an instance are counted in its log, those of a cluster by CloudWatch', () => {
  const template = templateOf(databaseWith());
  template.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '"deadlock detected"',
    LogGroupName: { Ref: Match.stringLikeRegexp('^DatabasePostgresqlLogs') },
    MetricTransformations: [{ MetricNamespace: 'JobWorks', MetricValue: '1' }],
  });
  const cluster = templateOf(databaseWith({ engine: aurora() }));
  cluster.resourceCountIs('AWS::Logs::MetricFilter', 0);
  cluster.hasResourceProperties(ALARM, { Metrics: Match.arrayWith([Match.objectLike({ MetricStat: { Metric: { MetricName: 'Deadlocks' } } })]) });
});

test('readers of an instance are judged by the one that is furthest behind', () => {
  templateOf(databaseWith({ engine: PostgresEngine.instance({ readers: 2 }) })).hasResourceProperties(ALARM, {
    Threshold: 60, Metrics: Match.arrayWith([Match.objectLike({ Expression: 'MAX(METRICS())' })]),
  });
});

test('the proxy is judged by how long functions wait, the rotation by its failures', () => {
  const template = templateOf(databaseWith());
  template.hasResourceProperties(ALARM, {
    Threshold: 1000,
    Metrics: Match.arrayWith([Match.objectLike({
      MetricStat: { Metric: { MetricName: 'DatabaseConnectionsBorrowLatency', Dimensions: [{ Name: 'ProxyName', Value: { Ref: Match.stringLikeRegexp('^DatabaseProxy') } }] } },
    })]),
  });
  template.hasResourceProperties(ALARM, {
    MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^DatabaseRotation') } }],
  });
});
