import { Duration } from 'aws-cdk-lib';
import { constructKind, DURATION, enumKind, FLAG, instanceKind, numberKind, structKind } from './value-kinds';
import type { AlarmOptions } from '../alarms/alarm-options';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { AlarmSeverity } from '../monitoring/monitored';

/** What kind of value a prop takes that several constructs have. */
export const PROFILE = instanceKind('EnvironmentProfile', () => EnvironmentProfile, 'EnvironmentProfile.prod()', 'one of .dev(), .staging() and .prod()');
export const ENCRYPTION_KEY = constructKind('kms.IKey', 'keyArn', 'key', 'with const key = new kms.Key(…) or kms.Key.fromKeyArn(…)');

const THRESHOLD = numberKind(5);

export const ALARM = structKind<AlarmOptions>('{ enabled: false }', {
  enabled: FLAG,
  threshold: { ...THRESHOLD, rewrite: (value) => (value instanceof Duration ? `${value.toSeconds()} where the alarm is of seconds` : THRESHOLD.rewrite?.(value)) },
  period: DURATION,
  evaluationPeriods: numberKind(3),
  datapointsToAlarm: numberKind(2),
  severity: enumKind('AlarmSeverity', () => AlarmSeverity, 'TICKET'),
  anomalyBand: numberKind(2),
}, 'or { threshold: … } to tune it');
