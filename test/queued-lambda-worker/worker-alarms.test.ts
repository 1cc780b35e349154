import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CODE, newStack, synthesise } from './support';
import type { AlarmOptions } from '../../src/alarms/alarm-options';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerAlarmOptions, QueuedLambdaWorkerAlarms } from '../../src/queued-lambda-worker/worker-alarms';

const ALL: Array<keyof QueuedLambdaWorkerAlarms & keyof QueuedLambdaWorkerAlarmOptions> = [
  'firstDeadLetter', 'deadLetters', 'oldestMessageAge', 'errors', 'throttles', 'duration', 'reservedConcurrency',
];

/** The one alarm with a part of a description. */
function alarmOf(template: Template, description: string) {
  const found = Object.values(template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmDescription: Match.stringLikeRegexp(description) } }));
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

describe('by default', () => {
  const { worker, template } = synthesise({ timeout: Duration.minutes(1), reservedConcurrency: 20 });

  test('there is every alarm, and no missing data rings one', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', ALL.length);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { TreatMissingData: 'notBreaching', AlarmName: Match.absent() });
    for (const name of ALL) {
      expect(worker.alarms[name]).toBeDefined();
    }
  });

  test('the first dead letter', () => {
    expect(alarmOf(template, 'a message was given up on')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringContaining('WorkerDeadLetterQueue'), 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  test('more than 5 dead letters', () => {
    expect(alarmOf(template, 'many messages')).toMatchObject({ Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' });
  });

  test('the age of the oldest message, only while messages wait', () => {
    const alarm = alarmOf(template, 'wait for too long');
    expect(alarm).toMatchObject({ Threshold: 1200, EvaluationPeriods: 3, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
    expect(alarm.Metrics).toEqual([
      expect.objectContaining({ Expression: 'IF(visible > 0, age, 0)' }),
      expect.objectContaining({ Id: 'visible', MetricStat: expect.objectContaining({ Period: 60, Stat: 'Maximum' }) }),
      expect.objectContaining({
        Id: 'age',
        MetricStat: expect.objectContaining({ Metric: expect.objectContaining({ MetricName: 'ApproximateAgeOfOldestMessage' }), Period: 60, Stat: 'Maximum' }),
      }),
    ]);
  });

  test('the share of invocations that fail, only where 3 or more did: one crash in a quiet hour wakes nobody', () => {
    const alarm = alarmOf(template, 'too many invocations fail');
    expect(alarm).toMatchObject({ Threshold: 10, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1 });
    expect(alarm.Metrics).toEqual([
      expect.objectContaining({ Expression: 'IF(errors >= 3, 100 * errors / invocations, 0)' }),
      ...['Errors', 'Invocations'].map((MetricName) => expect.objectContaining({
        Id: MetricName.toLowerCase(),
        MetricStat: expect.objectContaining({ Metric: expect.objectContaining({ MetricName }), Period: 300, Stat: 'Sum' }),
      })),
    ]);
  });

  test('throttles', () => {
    expect(alarmOf(template, 'throttled')).toMatchObject({ MetricName: 'Throttles', Statistic: 'Sum', Threshold: 1, Period: 300 });
  });

  test('90 % of the timeout, in milliseconds', () => {
    expect(alarmOf(template, 'near the timeout of 60 s')).toMatchObject({ MetricName: 'Duration', Statistic: 'Maximum', Threshold: 54_000 });
  });

  test('90 % of the reserved concurrency', () => {
    expect(alarmOf(template, '90 % of the 20 reserved')).toMatchObject({ MetricName: 'ConcurrentExecutions', Statistic: 'Maximum', Threshold: 18 });
  });

  test('the descriptions name the worker by its path', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('^Stack/Worker: ') });
  });
});

describe('limits that follow', () => {
  test('a message may be as old as it is hidden', () => {
    const { template } = synthesise({ timeout: Duration.minutes(15) });
    expect(alarmOf(template, 'wait for too long').Threshold).toBe(5400);
  });

  test('the profile\'s', () => {
    const { template } = synthesise({ profile: EnvironmentProfile.dev() });
    expect(alarmOf(template, 'wait for too long').Threshold).toBe(3600);
    expect(alarmOf(template, 'too many invocations fail').Threshold).toBe(25);
  });

  test('nothing is said of reserved concurrency where none is reserved', () => {
    expect(synthesise().worker.alarms.reservedConcurrency).toBeUndefined();
  });

  test('a label', () => {
    const { template } = synthesise({ label: 'Thumbnails' });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('^Thumbnails: ') });
  });
});

describe('tuned', () => {
  const every = <T>(options: T) => Object.fromEntries(ALL.map((name) => [name, options]));

  test('every alarm, in every way', () => {
    const tuned: AlarmOptions = { threshold: 77, period: Duration.minutes(2), evaluationPeriods: 6, datapointsToAlarm: 4 };
    const { template } = synthesise({ reservedConcurrency: 20, alarms: every(tuned) });

    template.resourceCountIs('AWS::CloudWatch::Alarm', ALL.length);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { Threshold: 77, EvaluationPeriods: 6, DatapointsToAlarm: 4 });
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Alarm')).match(/"Period":\d+/g)).toEqual(Array(9).fill('"Period":120'));
  });

  test('removed, all', () => {
    const { worker, template } = synthesise({ reservedConcurrency: 20, alarms: every({ enabled: false }) });

    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    worker.addAlarmAction(); // and nothing to do is no error
  });

  test.each(ALL)('removed, %s alone', (name) => {
    const { worker } = synthesise({ reservedConcurrency: 20, alarms: { [name]: { enabled: false } } });

    expect(ALL.filter((other) => worker.alarms[other] === undefined)).toEqual([name]);
  });
});

test('every alarm can be given something to do', () => {
  const stack = newStack();
  const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, reservedConcurrency: 20 });
  worker.addAlarmAction(new SnsAction(new sns.Topic(stack, 'Topic')));

  Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('Topic') }] });
});

describe('metrics', () => {
  const worker = new QueuedLambdaWorker(newStack(), 'Worker', CODE);

  test('are over 5 minutes unless told otherwise', () => {
    expect(worker.metricVisibleMessages()).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', period: Duration.minutes(5) });
    expect(worker.metricDeadLetters()).toMatchObject({ metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' });
    expect(worker.metricThrottles()).toMatchObject({ metricName: 'Throttles', statistic: 'Sum' });
    expect(worker.metricDuration()).toMatchObject({ metricName: 'Duration', statistic: 'Maximum' });
    expect(worker.metricConcurrentExecutions()).toMatchObject({ metricName: 'ConcurrentExecutions', statistic: 'Maximum' });
    expect(worker.metricOldestMessageAge()).toMatchObject({ label: 'Age of the oldest waiting message (seconds)', period: Duration.minutes(5) });
    expect(worker.metricErrorRate()).toMatchObject({
      expression: '100 * errors / invocations', label: 'Failed invocations (percent)', period: Duration.minutes(5),
    });
  });

  test('take statistic, period and label', () => {
    expect(worker.metricDuration({ statistic: 'p99', period: Duration.minutes(1), label: 'Slow' }))
      .toMatchObject({ statistic: 'p99', period: Duration.minutes(1), label: 'Slow' });
    expect(worker.metricOldestMessageAge({ period: Duration.minutes(1), label: 'Age' })).toMatchObject({ period: Duration.minutes(1), label: 'Age' });
    expect(worker.metricErrorRate({ label: 'Rate' })).toMatchObject({ label: 'Rate' });
  });
});

test('who may send, and what alarms do, are said in words where they are something else', () => {
  const { worker } = synthesise();
  const topic = new sns.Topic(newStack('Other'), 'Topic');
  expect(() => worker.addAlarmAction(topic as never)).toThrow(/addAlarmAction\(\) takes a cloudwatch\.IAlarmAction\. .* Fix: write addAlarmAction\(new SnsAction\(topic\)\)/);
  expect(() => worker.grantSendMessages('me' as never)).toThrow(/grantSendMessages\(\) takes an iam\.IGrantable\. Given: 'me'\./);
});
