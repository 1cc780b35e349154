import { setTimeout as sleep } from 'node:timers/promises';
import type { AlarmState } from '../../metric-math/alarm-state';
import type { MetricAlarm } from '../../metric-math/alarms';
import { MetricData, type MetricIdentity } from '../../metric-math/metric-data';
import { readAlarms, type DeployedAlarm, type DeployedQuery, type NameAndValue } from '../local-cloud/control';
import type { LocalCloud } from '../local-cloud/local-cloud';

const PAUSE_MS = 200;

/** Follows the states of all alarms, which the local cloud judges and changes. */
export class AlarmWatch {
  public static async start(cloud: LocalCloud): Promise<AlarmWatch> {
    const watch = new AlarmWatch(cloud);
    await watch.look();
    watch.ended = watch.follow();
    return watch;
  }

  private readonly states = new Map<string, AlarmState[]>();
  private ended = Promise.resolve();
  private stopped = false;

  private constructor(private readonly cloud: LocalCloud) {}

  /** The states that an alarm had, one after another. @param id its id in the template without the hash, such as `JobsFailureRateAlarm` */
  public history(id: string): readonly AlarmState[] {
    const found = [...this.states].filter(([name]) => idOf(name) === id);
    if (found.length !== 1) throw new Error(`There are ${found.length} alarms ${id}: ${[...this.states.keys()].map(idOf).join(', ')}`);
    return found[0][1];
  }

  /** Every alarm, by its id. */
  public get ids(): readonly string[] {
    return [...this.states.keys()].map(idOf);
  }

  /** Waits until all of these alarms have rung, or are over. */
  public async until(state: 'ALARM' | 'OK', ids: readonly string[], limitSeconds: number): Promise<void> {
    const deadline = Date.now() + limitSeconds * 1000;
    const open = () => ids.filter(id => state === 'OK' ? this.history(id).at(-1) !== 'OK' : !this.history(id).includes(state));
    while (open().length > 0) {
      if (Date.now() > deadline) throw new Error(`Not ${state} within ${limitSeconds} s: ${open().map(id => `${id} (${this.history(id).join(', ')})`).join('; ')}`);
      await sleep(PAUSE_MS);
    }
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.ended;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await sleep(PAUSE_MS);
    }
  }

  private async look(): Promise<void> {
    const { alarms, composites } = await readAlarms(this.cloud);
    for (const { AlarmName: name, StateValue: state } of [...alarms, ...composites]) {
      const before = this.states.get(name) ?? [];
      if (before.at(-1) !== state) this.states.set(name, [...before, state]);
    }
  }
}

/** `Operations-JobsFailureRateAlarm935ADD00-1ABC` is `JobsFailureRateAlarm`. */
export function idOf(alarmName: string): string {
  return alarmName.split('-')[1].replace(/[0-9A-F]{8}$/, '');
}

/** An alarm as the evaluator of metric math takes it. */
export function metricAlarm(alarm: DeployedAlarm): MetricAlarm {
  const queries = alarm.Metrics ?? [];
  return {
    name: alarm.AlarmName,
    period: Math.max(alarm.Period ?? 0, ...queries.map(({ MetricStat }) => MetricStat?.Period ?? 0)),
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    treatMissingData: alarm.TreatMissingData,
    comparisonOperator: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    thresholdMetricId: alarm.ThresholdMetricId,
    queries: queries.length > 0 ? queries.map(queryOf) : [{
      id: 'metric',
      metric: { ...identity(alarm.Namespace!, alarm.MetricName!, alarm.Dimensions), stat: alarm.ExtendedStatistic || alarm.Statistic! },
      returned: true,
    }],
  };
}

function queryOf({ Id: id, Label: label, Expression: expression, MetricStat: stat, ReturnData: returned = true }: DeployedQuery): MetricAlarm['queries'][number] {
  const metric = stat && { ...identity(stat.Metric.Namespace, stat.Metric.MetricName, stat.Metric.Dimensions), stat: stat.Stat };
  return { id, label, expression, metric, returned };
}

function identity(namespace: string, metricName: string, dimensions: readonly NameAndValue[] = []): MetricIdentity {
  return { namespace, metricName, dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])) };
}

/** The same data in the time of alarms, which passes faster than it did: the times are stretched, and the values are what they are. */
export function stretched(data: MetricData, speed: number): MetricData {
  const all = new MetricData();
  for (const metric of data.identities) all.add(metric, ...data.samples(metric).map(([time, value]) => [time * speed, value] as const));
  return all;
}
