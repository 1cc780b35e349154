import { Duration } from 'aws-cdk-lib';
import {
  Alarm, AnomalyDetectionAlarm, ComparisonOperator, TreatMissingData, type CreateAlarmOptions, type IAlarm, type IMetric, type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { known, seconds, type PropRules } from './prop-rules';
import type { AlarmOptions } from '../alarms/alarm-options';
import type { MonitoredAlarm } from '../monitoring/monitored';
import { alarmLabel, runbookOf, severityOf, type AlarmId } from '../monitoring/runbooks';

/** Over what time an alarm judges where its user says nothing. */
export interface AlarmDefaults {
  /** One value is taken over this time; 5 minutes if not given. */
  readonly period?: Duration;
  /** How many periods in a row must be over the threshold; 1 if not given. */
  readonly evaluationPeriods?: number;
  /** Whether what is judged is a share: no threshold over 100 would ever be reached. */
  readonly percent?: boolean;
  /** Why no band can be learned for it; it can if nothing is said. */
  readonly noBand?: string;
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
  /** Which one it is. */
  readonly id: AlarmId;
  /** What it is of, as its user calls it. */
  readonly subject: string;
  /** What is so when it rings, and in which unit the threshold is; without a full stop. */
  readonly meaning: string;
  /** What to do, for whoever is woken by it: a sentence or two. */
  readonly action: string;
}

/** What was said of an alarm when it was made. */
interface NotedAlarm {
  readonly monitored: MonitoredAlarm;
  /** The value that it judges against; none where it is a learned band. */
  readonly threshold?: number;
}

/** Kept beside the tree: an alarm that is garbage takes its entry with it. */
const noted = new WeakMap<IAlarm, NotedAlarm>();

const DEFAULT_PERIOD_MINUTES = 5;

/** An alarm as defined and as tuned, or none where the user removed it. No data is no alarm: an idle worker reports nothing. */
export function createAlarm(scope: Construct, id: string, definition: AlarmDefinition, options: AlarmOptions = {}): Alarm | undefined {
  if (options.enabled === false) {
    return undefined;
  }
  const { subject, meaning, action } = definition;
  const metric = definition.metric({ period: options.period ?? definition.period ?? Duration.minutes(DEFAULT_PERIOD_MINUTES) });
  const common: Omit<CreateAlarmOptions, 'threshold'> = {
    evaluationPeriods: options.evaluationPeriods ?? definition.evaluationPeriods ?? 1,
    datapointsToAlarm: options.datapointsToAlarm,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${subject}: ${meaning}. ${action}`,
  };
  const threshold = options.threshold ?? definition.threshold;
  const alarm = options.anomalyBand === undefined
    ? new Alarm(scope, id, { ...common, metric, threshold, comparisonOperator: comparisonOf(definition) })
    : new AnomalyDetectionAlarm(scope, id, { ...common, metric, stdDevs: options.anomalyBand, comparisonOperator: outsideOf(definition) });
  noted.set(alarm, {
    monitored: {
      alarm, action, severity: options.severity ?? severityOf(definition.id), label: alarmLabel(definition.id), runbook: runbookOf(definition.id),
    },
    threshold: options.anomalyBand === undefined ? threshold : undefined,
  });
  return alarm;
}

/**
 * What a construct says of its alarms: those that are there, in their order.
 *
 * @param alarms the alarms by name
 * @param of what they are of, where that has to be said before their labels
 */
export function monitoredAlarms(alarms: Readonly<object>, of?: string): MonitoredAlarm[] {
  return Object.values(alarms as Record<string, IAlarm | undefined>).flatMap((alarm) => {
    const monitored = alarm && noted.get(alarm)?.monitored;
    return monitored ? [of === undefined ? monitored : { ...monitored, label: `${of}: ${monitored.label}` }] : [];
  });
}

/** The value from which an alarm rings; undefined where there is none, or a band. */
export function thresholdOf(alarm: IAlarm | undefined): number | undefined {
  return alarm && noted.get(alarm)?.threshold;
}

/** A band has two sides, of which one is bad. */
function outsideOf({ below }: AlarmDefinition): ComparisonOperator {
  return below ? ComparisonOperator.LESS_THAN_LOWER_THRESHOLD : ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD;
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
  checkBand(rules, prop, options, defaults);
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

/**
 * Alarms that were tuned where they would never have data. To remove what is not there is no mistake.
 *
 * @param prop where the user wrote the options, such as `alarms.apiErrors`
 * @param missing what there must be for the alarm to judge, such as `an API`; nothing where it is there
 */
export function checkJudged(rules: PropRules, prop: string, options: AlarmOptions | undefined, missing: string | undefined): void {
  const isTuned = Object.values(options ?? {}).some((value) => value !== undefined);
  rules.check(missing === undefined || !isTuned || options?.enabled === false, {
    rule: `${prop} cannot be tuned without ${missing}: it would never have data`,
    fix: /^\w+$/.test(missing ?? '') ? `give ${missing}, or remove ${prop}` : `remove ${prop}`,
  });
}

/** A band that is learned stands in the place of the threshold, where there is something to learn. */
function checkBand(rules: PropRules, prop: string, { anomalyBand, threshold }: AlarmOptions, { noBand }: AlarmDefaults): void {
  if (anomalyBand === undefined) {
    return;
  }
  const deviations = known(anomalyBand);
  rules.check(deviations === undefined || (deviations >= 0.1 && deviations <= 10), {
    rule: `${prop}.anomalyBand must be from 0.1 to 10 standard deviations`,
    value: deviations,
    fix: 'give 2, or more to ring for less',
  });
  rules.check(threshold === undefined, {
    rule: `${prop}.anomalyBand cannot be given beside ${prop}.threshold: it stands in its place`,
    fix: 'remove one of them',
  });
  rules.check(noBand === undefined, {
    rule: `${prop}.anomalyBand cannot be given: ${noBand}`,
    fix: `remove it, or tune ${prop}.threshold`,
  });
}

/** Why no band is learned for what should not be at all. */
export const NOTHING_USUAL = 'it rings for what should not happen at all, of which there is no usual amount to learn';
