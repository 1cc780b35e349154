import type { CanaryDeploymentOptions, GradualDeploymentOptions } from './deployment-options';
import { SmokeTest } from './smoke-test';
import { constructKind, durationKind, FLAG, instanceKind, listKind, madeBy, numberKind, type KindsOf } from '../internal/value-kinds';

const HOOK = constructKind('lambda.IFunction', 'functionArn', 'fn', 'with const fn = new lambda.Function(…)');

/** What kind of value each option takes. */
export const ALL_AT_ONCE_KINDS: KindsOf<GradualDeploymentOptions> = {
  smokeTest: madeBy(
    instanceKind('SmokeTest', () => SmokeTest, 'SmokeTest.job({ payload: { … } })', 'or SmokeTest.call({ event: { … } }) of a worker'),
    ({ _given }: { readonly _given?: SmokeTest['_given'] }) => (_given ? [_given] : []),
  ),
  notify: constructKind('sns.ITopic', 'topicArn', 'topic', 'with const topic = new sns.Topic(…)'),
  alarms: listKind(constructKind('cloudwatch.IAlarm', 'alarmArn', 'alarm')),
  rollbackOnAlarms: FLAG,
  beforeTraffic: HOOK,
  afterTraffic: HOOK,
};

export const SHIFT_KINDS: KindsOf<CanaryDeploymentOptions> = {
  ...ALL_AT_ONCE_KINDS,
  percent: numberKind(10),
  interval: durationKind('Duration.minutes(10)', 'Duration.minutes'),
};
