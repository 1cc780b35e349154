import type { LocalCloud } from './local-cloud';
import type { AlarmState, MissingData } from '../../metric-math/alarm-state';
import { MetricData, type Sample } from '../../metric-math/metric-data';

/** What a service does wrong when a handler calls it; see overlay/faults.py. */
export interface Fault {
  /** As signatures name it: `dynamodb`, `sqs`, `s3`. */
  readonly service: string;
  /** Such as `PutItem`; HTTP methods of services whose operations have no names. @default - all */
  readonly operations?: readonly string[];
  /** Of these calls, from 0 to 1. */
  readonly share: number;
  /** Code of the answer. @default - the right answer, late */
  readonly error?: string;
  /** Of the answer. @default 400 */
  readonly status?: number;
  /** The call is carried out, and only its answer is lost. @default false */
  readonly done?: boolean;
  /** How long the answer takes. @default 0 */
  readonly hang_seconds?: number;
}

/** From now on handlers meet these faults and no others. The same seed gives the same sequence of chances. */
export async function inject(cloud: LocalCloud, faults: readonly Fault[], seed = 0): Promise<void> {
  await ask(cloud, 'PUT', 'faults', { faults, seed });
}

/** How often each fault was injected since the start, by what it was. */
export async function injected(cloud: LocalCloud): Promise<Record<string, number>> {
  return (await ask<{ injected: Record<string, number> }>(cloud, 'GET', 'faults')).injected;
}

/** A process that runs a handler. */
export interface HandlerProcess {
  readonly function: string;
  readonly pid: number;
  /** Whether an invocation is going on in it. */
  readonly busy: boolean;
}

export async function handlerProcesses(cloud: LocalCloud): Promise<HandlerProcess[]> {
  return (await ask<{ processes: HandlerProcess[] }>(cloud, 'GET', 'processes')).processes;
}

/** A rule with a rate fires now, instead of when its time has come. */
export async function fireSchedule(cloud: LocalCloud, rule: string): Promise<void> {
  await ask(cloud, 'POST', 'schedules', { rule });
}

/** Every value of every metric that there is: what was reported, and what the overlay sampled. */
export async function readMetrics(cloud: LocalCloud): Promise<MetricData> {
  interface Reported {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly samples: readonly Sample[];
  }
  const data = new MetricData();
  for (const { namespace, name, dimensions, samples } of (await ask<{ metrics: Reported[] }>(cloud, 'GET', 'metrics')).metrics) {
    data.add({ namespace, metricName: name, dimensions }, ...samples);
  }
  return data;
}

/** An alarm as it was made, with its state. One of a single metric has it beside the rest, others have queries. */
export interface DeployedAlarm {
  readonly AlarmName: string;
  readonly StateValue: AlarmState;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly NameAndValue[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly DeployedQuery[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly ComparisonOperator: string;
  readonly Threshold?: number;
  readonly ThresholdMetricId?: string;
  readonly TreatMissingData?: MissingData;
}

export interface NameAndValue {
  readonly Name: string;
  readonly Value: string;
}

export interface DeployedQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: readonly NameAndValue[] };
    readonly Stat: string;
    readonly Period: number;
  };
}

/** Every alarm; of composite ones name and state. */
export async function readAlarms(cloud: LocalCloud): Promise<{ alarms: DeployedAlarm[]; composites: Pick<DeployedAlarm, 'AlarmName' | 'StateValue'>[] }> {
  return ask(cloud, 'GET', 'alarms');
}

async function ask<T>(cloud: LocalCloud, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${cloud.endpoint}/_local-cloud/${path}`, {
    method, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The local cloud answered ${response.status} to ${method} ${path}: ${await response.text()}`);
  return await response.json() as T;
}
