import type { JobProcessingPipeline } from './job-processing-pipeline';
import { GivenUpCause, timeToDrain } from './pipeline-metrics';
import { monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { DashboardSection, type DashboardRow, type Monitoring } from '../monitoring/monitored';
import { graph, rows } from '../monitoring/widgets';

/** What there is to watch of a pipeline. */
export function monitorPipeline(pipeline: JobProcessingPipeline): Monitoring {
  const { pipelineName, worker, alarms } = pipeline;
  return {
    title: pipelineName,
    alarms: [...monitoredAlarms(alarms), ...monitoredAlarms(worker.alarms, 'worker')],
    rows: [...flow(pipeline), ...latency(pipeline)],
    verdict: {
      arrived: pipeline.metricSubmitted(),
      finished: pipeline.metricSucceeded(),
      failed: pipeline.metricFailed(),
      waiting: worker.metricVisibleMessages(),
      oldest: worker.metricOldestMessageAge(),
    },
  };
}

function flow(pipeline: JobProcessingPipeline): DashboardRow[] {
  const { pipelineName: name, worker, alarms } = pipeline;
  return rows(DashboardSection.FLOW,
    graph(`${name}: jobs`, {
      left: [
        pipeline.metricSubmitted({ label: 'submitted' }),
        pipeline.metricSucceeded({ label: 'succeeded' }),
        pipeline.metricFailed({ label: 'failed' }),
        pipeline.metricCancelled({ label: 'cancelled' }),
      ],
    }),
    graph(`${name}: attempts`, {
      left: [
        pipeline.metricRetried({ label: 'retried' }),
        pipeline.metricDeferred({ label: 'deferred' }),
        ...Object.values(GivenUpCause).map((cause) => pipeline.metricDeadLetteredBy(cause, { label: `given up: ${cause}` })),
      ],
      lines: [{ label: 'many given up', value: thresholdOf(alarms.deadLettered) }],
    }),
    graph(`${name}: backlog`, {
      left: [worker.metricVisibleMessages({ label: 'waiting' })],
      unit: 'jobs',
      right: [
        worker.metricOldestMessageAge({ label: 'oldest, s' }),
        timeToDrain(name, pipeline.queue, { label: 'to drain, s' }),
      ],
      rightUnit: 's',
    }),
  );
}

function latency(pipeline: JobProcessingPipeline): DashboardRow[] {
  const name = pipeline.pipelineName;
  const percentiles = ['p50', 'p90', 'p99'];
  return rows(DashboardSection.LATENCY,
    graph(`${name}: wait in the queue`, { left: percentiles.map((statistic) => pipeline.metricQueueWait({ statistic, label: statistic })), unit: 'ms' }),
    graph(`${name}: duration of jobs`, { left: percentiles.map((statistic) => pipeline.metricDuration({ statistic, label: statistic })), unit: 'ms' }),
  );
}
