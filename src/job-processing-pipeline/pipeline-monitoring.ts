import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { JobProcessingPipeline } from './job-processing-pipeline';
import type { PipelineFunctions } from './pipeline-functions';
import { GivenUpCause, timeToDrain } from './pipeline-metrics';
import { monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { apiRows } from '../job-api/api-monitoring';
import type { JobGateway } from '../job-api/job-gateway';
import { COLORS } from '../monitoring/colors';
import { apiUses, costMetric, lambdaUses, logUses, queueUses, tableUses } from '../monitoring/cost-metrics';
import { factsOf } from '../monitoring/function-facts';
import { functionParts, functionsParts, reportParts } from '../monitoring/function-widgets';
import { DashboardSection, LogKind, type CostMetric, type DashboardRow, type MonitoredLogs, type Monitoring } from '../monitoring/monitored';
import { stateMachineParts } from '../monitoring/state-machine-widgets';
import { tableParts } from '../monitoring/table-widgets';
import { warnOfUnknownLogs } from '../monitoring/unknown-logs';
import { graph, percentiles, rows } from '../monitoring/widgets';
import { PRICES } from '../pricing/prices';
import { METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION, STAGE_DIMENSION } from '../runtime/wire/metrics';

/** What a pipeline shows beside what anybody can ask it for. */
export interface WatchedParts {
  readonly functions: PipelineFunctions;
  /** Where some of them are: those of API keys, and that which is told of executions. */
  readonly others: Readonly<Record<string, IFunction | undefined>>;
  readonly gateway?: JobGateway;
  /** How many attempts may be made at once. */
  readonly maximumConcurrency?: number;
  /** What works on a job besides the worker. */
  readonly besides?: { readonly function?: IFunction; readonly stateMachine?: IStateMachine };
  readonly table: JobProcessingPipeline['table'] | undefined;
}

/** What was given up, by what used it up: each a red of its own. */
const GIVEN_UP: Readonly<Record<GivenUpCause, { readonly label: string; readonly color: string }>> = {
  attempts: { label: 'given up: attempts used up', color: COLORS.failed },
  fuse: { label: 'given up: never started', color: '#7b1113' },
  deadline: { label: 'given up: deadline passed', color: '#ff9896' },
};

/** What there is to watch of a pipeline. */
export function monitorPipeline(pipeline: JobProcessingPipeline, parts: WatchedParts): Monitoring {
  const { pipelineName, worker, alarms, database } = pipeline;
  warnOfUnknownLogs(pipeline, worker.function);
  return {
    title: pipelineName,
    alarms: [...monitoredAlarms(alarms), ...monitoredAlarms(worker.alarms, 'worker')],
    rows: [
      ...flow(pipeline),
      ...latency(pipeline, parts.besides === undefined),
      ...(parts.gateway ? apiRows(pipelineName, parts.gateway, [{ label: 'alarm: 5xx', value: thresholdOf(alarms.apiErrors) }]) : []),
      ...workers(pipeline, parts),
      ...(parts.table ? rows(DashboardSection.DATABASE, ...tableParts(`${pipelineName}: records`, parts.table)) : []),
    ],
    verdict: {
      arrived: pipeline.metricSubmitted(),
      finished: pipeline.metricSucceeded(),
      failed: pipeline.metricFailed(),
      waiting: worker.metricVisibleMessages(),
      oldest: worker.metricOldestMessageAge(),
    },
    logs: logsOf(pipeline, parts),
    costs: costs(pipeline, parts),
    ...(database && { dependsOn: [database] }),
  };
}

function flow(pipeline: JobProcessingPipeline): DashboardRow[] {
  const { pipelineName: name, worker, alarms } = pipeline;
  const { FLOW } = DashboardSection;
  return [
    ...rows(FLOW,
      graph(`${name}: jobs`, {
        left: [
          pipeline.metricSubmitted({ label: 'submitted', color: COLORS.arrived }),
          pipeline.metricSucceeded({ label: 'succeeded', color: COLORS.done }),
          pipeline.metricFailed({ label: 'failed', color: COLORS.failed }),
          pipeline.metricCancelled({ label: 'cancelled', color: COLORS.cancelled }),
        ],
      }),
      graph(`${name}: attempts`, {
        left: [
          pipeline.metricRetried({ label: 'retried', color: COLORS.retried }),
          pipeline.metricDeferred({ label: 'deferred', color: COLORS.deferred }),
          ...Object.values(GivenUpCause).map((cause) => pipeline.metricDeadLetteredBy(cause, GIVEN_UP[cause])),
        ],
        lines: [{ label: 'alarm: many given up', value: thresholdOf(alarms.deadLettered) }],
      }),
    ),
    ...rows(FLOW,
      graph(`${name}: waiting`, { left: [worker.metricVisibleMessages({ label: 'waiting', color: COLORS.waiting })], unit: 'jobs' }),
      graph(`${name}: age and time to drain`, {
        left: [
          worker.metricOldestMessageAge({ label: 'age of the oldest' }).with({ color: COLORS.age }),
          timeToDrain(name, pipeline.queue, { label: 'time to drain', color: COLORS.drain }),
        ],
        unit: 's',
        lines: [
          { label: 'alarm: age', value: thresholdOf(worker.alarms.oldestMessageAge) },
          { label: 'alarm: time to drain', value: thresholdOf(alarms.backlog) },
        ],
      }),
    ),
  ];
}

/**
 * Stages are named by the handler alone, so that they are searched for: those of the last two weeks are found. What is called or executed outside of
 * the worker has no job to report them of.
 */
function latency(pipeline: JobProcessingPipeline, hasStages: boolean): DashboardRow[] {
  const { pipelineName: name } = pipeline;
  const stages = (statistic: string) => new MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},${PIPELINE_DIMENSION},${STAGE_DIMENSION}} MetricName="${METRIC.stageDuration}" ${PIPELINE_DIMENSION}="${name}"', '${statistic}', 300)`,
    label: `\${PROP('Dim.${STAGE_DIMENSION}')}`,
  });
  return [
    ...rows(DashboardSection.LATENCY,
      graph(`${name}: wait in the queue`, { left: percentiles((options) => pipeline.metricQueueWait(options)), unit: 'ms' }),
      graph(`${name}: duration of jobs`, { left: percentiles((options) => pipeline.metricDuration(options)), unit: 'ms' }),
    ),
    ...(hasStages ? rows(DashboardSection.LATENCY, ...['p50', 'p90', 'p99'].map((statistic) => graph(`${name}: stages, ${statistic}`, { left: [stages(statistic)], unit: 'ms' }))) : []),
  ];
}

function workers({ pipelineName: name, worker }: JobProcessingPipeline, parts: WatchedParts): DashboardRow[] {
  const { WORKERS } = DashboardSection;
  const { maximumConcurrency, besides = {} } = parts;
  return [
    ...rows(WORKERS, ...functionParts(`${name}: worker`, worker.function, {
      concurrencyLimit: maximumConcurrency,
      lines: {
        duration: { label: 'alarm', value: thresholdOf(worker.alarms.duration) },
        concurrency: { label: 'alarm', value: thresholdOf(worker.alarms.reservedConcurrency) },
      },
    })),
    ...rows(WORKERS, ...reportParts(`${name}: worker`, [worker.function])),
    ...(besides.function ? [
      ...rows(WORKERS, ...functionParts(`${name}: called function`, besides.function)),
      ...rows(WORKERS, ...reportParts(`${name}: called function`, [besides.function])),
    ] : []),
    ...(besides.stateMachine ? rows(WORKERS, ...stateMachineParts(`${name}: executions`, besides.stateMachine)) : []),
    ...rows(WORKERS, ...functionsParts(`${name}: own functions`, Object.entries(ownFunctions(parts)))),
  ];
}

/** The pipeline's own functions, by what they do. */
function ownFunctions({ functions, others }: WatchedParts): Record<string, IFunction> {
  return Object.fromEntries(Object.entries<IFunction | undefined>({ ...functions, ...others }).flatMap(([name, fn]) => (fn ? [[name, fn]] : [])));
}

/** What works on its jobs, and what works for it. */
function allFunctions(worker: IFunction, parts: WatchedParts): IFunction[] {
  return [worker, ...Object.values(ownFunctions(parts)), ...(parts.besides?.function ? [parts.besides.function] : [])];
}

function logsOf({ worker }: JobProcessingPipeline, parts: WatchedParts): MonitoredLogs[] {
  const groups = new Set(allFunctions(worker.function, parts).flatMap((fn) => factsOf(fn).logGroup ?? []));
  return [
    ...[...groups].map((logGroup) => ({ logGroup, kind: LogKind.JOBS })),
    ...(parts.gateway ? [{ logGroup: parts.gateway.accessLogs, kind: LogKind.API }] : []),
  ];
}

/** Estimated from what is counted. What CloudWatch does not count is left out: requests to KMS, files in a bucket, transitions of state machines. */
function costs(pipeline: JobProcessingPipeline, parts: WatchedParts): CostMetric[] {
  const { worker, queue, deadLetterQueue, alarms, encryptionKey } = pipeline;
  const queues = [...queueUses(queue), ...queueUses(deadLetterQueue)];
  const judged = [...monitoredAlarms(alarms), ...monitoredAlarms(worker.alarms)].length;
  return [
    ...costMetric('AWS Lambda', lambdaUses(allFunctions(worker.function, parts))),
    ...costMetric('Amazon SQS', queues),
    ...costMetric('Amazon DynamoDB', parts.table ? tableUses(parts.table) : []),
    ...costMetric('Amazon API Gateway', parts.gateway ? apiUses(parts.gateway, pipeline.httpApi ? PRICES.httpApiRequest : PRICES.restApiRequest) : []),
    ...costMetric('Amazon CloudWatch', logUses(logsOf(pipeline, parts).map(({ logGroup }) => logGroup)),
      judged * PRICES.alarmMetric + Object.keys(METRIC).length * PRICES.metric),
    ...(encryptionKey ? costMetric('AWS Key Management Service', queues.slice(0, 1).map((use) => ({ ...use, price: 0 })), PRICES.key) : []),
  ];
}
