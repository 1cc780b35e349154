import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { QueuedLambdaWorker } from './queued-lambda-worker';
import { monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { COLORS } from '../monitoring/colors';
import { costMetric, lambdaUses, logUses, queueUses } from '../monitoring/cost-metrics';
import { factsOf } from '../monitoring/function-facts';
import { functionParts, reportParts } from '../monitoring/function-widgets';
import { DashboardSection, LogKind, type Monitoring } from '../monitoring/monitored';
import { queueParts, timeToEmpty } from '../monitoring/queue-widgets';
import { warnOfUnknownLogs } from '../monitoring/unknown-logs';
import { rows } from '../monitoring/widgets';
import { PRICES } from '../pricing/prices';

/** What there is to watch of a worker. */
export function monitorWorker(worker: QueuedLambdaWorker, title: string): Monitoring {
  const { queue, deadLetterQueue, alarms } = worker;
  const logGroup = worker.logGroup ?? factsOf(worker.function).logGroup;
  const monitored = monitoredAlarms(alarms);
  if (!logGroup) {
    warnOfUnknownLogs(worker, worker.function);
  }
  return {
    title,
    alarms: monitored,
    rows: [
      ...rows(DashboardSection.FLOW, ...queueParts(title, queue, deadLetterQueue, [
        { label: 'alarm: age', value: thresholdOf(alarms.oldestMessageAge) },
      ], [worker.metricOldestMessageAge({ label: 'age of the oldest' }).with({ color: COLORS.age }), timeToEmpty(queue, { label: 'time to drain', color: COLORS.drain })])),
      ...rows(DashboardSection.WORKERS, ...functionParts(title, worker.function, {
        concurrencyLimit: worker._concurrencyLimit,
        lines: {
          duration: { label: 'alarm', value: thresholdOf(alarms.duration) },
          concurrency: { label: 'alarm', value: thresholdOf(alarms.reservedConcurrency) },
        },
      })),
      ...rows(DashboardSection.WORKERS, ...reportParts(title, [worker.function])),
    ],
    verdict: {
      arrived: queue.metricNumberOfMessagesSent({ statistic: Stats.SUM }),
      finished: queue.metricNumberOfMessagesDeleted({ statistic: Stats.SUM }),
      failed: worker.function.metricErrors(),
      waiting: worker.metricVisibleMessages(),
      oldest: worker.metricOldestMessageAge(),
    },
    ...(logGroup && { logs: [{ logGroup, kind: LogKind.JOBS }] }),
    costs: [
      ...costMetric('AWS Lambda', lambdaUses([worker.function])),
      ...costMetric('Amazon SQS', [queue, ...(deadLetterQueue ? [deadLetterQueue] : [])].flatMap(queueUses)),
      ...costMetric('Amazon CloudWatch', logUses(logGroup ? [logGroup] : []), monitored.length * PRICES.alarmMetric),
    ],
  };
}
