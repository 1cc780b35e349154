import { judge, type MetricAlarm } from '../../metric-math/alarms';
import type { MetricSource } from '../../metric-math/metric-data';
import type { MetricQuery } from '../../metric-math/queries';
import type { AlarmState } from '../body/body';
import type { AlarmDefinition } from '../body/dashboards';

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

interface AlarmResource {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly Period?: number;
    readonly MetricStat?: { readonly Stat: string; readonly Period: number; readonly Metric: Pick<AlarmResource, 'Namespace' | 'MetricName' | 'Dimensions'> };
  }[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: MetricAlarm['treatMissingData'];
  readonly ComparisonOperator: string;
  readonly Threshold?: number;
  readonly ThresholdMetricId?: string;
}

/** The states in which alarms would be with these values: each is judged as CloudWatch would, composites by their rule. */
export class AlarmStates {
  private readonly known = new Map<string, AlarmState>();
  /** What could not be judged, with the reason. */
  public readonly faults: string[] = [];

  constructor(private readonly alarms: readonly AlarmDefinition[], private readonly source: MetricSource, private readonly now: number) {}

  /** @param nameOrArn of the alarm */
  public stateOf(nameOrArn: string): AlarmState {
    const name = nameOrArn.replace(/^arn:.*?:alarm:/, '');
    const known = this.known.get(name);
    if (known) return known;
    this.known.set(name, 'INSUFFICIENT_DATA'); // whoever refers to itself finds this
    const state = this.judged(name);
    this.known.set(name, state);
    return state;
  }

  private judged(name: string): AlarmState {
    const alarm = this.alarms.find((candidate) => candidate.name === name);
    if (!alarm) return 'INSUFFICIENT_DATA';
    try {
      return alarm.type === 'AWS::CloudWatch::CompositeAlarm'
        ? (this.rule(String(alarm.properties.AlarmRule)) ? 'ALARM' : 'OK')
        : judge(metricAlarm(alarm), this.source, Math.floor(this.now / 60_000) * 60, 'OK').state;
    } catch (error) {
      this.faults.push(`${name}: ${(error as Error).message}`);
      return 'INSUFFICIENT_DATA';
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
  private rule(text: string): boolean {
    const tokens = text.match(/(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]*"|[^)\s]*)\s*\)|AND|OR|NOT|TRUE|FALSE|[()]/gi) ?? [];
    let place = 0;
    const either = (): boolean => {
      let value = both();
      while (/^or$/i.test(tokens[place] ?? '')) {
        place++;
        value = both() || value;
      }
      return value;
    };
    const both = (): boolean => {
      let value = one();
      while (/^and$/i.test(tokens[place] ?? '')) {
        place++;
        value = one() && value;
      }
      return value;
    };
    const one = (): boolean => {
      const token = tokens[place++] ?? '';
      if (/^not$/i.test(token)) return !one();
      if (/^(true|false)$/i.test(token)) return /^true$/i.test(token);
      if (token === '(') {
        const value = either();
        place++; // the closing one
        return value;
      }
      const [, state, name] = /^(\w+)\s*\(\s*"?([^"]*?)"?\s*\)$/.exec(token) ?? [];
      if (!state) throw new Error(`the rule ${text} is not understood`);
      return this.stateOf(name) === state.toUpperCase();
    };
    return either();
  }
}

function metricAlarm({ name, properties }: AlarmDefinition): MetricAlarm {
  const alarm = properties as unknown as AlarmResource;
  const queries = alarm.Metrics?.map(({ Id, Expression, ReturnData = true, MetricStat }): MetricQuery => ({
    id: Id,
    expression: Expression,
    returned: ReturnData,
    ...(MetricStat && { metric: { ...identityOf(MetricStat.Metric), stat: MetricStat.Stat, period: MetricStat.Period } }),
  })) ?? [{ id: 'm', returned: true, metric: { ...identityOf(alarm), stat: alarm.Statistic ?? alarm.ExtendedStatistic ?? 'Average', period: alarm.Period } }];
  const periods = [alarm.Period, ...(alarm.Metrics ?? []).flatMap(({ Period, MetricStat }) => [Period, MetricStat?.Period])];
  return {
    name,
    queries,
    period: periods.find((period) => period !== undefined) ?? 300,
    comparisonOperator: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    thresholdMetricId: alarm.ThresholdMetricId,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    treatMissingData: alarm.TreatMissingData,
  };
}

function identityOf({ Namespace = '', MetricName = '', Dimensions = [] }: Pick<AlarmResource, 'Namespace' | 'MetricName' | 'Dimensions'>) {
  return { namespace: Namespace, metricName: MetricName, dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])) };
}
