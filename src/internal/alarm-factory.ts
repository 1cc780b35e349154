import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { known, seconds, type PropRules } from './prop-rules';
import type { AlarmOptions } from '../alarms/alarm-options';

/** Over what time an alarm judges where its user says nothing. */
export interface AlarmDefaults {
  /** One value is taken over this time; 5 minutes if not given. */
  readonly period?: Duration;
  /** How many periods in a row must be over the threshold; 1 if not given. */
  readonly evaluationPeriods?: number;
  /** Whether what is judged is a share: no threshold over 100 would ever be reached. */
  readonly percent?: boolean;
}

/** What an alarm judges, and its defaults. */
export interface AlarmDefinition extends AlarmDefaults {
  /** The metric over a period. */
  readonly metric: (options: MetricOptions) => IMetric;
  /** The value from which it rings. */
  readonly threshold: number;
  /** Whether the threshold itself is still fine, so that only more than it rings. */
  readonly onlyAbove?: boolean;
  /** Whether little is what is wrong: it rings from the threshold down. */
  readonly below?: boolean;
  /** What it means and what to do, for whoever is woken by it. */
  readonly description: string;
}

const DEFAULT_PERIOD_MINUTES = 5;

/** An alarm as defined and as tuned, or none where the user removed it. No data is no alarm: an idle worker reports nothing. */
export function createAlarm(scope: Construct, id: string, definition: AlarmDefinition, options: AlarmOptions = {}): Alarm | undefined {
  if (options.enabled === false) {
    return undefined;
  }
  return new Alarm(scope, id, {
    metric: definition.metric({ period: options.period ?? definition.period ?? Duration.minutes(DEFAULT_PERIOD_MINUTES) }),
    threshold: options.threshold ?? definition.threshold,
    comparisonOperator: comparisonOf(definition),
    evaluationPeriods: options.evaluationPeriods ?? definition.evaluationPeriods ?? 1,
    datapointsToAlarm: options.datapointsToAlarm,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: definition.description,
  });
}

function comparisonOf({ below, onlyAbove }: AlarmDefinition): ComparisonOperator {
  if (below) {
    return ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD;
  }
  return onlyAbove ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
}

/**
 * The rules of CloudWatch that tuned alarms may break.
 *
 * @param rules where broken rules are collected
 * @param prop where the user wrote the options, such as `alarms.errors`
 * @param options what the user wrote
 * @param defaults the alarm's own, which hold for what the user did not write
 */
export function checkAlarmOptions(rules: PropRules, prop: string, options: AlarmOptions | undefined, defaults: AlarmDefaults = {}): void {
  if (!options) {
    return;
  }
  const threshold = known(options.threshold);
  rules.check(threshold === undefined || (threshold >= 0 && threshold <= (defaults.percent ? 100 : Infinity)), {
    rule: defaults.percent ? `${prop}.threshold must be from 0 to 100: it is a share in percent` : `${prop}.threshold must be 0 or more`,
    value: threshold,
    fix: 'give a value that can be reached',
  });
  const period = seconds(options.period ?? defaults.period ?? Duration.minutes(DEFAULT_PERIOD_MINUTES));
  rules.check(period === undefined || (period > 0 && period % 60 === 0), {
    rule: `${prop}.period must be a multiple of one minute`,
    value: options.period,
    fix: 'AWS services report once a minute: give whole minutes',
  });
  rules.integer(`${prop}.evaluationPeriods`, options.evaluationPeriods, 1, 10080, 'as many minutes as seven days have');

  const ownPeriods = defaults.evaluationPeriods ?? 1;
  const periods = known(options.evaluationPeriods ?? ownPeriods);
  if (rules.fine(`${prop}.evaluationPeriods`)) {
    rules.integer(`${prop}.datapointsToAlarm`, options.datapointsToAlarm, 1, periods ?? 10080, `as many as evaluationPeriods, ${ownPeriods} unless given`);
  }

  const longest = (period ?? 0) >= 3600 ? 7 : 1;
  rules.check(!rules.fine(`${prop}.evaluationPeriods`, `${prop}.period`) || (period ?? 0) * (periods ?? 1) <= longest * 86400, {
    rule: `${prop}.period times ${prop}.evaluationPeriods must not exceed ${longest === 1 ? 'one day' : 'seven days'}`,
    value: `${period} s × ${periods ?? 1}`,
    fix: 'lower one of them (seven days are allowed with periods of an hour or more)',
  });
}
