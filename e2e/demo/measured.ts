import { CloudWatchClient, GetMetricDataCommand, paginateDescribeAlarms, type MetricDataQuery, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { JobLife } from './life';
import { METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION, STAGE_DIMENSION } from '../../src/runtime/wire/metrics';
import type { LocalCloud } from '../local-cloud/local-cloud';
import { EXAMPLE } from '../support/synthesise';

/** What CloudWatch knows of the run: metrics and alarms, as somebody on call would see them. */
export interface Measured {
  /** Sums, by the names of the metrics. */
  readonly counts: Readonly<Record<string, number>>;
  /** Milliseconds; nothing where there are no data. */
  readonly times: readonly { readonly name: string; readonly p50?: number; readonly p90?: number }[];
  readonly alarms: readonly Alarm[];
}

export interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly isRinging: boolean;
}

/** What the example's pipeline and its handler call themselves there. */
export const PIPELINE = 'drawings';
const OF_THE_HANDLER = 'EntitiesMeasured';
const COUNTED = [
  METRIC.submitted, METRIC.succeeded, METRIC.failed, METRIC.cancelled, METRIC.deadLettered, METRIC.retried, METRIC.deferred, OF_THE_HANDLER,
];

/** Alarms that this run must set off, by what their names hold: a job was given up, and too many failed. */
const MUST_RING = ['FirstDeadLettered', 'FailureRate'];

/** Metrics come with the log lines of an invocation, and alarms judge them every two seconds. */
const LIMIT_MS = 12_000;
const PAUSE_MS = 500;

/** Asks until what was counted is what was seen and the alarms ring that must, or it has taken too long. */
export async function measured(cloud: LocalCloud, lives: readonly JobLife[], sleep: (ms: number) => Promise<unknown>): Promise<Measured> {
  const client = new CloudWatchClient(cloud.clientConfig);
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const now = { ...await metrics(client), alarms: await alarms(client) };
    if (missing(now, lives).length === 0 || Date.now() > deadline) return now;
    await sleep(PAUSE_MS);
  }
}

/** What CloudWatch should know and does not; empty when all is well. */
export function missing({ counts, alarms: all }: Measured, lives: readonly JobLife[]): string[] {
  const ended = (end: JobLife['ends'][number]) => lives.flatMap((life) => life.ends.filter((one) => one === end).map(() => life));
  const seen: Record<string, readonly JobLife[]> = {
    [METRIC.submitted]: lives.filter(({ jobId }) => jobId !== undefined),
    [METRIC.succeeded]: ended('succeeded'),
    [METRIC.failed]: ended('failed'),
    [METRIC.cancelled]: ended('cancelled'),
  };
  return [
    ...Object.entries(seen).filter(([name, those]) => counts[name] !== those.length)
      .map(([name, those]) => `${name}: ${those.length} were seen (${those.map(({ label }) => label).join(', ')}), ${counts[name] ?? 0} counted`),
    ...MUST_RING.filter((name) => !all.some((alarm) => alarm.isRinging && alarm.name.includes(name)))
      .map((name) => `the alarm ${name} did not go off`),
  ];
}

async function metrics(client: CloudWatchClient): Promise<Pick<Measured, 'counts' | 'times'>> {
  const timed = [
    { name: 'wait', metric: METRIC.queueWait, dimensions: {} },
    { name: 'duration', metric: METRIC.duration, dimensions: {} },
    ...EXAMPLE.stages.map((stage) => ({ name: stage, metric: METRIC.stageDuration, dimensions: { [STAGE_DIMENSION]: stage } })),
  ];
  const queries = [
    ...COUNTED.map((name, i) => query(`count${i}`, name, 'Sum')),
    ...timed.flatMap(({ metric, dimensions }, i) => ['p50', 'p90'].map((statistic) => query(`time${i}${statistic}`, metric, statistic, dimensions))),
  ];
  const now = Date.now();
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({
    StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000), MetricDataQueries: queries,
  }));
  const values = new Map(MetricDataResults.map(({ Id, Values = [] }) => [Id, Values]));
  const newest = (id: string) => values.get(id)?.[0];
  return {
    counts: Object.fromEntries(COUNTED.map((name, i) => [name, (values.get(`count${i}`) ?? []).reduce((sum, value) => sum + value, 0)])),
    times: timed.map(({ name }, i) => ({ name, p50: newest(`time${i}p50`), p90: newest(`time${i}p90`) })),
  };
}

function query(Id: string, MetricName: string, Stat: string, dimensions: Readonly<Record<string, string>> = {}): MetricDataQuery {
  const Dimensions = Object.entries({ [PIPELINE_DIMENSION]: PIPELINE, ...dimensions }).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace: METRICS_NAMESPACE, MetricName, Dimensions }, Stat, Period: 3_600 } };
}

async function alarms(client: CloudWatchClient): Promise<Alarm[]> {
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    found.push(...MetricAlarms);
  }
  return found.map(({ AlarmName = '', AlarmDescription = '', StateValue }) => ({
    name: AlarmName, description: AlarmDescription, isRinging: StateValue === 'ALARM',
  }));
}
