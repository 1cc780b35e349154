import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmOptions } from '../../src/alarms/alarm-options';
import {
  checkAlarmOptions, checkJudged, createAlarm, monitoredAlarms, thresholdOf, type AlarmDefaults, type AlarmDefinition,
} from '../../src/internal/alarm-factory';
import { PropRules } from '../../src/internal/prop-rules';
import { AlarmSeverity } from '../../src/monitoring/monitored';

const DEFINITION: AlarmDefinition = {
  metric: (options) => new Metric({ namespace: 'N', metricName: 'M', ...options }),
  threshold: 3,
  id: ['pipeline', 'failureRate'],
  subject: 'drawings',
  meaning: 'something rings',
  action: 'Look.',
};

function synthesised(definition: Partial<AlarmDefinition> = {}, options?: AlarmOptions): Template {
  const stack = new Stack(new App(), 'Stack');
  createAlarm(stack, 'Alarm', { ...DEFINITION, ...definition }, options);
  return Template.fromStack(stack);
}

function said(options: AlarmOptions | undefined, defaults?: AlarmDefaults): string[] {
  const rules = new PropRules(new Stack(new App(), 'Stack'));
  checkAlarmOptions(rules, 'alarms.errors', options, defaults);
  try {
    rules.throwIfBroken();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.replace(/^ {2}\d+\. Stack: /, ''));
  }
}

test('an alarm has the definition\'s defaults', () => {
  synthesised().hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 3,
    Period: 300,
    EvaluationPeriods: 1,
    DatapointsToAlarm: Match.absent(),
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmDescription: 'drawings: something rings. Look.',
  });
  synthesised({ onlyAbove: true, period: Duration.minutes(1), evaluationPeriods: 4 }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Period: 60,
    EvaluationPeriods: 4,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});

test('what is tuned wins', () => {
  const tuned = { threshold: 9, period: Duration.hours(1), evaluationPeriods: 5, datapointsToAlarm: 2, enabled: true };
  synthesised({ period: Duration.minutes(1), evaluationPeriods: 4 }, tuned).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 9,
    Period: 3600,
    EvaluationPeriods: 5,
    DatapointsToAlarm: 2,
  });
});

test('a removed alarm is none', () => {
  synthesised({}, { enabled: false }).resourceCountIs('AWS::CloudWatch::Alarm', 0);
});

test('nothing tuned breaks no rule, nor do the limits, nor what is only known at deployment', () => {
  const later = Lazy.number({ produce: () => 1 });
  expect(said(undefined)).toEqual([]);
  expect(said({})).toEqual([]);
  expect(said({ period: Duration.minutes(1), evaluationPeriods: 1440, datapointsToAlarm: 1440 })).toEqual([]);
  expect(said({ period: Duration.hours(1), evaluationPeriods: 168 })).toEqual([]);
  expect(said({ period: Duration.seconds(later), evaluationPeriods: later, datapointsToAlarm: later })).toEqual([]);
});

test.each<[AlarmOptions, string]>([
  [{ threshold: -1 }, 'alarms.errors.threshold must be 0 or more. Given: -1.'],
  [{ threshold: NaN }, 'alarms.errors.threshold must be 0 or more. Given: NaN.'],
  [{ period: Duration.seconds(0) }, 'alarms.errors.period must be a multiple of one minute. Given: 0 seconds.'],
  [{ period: Duration.seconds(61) }, 'alarms.errors.period must be a multiple of one minute. Given: 1 minute 1 second.'],
  [{ evaluationPeriods: 0 }, 'alarms.errors.evaluationPeriods must be a whole number from 1 to 10,080. Given: 0.'],
  [{ evaluationPeriods: 2, datapointsToAlarm: 0 }, 'alarms.errors.datapointsToAlarm must be a whole number from 1 to 2. Given: 0.'],
  [{ evaluationPeriods: 3, datapointsToAlarm: 4 }, 'alarms.errors.datapointsToAlarm must be a whole number from 1 to 3. Given: 4.'],
  [{ period: Duration.minutes(1), evaluationPeriods: 1441 }, 'alarms.errors.period times alarms.errors.evaluationPeriods must not exceed one day. Given: 60 s × 1441.'],
  [{ period: Duration.hours(1), evaluationPeriods: 169 }, 'alarms.errors.period times alarms.errors.evaluationPeriods must not exceed seven days.'],
  [{ period: Duration.days(8) }, 'must not exceed seven days. Given: 691200 s × 1. Fix: lower one of them'],
])('%p is refused', (options, message) => {
  expect(said(options)).toEqual([expect.stringContaining(message)]);
});

test('a share is at most all of it', () => {
  expect(said({ threshold: 100 }, { percent: true })).toEqual([]);
  expect(said({ threshold: 101 })).toEqual([]);
  expect(said({ threshold: 101 }, { percent: true })).toEqual([expect.stringContaining('alarms.errors.threshold must be from 0 to 100: it is a share in percent. Given: 101.')]);
});

describe('what is not tuned is the alarm\'s own', () => {
  const slow: AlarmDefaults = { period: Duration.minutes(1), evaluationPeriods: 3 };

  test.each<[AlarmOptions, AlarmDefaults | undefined, string]>([
    [{ datapointsToAlarm: 2 }, undefined, 'datapointsToAlarm must be a whole number from 1 to 1. Given: 2.'
      + ' Fix: give 1 or less (as many as evaluationPeriods, 1 unless given).'],
    [{ datapointsToAlarm: 4 }, slow, 'datapointsToAlarm must be a whole number from 1 to 3. Given: 4.'],
    [{ evaluationPeriods: 289 }, undefined, 'must not exceed one day. Given: 300 s × 289.'],
    [{ evaluationPeriods: 1441 }, slow, 'must not exceed one day. Given: 60 s × 1441.'],
    [{ period: Duration.days(3) }, slow, 'must not exceed seven days. Given: 259200 s × 3.'],
  ])('%p beside %p is refused', (options, defaults, message) => {
    expect(said(options, defaults)).toEqual([expect.stringContaining(message)]);
  });

  test.each<[AlarmOptions, AlarmDefaults | undefined]>([
    [{ datapointsToAlarm: 1 }, undefined],
    [{ datapointsToAlarm: 3 }, slow],
    [{ evaluationPeriods: 288 }, undefined],
    [{ evaluationPeriods: 1440, datapointsToAlarm: 4 }, slow],
    [{ period: Duration.days(2) }, slow],
  ])('%p beside %p is fine', (options, defaults) => {
    expect(said(options, defaults)).toEqual([]);
  });
});

/** A share, as a worker's errors are judged. */
const SHARE = (options: MetricOptions) => new MathExpression({
  expression: '100 * errors / invocations',
  usingMetrics: {
    errors: new Metric({ namespace: 'N', metricName: 'Errors', ...options }), invocations: new Metric({ namespace: 'N', metricName: 'Invocations', ...options }),
  },
  ...options,
});

test.each([
  ['a metric', {}, 1],
  ['metric math', { metric: SHARE }, 1],
])('an alarm on a band is outside of what is usual: %s', (_, definition, judged) => {
  const template = synthesised(definition, { anomalyBand: 3 });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanUpperThreshold', Threshold: Match.absent(), ThresholdMetricId: Match.anyValue(), TreatMissingData: 'notBreaching',
  });
  const [{ Properties: { Metrics, ThresholdMetricId } }] = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const metrics = Metrics as { Id: string; Expression?: string; ReturnData?: boolean }[];
  const band = metrics.find(({ Id }) => Id === ThresholdMetricId)!;
  expect(band.Expression).toMatch(/^ANOMALY_DETECTION_BAND\(\w+, 3\)$/);
  // CloudWatch takes no more than the band and what it is of
  expect(metrics.filter(({ Id, ReturnData }) => Id !== ThresholdMetricId && ReturnData !== false)).toHaveLength(judged);
});

test('where little is what is wrong, below the band is', () => {
  synthesised({ below: true }, { anomalyBand: 2 }).hasResourceProperties('AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanLowerThreshold' });
});

test.each<[string, AlarmOptions, AlarmDefaults, string]>([
  ['too narrow', { anomalyBand: 0 }, {}, 'alarms.errors.anomalyBand must be from 0.1 to 10 standard deviations. Given: 0. Fix: give 2, or more to ring for less.'],
  ['too wide', { anomalyBand: 11 }, {}, 'alarms.errors.anomalyBand must be from 0.1 to 10 standard deviations. Given: 11. Fix: give 2, or more to ring for less.'],
  ['beside a threshold', { anomalyBand: 2, threshold: 1 }, {}, 'alarms.errors.anomalyBand cannot be given beside alarms.errors.threshold: it stands in its place. Fix: remove one of them.'],
  ['of what should not be', { anomalyBand: 2 }, { noBand: 'there is nothing usual' }, 'alarms.errors.anomalyBand cannot be given: there is nothing usual. Fix: remove it, or tune alarms.errors.threshold.'],
])('fails on a band %s', (_, options, defaults, message) => {
  expect(said(options, defaults)).toEqual([message]);
});

test('a construct says of its alarms what their readers need', () => {
  const stack = new Stack(new App(), 'Stack');
  const rings = createAlarm(stack, 'Rings', DEFINITION)!;
  const tuned = createAlarm(stack, 'Tuned', { ...DEFINITION, id: ['pipeline', 'backlog'] }, { severity: AlarmSeverity.PAGE, threshold: 9 })!;
  const removed = createAlarm(stack, 'Removed', DEFINITION, { enabled: false });
  const foreign = new Alarm(stack, 'Foreign', { metric: DEFINITION.metric({}), threshold: 1, evaluationPeriods: 1 });
  expect(monitoredAlarms({ rings, tuned, removed, foreign })).toEqual([
    { alarm: rings, severity: AlarmSeverity.PAGE, label: 'failure rate', action: 'Look.', runbook: 'pipeline-failure-rate' },
    { alarm: tuned, severity: AlarmSeverity.PAGE, label: 'backlog', action: 'Look.', runbook: 'pipeline-backlog' },
  ]);
  expect(monitoredAlarms({ tuned }, 'worker')[0].label).toBe('worker: backlog');
  expect([rings, tuned, removed, foreign].map(thresholdOf)).toEqual([3, 9, undefined, undefined]);
  expect(thresholdOf(createAlarm(stack, 'Band', DEFINITION, { anomalyBand: 2 }))).toBeUndefined();
});

test.each<[string, AlarmOptions | undefined, string | undefined, number]>([
  ['tuned, with nothing to judge', { threshold: 1 }, 'an API', 1],
  ['tuned', { threshold: 1 }, undefined, 0],
  ['removed, and not there', { enabled: false }, 'an API', 0],
  ['not mentioned', undefined, 'an API', 0],
  ['mentioned, with nothing said', {}, 'an API', 0],
])('an alarm that would never have data is an error: %s', (_, options, missing, count) => {
  const rules = new PropRules(new Stack(new App(), 'Stack'));
  checkJudged(rules, 'alarms.apiErrors', options, missing);
  expect(rules.fine('alarms.apiErrors')).toBe(count === 0);
});
