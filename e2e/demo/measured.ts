import { CloudWatchClient, GetMetricDataCommand, paginateDescribeAlarms, type MetricDataQuery, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { JobLife } from './life';
import { METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION, STAGE_DIMENSION } from '../../src/runtime/wire/metrics';
import type { LocalCloud } from '../local-cloud/local-cloud';

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

/** What is asked of CloudWatch about an example. */
export interface Measures {
  readonly pipeline: string;
  /** Names that its handler gives to stages. */
  readonly stages: readonly string[];
  /** A count of the handler's own: its name, and what it counts. @default - it has none */
  readonly ofTheHandler?: { readonly metric: string; readonly counts: string };
  /** Alarms that the run must set off, by what their names hold. */
  readonly mustRing: readonly string[];
}

const COUNTED = [METRIC.submitted, METRIC.succeeded, METRIC.failed, METRIC.cancelled, METRIC.deadLettered, METRIC.retried, METRIC.deferred];

/** Metrics come with the log lines of an invocation, and alarms judge them every two seconds. */
const LIMIT_MS = 12_000;
const PAUSE_MS = 500;

/** What was seen of the jobs, by which is judged what was counted. */
export interface Seen {
  readonly lives: readonly JobLife[];
  /** Jobs that were submitted beside them, whose ends nobody has watched. */
  readonly others?: number;
}

/** Asks until what was counted is what was seen and the alarms ring that must, or it has taken too long. */
export async function measured(cloud: LocalCloud, measures: Measures, seen: Seen, sleep: (ms: number) => Promise<unknown>): Promise<Measured> {
  const client = new CloudWatchClient(cloud.clientConfig);
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const now = { ...await metrics(client, measures), alarms: await alarms(client) };
    if (missing(now, measures, seen).length === 0 || Date.now() > deadline) return now;
    await sleep(PAUSE_MS);
  }
}

/** What CloudWatch should know and does not; empty when all is well. */
export function missing({ counts, alarms: all }: Measured, { mustRing }: Measures, { lives, others = 0 }: Seen): string[] {
  const ended = (end: JobLife['ends'][number]) => lives.flatMap((life) => life.ends.filter((one) => one === end).map(() => life));
  const expected: Record<string, { readonly those: readonly JobLife[]; readonly least: number; readonly most: number }> = {
    [METRIC.submitted]: among(lives.filter(({ jobId }) => jobId !== undefined), others, others),
    [METRIC.succeeded]: among(ended('succeeded'), 0, others),
    [METRIC.failed]: among(ended('failed'), 0, others),
    [METRIC.cancelled]: among(ended('cancelled'), 0, others),
  };
  return [
    ...Object.entries(expected).filter(([name, { least, most }]) => !((counts[name] ?? 0) >= least && (counts[name] ?? 0) <= most))
      .map(([name, { those }]) => `${name}: ${those.length} were seen (${those.map(({ label }) => label).join(', ')}), ${counts[name] ?? 0} counted`),
    ...mustRing.filter((name) => !all.some((alarm) => alarm.isRinging && alarm.name.includes(name)))
      .map((name) => `the alarm ${name} did not go off`),
  ];
}

function among(those: readonly JobLife[], fewest: number, most: number) {
  return { those, least: those.length + fewest, most: those.length + most };
}

async function metrics(client: CloudWatchClient, { pipeline, stages, ofTheHandler }: Measures): Promise<Pick<Measured, 'counts' | 'times'>> {
  const counted = [...COUNTED, ...(ofTheHandler ? [ofTheHandler.metric] : [])];
  const timed = [
    { name: 'wait', metric: METRIC.queueWait, dimensions: {} },
    { name: 'duration', metric: METRIC.duration, dimensions: {} },
    ...stages.map((stage) => ({ name: stage, metric: METRIC.stageDuration, dimensions: { [STAGE_DIMENSION]: stage } })),
  ];
  const queries = [
    ...counted.map((name, i) => query(pipeline, `count${i}`, name, 'Sum')),
    ...timed.flatMap(({ metric, dimensions }, i) => ['p50', 'p90'].map((statistic) => query(pipeline, `time${i}${statistic}`, metric, statistic, dimensions))),
  ];
  const now = Date.now();
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({
    StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000), MetricDataQueries: queries,
  }));
  const values = new Map(MetricDataResults.map(({ Id, Values = [] }) => [Id, Values]));
  const newest = (id: string) => values.get(id)?.[0];
  return {
    counts: Object.fromEntries(counted.map((name, i) => [name, (values.get(`count${i}`) ?? []).reduce((sum, value) => sum + value, 0)])),
    times: timed.map(({ name }, i) => ({ name, p50: newest(`time${i}p50`), p90: newest(`time${i}p90`) })),
  };
}

function query(pipeline: string, Id: string, MetricName: string, Stat: string, dimensions: Readonly<Record<string, string>> = {}): MetricDataQuery {
  const Dimensions = Object.entries({ [PIPELINE_DIMENSION]: pipeline, ...dimensions }).map(([Name, Value]) => ({ Name, Value }));
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
