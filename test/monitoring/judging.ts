import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { alarmOf } from './support';
import type { AlarmState } from '../../metric-math/alarm-state';
import { judge } from '../../metric-math/alarms';
import { MetricData, type MetricIdentity } from '../../metric-math/metric-data';

const START = 1_800_000_000;

interface Stat {
  readonly metric: { readonly namespace: string; readonly metricName: string; readonly dimensions?: { name: string; value: unknown }[] };
  readonly stat: string;
  readonly period: number;
}

/** What was reported in each of some periods, by the name of the metric: a number in all of them, or one for each; `null` for nothing. */
export type Reported = Readonly<Record<string, number | readonly (number | null)[]>>;

/** Whether an alarm rings, judged by the evaluator of metric math, where its metrics were reported so. */
export function stateOf(alarm: Alarm, reported: Reported): AlarmState {
  const { metrics, comparisonOperator = '', threshold, evaluationPeriods = 1, datapointsToAlarm, treatMissingData } = alarmOf(alarm);
  const queries = (Stack.of(alarm).resolve(metrics) as { id: string; expression?: string; metricStat?: Stat; returnData?: boolean }[])
    .map(({ id, expression, metricStat, returnData }) => ({
      id,
      expression,
      returned: returnData !== false,
      metric: metricStat && { ...identityOf(metricStat), stat: metricStat.stat, period: metricStat.period },
    }));
  const period = queries.find(({ metric }) => metric)!.metric!.period;
  const periods = evaluationPeriods + 2;
  const source = new MetricData();
  for (const { metric } of queries) {
    const values = metric && reported[metric.metricName];
    for (let n = 0; metric && n < periods && values !== undefined; n++) {
      const value = typeof values === 'number' ? values : values[n % values.length];
      source.add(metric, ...(value === null ? [] : [[START + n * period, value] as const]));
    }
  }
  const settings = { evaluationPeriods, datapointsToAlarm, treatMissingData: treatMissingData as 'notBreaching' };
  return judge({ name: alarm.node.id, queries, period, comparisonOperator, threshold, ...settings }, source, START + periods * period).state;
}

function identityOf({ metric: { namespace, metricName, dimensions = [] } }: Stat): MetricIdentity {
  return { namespace, metricName, dimensions: Object.fromEntries(dimensions.map(({ name, value }) => [name, JSON.stringify(value)])) };
}
