import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmOptions } from '../../src/alarms/alarm-options';
import { checkAlarmOptions, createAlarm, type AlarmDefaults, type AlarmDefinition } from '../../src/internal/alarm-factory';
import { PropRules } from '../../src/internal/prop-rules';

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
