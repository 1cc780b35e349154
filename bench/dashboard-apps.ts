/**
 * The same pipelines watched by this library and by a peer, cdk-monitoring-constructs: the same functions, queues, table and API of each.
 *
 * Equal: what is watched, and how many alarms each pipeline has, of the same things with the same thresholds as far as the peer judges them.
 * Not equal, as each library is used as its documents show:
 * - Ours is one page over all stacks, and the alarms stand with their pipelines. The peer's alarms stand with its facade, and 50 pipelines have more
 *   than a stack holds: it has a facade, and so a dashboard, for each stack.
 * - Ours adds what the peer has not: composite alarms with their topics, saved queries, metrics of error lines, contributor rules, costs, widgets of
 *   logs, what to do for each alarm; and it folds pipelines of which there are many. The peer shows each in full, and has links to the console.
 * - The peer judges plain metrics where ours has a floor of calls or looks at two of them at once.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { MonitoringFacade, type MetricWithAlarmSupport } from 'cdk-monitoring-constructs';
import { JobProcessingPipeline, JobProcessor, ObservabilityDashboard, type JobProcessingPipelineAlarmOptions } from 'cdk-jobworks';

export type Watcher = 'ours' | 'peer';

/** A stack holds 500 resources. */
const PER_STACK = 4;
const CODE = 'exports.handler = async () => ({});';
const OFF = { enabled: false };
/** The peer brings its own. */
const NO_ALARMS: JobProcessingPipelineAlarmOptions = {
  failureRate: OFF,
  firstDeadLettered: OFF,
  deadLettered: OFF,
  backlog: OFF,
  noJobsFinished: OFF,
  apiErrors: OFF,
  apiErrorRate: OFF,
  deadLettersLeft: OFF,
  deadLetterErrors: OFF,
  sweeperErrors: OFF,
  worker: { oldestMessageAge: OFF, errors: OFF, throttles: OFF, duration: OFF },
};

/** An app with so many pipelines that are watched. */
export function watchedApp(watcher: Watcher, count: number, outdir?: string): App {
  const app = new App({ outdir });
  const pipelines: JobProcessingPipeline[] = [];
  let stack = new Stack(app, 'Stack0');
  let facade: MonitoringFacade | undefined;
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % PER_STACK === 0) {
      stack = new Stack(app, `Stack${i / PER_STACK}`);
      facade = undefined;
    }
    const handler = new LambdaFunction(stack, `Jobs${i}Function`, { code: Code.fromInline(CODE), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
    const pipeline = new JobProcessingPipeline(stack, `Jobs${i}`, {
      pipelineName: `jobs-${i}`,
      processor: JobProcessor.inFunction(handler),
      ...(watcher === 'peer' && { alarms: NO_ALARMS }),
    });
    pipelines.push(pipeline);
    if (watcher === 'peer') {
      facade ??= new MonitoringFacade(stack, 'Monitoring');
      watch(facade, pipeline);
    }
  }
  if (watcher === 'ours') new ObservabilityDashboard(new Stack(app, 'Operations'), 'Operations', { monitored: pipelines });
  return app;
}

function watch(facade: MonitoringFacade, pipeline: JobProcessingPipeline): void {
  const name = pipeline.pipelineName;
  const errors = { addFaultCountAlarm: { Warning: { maxErrorCount: 0 } } };
  facade.addLargeHeader(name);
  facade.monitorCustom({
    humanReadableName: `${name} jobs`,
    alarmFriendlyName: `${name}-jobs`,
    metricGroups: [{
      title: 'Jobs',
      metrics: [
        asMetric(pipeline.metricSubmitted()),
        asMetric(pipeline.metricSucceeded()),
        asMetric(pipeline.metricRetried()),
        alarmed(pipeline.metricFailed(), `${name}-failed`, 10),
        alarmed(pipeline.metricDeadLettered(), `${name}-first-dead-lettered`, 0),
        alarmed(pipeline.metricDeadLettered({ label: 'given up' }), `${name}-dead-lettered`, 5),
        alarmed(pipeline.metricQueueWait(), `${name}-wait`, Duration.minutes(20).toMilliseconds()),
      ],
    }],
  });
  facade.monitorSqsQueueWithDlq({
    queue: pipeline.queue,
    deadLetterQueue: pipeline.deadLetterQueue,
    humanReadableName: `${name} queue`,
    alarmFriendlyName: `${name}-queue`,
    addQueueMaxMessageAgeAlarm: { Critical: { maxAgeInSeconds: 1200, evaluationPeriods: 3, datapointsToAlarm: 3 } },
    addQueueMaxTimeToDrainMessagesAlarm: { Warning: { maxTimeToDrain: Duration.minutes(20) } },
    addDeadLetterQueueMaxSizeAlarm: { Warning: { maxMessageCount: 0, evaluationPeriods: 20, datapointsToAlarm: 20 } },
  });
  facade.monitorLambdaFunction({
    lambdaFunction: pipeline.worker.function,
    humanReadableName: `${name} worker`,
    alarmFriendlyName: `${name}-worker`,
    addFaultRateAlarm: { Critical: { maxErrorRate: 0.1 } },
    addThrottlesCountAlarm: { Warning: { maxErrorCount: 0 } },
    addMaxLatencyAlarm: { Warning: { maxLatency: Duration.millis(2_700) } },
  });
  [pipeline.submitFunction, pipeline.statusFunction].forEach((lambdaFunction, i) => facade.monitorLambdaFunction({
    lambdaFunction, humanReadableName: `${name} ${['submit', 'status'][i]}`, alarmFriendlyName: `${name}-${['submit', 'status'][i]}`,
  }));
  ['DeadLetter', 'Sweeper'].forEach((id) => facade.monitorLambdaFunction({
    lambdaFunction: pipeline.node.findChild(id) as LambdaFunction, humanReadableName: `${name} ${id}`, alarmFriendlyName: `${name}-${id}`, ...errors,
  }));
  facade.monitorApiGateway({
    api: pipeline.restApi!,
    humanReadableName: `${name} API`,
    alarmFriendlyName: `${name}-api`,
    add5XXFaultCountAlarm: { Warning: { maxErrorCount: 0 } },
    add5XXFaultRateAlarm: { Critical: { maxErrorRate: 0.1 } },
  });
  facade.monitorDynamoTable({ table: pipeline.table, humanReadableName: `${name} records`, alarmFriendlyName: `${name}-records` });
}

function alarmed(metric: IMetric, alarmFriendlyName: string, threshold: number) {
  return {
    metric: asMetric(metric),
    alarmFriendlyName,
    addAlarm: { Warning: { threshold, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD } },
  };
}

/** The peer takes the two classes, and not the interface, that metrics of this library have. */
function asMetric(metric: IMetric): MetricWithAlarmSupport {
  return metric as MetricWithAlarmSupport;
}
