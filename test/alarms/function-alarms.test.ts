import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { FunctionAlarms, type FunctionAlarmsProps } from '../../src/alarms/function-alarms';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { userFunction } from '../job-processing-pipeline/fixture';

let stack: Stack;
beforeEach(() => {
  stack = new Stack();
});

const alarmsOf = (props: Partial<FunctionAlarmsProps> & Pick<FunctionAlarmsProps, 'function'>) => new FunctionAlarms(stack, 'Alarms', props);
const extract = (props: Partial<lambda.FunctionProps> = {}) => userFunction(stack, 'Extract', { reservedConcurrentExecutions: 25, ...props });

function found(description: string) {
  const all = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmDescription: Match.stringLikeRegexp(description) } }));
  expect(all).toHaveLength(1);
  return all[0].Properties;
}

const OF_FUNCTION = [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^Extract/) } }];

describe('by default', () => {
  test('90 % of the reserved concurrency is in use', () => {
    alarmsOf({ function: extract() });
    expect(found('Default/Extract: 90 % of the 25 reserved')).toMatchObject({
      MetricName: 'ConcurrentExecutions', Dimensions: OF_FUNCTION, Statistic: 'Maximum', Threshold: 22.5, Period: 300, TreatMissingData: 'notBreaching',
    });
  });

  test('too many invocations fail', () => {
    alarmsOf({ function: extract() });
    expect(found('too many invocations fail, in percent')).toMatchObject({
      Threshold: 10, Metrics: expect.arrayContaining([expect.objectContaining({ Expression: 'IF(errors >= 3, 100 * errors / invocations, 0)' })]),
    });
  });

  test('invocations are throttled, or come near the timeout', () => {
    alarmsOf({ function: extract() });
    expect(found('are throttled')).toMatchObject({ MetricName: 'Throttles', Dimensions: OF_FUNCTION, Statistic: 'Sum', Threshold: 1 });
    expect(found('near the timeout of 60 s')).toMatchObject({ MetricName: 'Duration', Statistic: 'Maximum', Threshold: 54_000 });
  });

  test('limits are those of the profile', () => {
    alarmsOf({ function: extract(), profile: EnvironmentProfile.dev(), label: 'Extraction' });
    expect(found('^Extraction: too many')).toMatchObject({ Threshold: 25 });
  });

  test('nothing is said of a share where fewer than 2 are reserved', () => {
    expect(alarmsOf({ function: extract({ reservedConcurrentExecutions: 1 }) }).reservedConcurrency).toBeUndefined();
    expect(new FunctionAlarms(stack, 'More', { function: userFunction(stack, 'Other', { reservedConcurrentExecutions: 2 }) }).reservedConcurrency).toBeDefined();
  });
});

test('what is reserved is judged of all versions, the rest of the alias', () => {
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: extract().currentVersion });
  alarmsOf({ function: alias });
  expect(found('reserved concurrent').Dimensions).toEqual(OF_FUNCTION);
  expect(found('are throttled').Dimensions).toEqual(expect.arrayContaining([expect.objectContaining({ Name: 'Resource' })]));
});

test('of an imported function neither timeout nor reservation are known', () => {
  const { errors, throttles, duration, reservedConcurrency } = alarmsOf({ function: lambda.Function.fromFunctionName(stack, 'Imported', 'theirs') });
  expect([errors, throttles, duration, reservedConcurrency].map((alarm) => alarm !== undefined)).toEqual([true, true, false, false]);
});

test('what is known at deployment alone is not judged', () => {
  const { duration, reservedConcurrency } = alarmsOf({
    function: extract({
      timeout: Duration.seconds(Lazy.number({ produce: () => 60 })), reservedConcurrentExecutions: Lazy.number({ produce: () => 25 }),
    }),
  });
  expect([duration, reservedConcurrency]).toEqual([undefined, undefined]);
  expect(JSON.stringify(Template.fromStack(stack))).not.toMatch(/NaN|Token/);
});

test('each can be tuned or removed, and all given something to do', () => {
  const alarms = alarmsOf({
    function: extract(), alarms: { errors: { enabled: false }, reservedConcurrency: { threshold: 20, period: Duration.minutes(1) } },
  });
  alarms.addAlarmAction(new SnsAction(new sns.Topic(stack, 'Topic')));
  expect(alarms.errors).toBeUndefined();
  expect(found('reserved concurrent')).toMatchObject({ Threshold: 20, Period: 60 });
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] }, 3);
});

test('what is wrong is said at once', () => {
  expect(() => alarmsOf({ function: extract(), alarms: { errors: { threshold: 101 }, duration: { period: Duration.seconds(30) } } }))
    .toThrow(/alarms\.errors\.threshold must be from 0 to 100[^]*alarms\.duration\.period must be a multiple of one minute/);
  expect(() => new FunctionAlarms(stack, 'Wrong', { function: 'extract' as never })).toThrow(/function must be a lambda\.IFunction/);
});

test('a misspelt alarm is warned of', () => {
  alarmsOf({ function: extract(), alarms: { throttle: { enabled: false } } as object });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('no prop alarms.throttle'));
});
