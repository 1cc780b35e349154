import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { createFunctionAlarms } from './create-function-alarms';
import { thresholdOf } from '../internal/alarm-factory';
import { costMetric, lambdaUses, logUses } from '../monitoring/cost-metrics';
import { factsOf } from '../monitoring/function-facts';
import { functionParts, reportParts } from '../monitoring/function-widgets';
import { DashboardSection, LogKind, type MonitoredAlarm, type Monitoring } from '../monitoring/monitored';
import { rows } from '../monitoring/widgets';
import { PRICES } from '../pricing/prices';

/** What there is to watch of a function. */
export function monitorFunction(
  title: string, fn: IFunction, alarms: Partial<ReturnType<typeof createFunctionAlarms>>, monitored: MonitoredAlarm[],
): Monitoring {
  const { logGroup } = factsOf(fn);
  return {
    title,
    alarms: monitored,
    rows: [
      ...rows(DashboardSection.WORKERS, ...functionParts(title, fn, {
        lines: {
          throttles: { label: 'alarm: throttled', value: thresholdOf(alarms.throttles) },
          duration: { label: 'alarm', value: thresholdOf(alarms.duration) },
          concurrency: { label: 'alarm', value: thresholdOf(alarms.reservedConcurrency) },
        },
      })),
      ...rows(DashboardSection.WORKERS, ...reportParts(title, [fn])),
    ],
    verdict: { arrived: fn.metricInvocations(), failed: fn.metricErrors() },
    ...(logGroup && { logs: [{ logGroup, kind: LogKind.JOBS }] }),
    costs: [
      ...costMetric('AWS Lambda', lambdaUses([fn])),
      ...costMetric('Amazon CloudWatch', logUses(logGroup ? [logGroup] : []), monitored.length * PRICES.alarmMetric),
    ],
  };
}
