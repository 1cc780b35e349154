import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { MonitoredTableAlarmOptions, MonitoredTableOptions } from './monitored-options';
import { watched } from './watched-scope';
import { createAlarm, monitoredAlarms, NOTHING_USUAL, thresholdOf, type AlarmDefaults } from '../internal/alarm-factory';
import { costMetric, tableUses } from '../monitoring/cost-metrics';
import { DashboardSection, type Monitoring } from '../monitoring/monitored';
import { tableParts, throttleEvents } from '../monitoring/table-widgets';
import { rows } from '../monitoring/widgets';

/** What is called often: an alarm takes ten metrics at most. */
const OPERATIONS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'] as const;

function defaultsOf(): Record<keyof MonitoredTableAlarmOptions, AlarmDefaults> {
  return {
    throttles: { evaluationPeriods: 3, noBand: NOTHING_USUAL },
    systemErrors: { evaluationPeriods: 3, noBand: NOTHING_USUAL },
  };
}

/**
 * A table, with its alarms. An alarm on a metric of DynamoDB stays as it is where there is no data, whatever is said of that; so they judge sums
 * in which nothing is 0.
 */
export function watchTable(table: ITable, options: MonitoredTableOptions): () => Monitoring {
  const defaults = defaultsOf();
  const { scope, title: subject, alarms: tuned } = watched<MonitoredTableAlarmOptions>({
    factory: 'fromTable', takes: ['dynamodb.ITable', 'tableArn', 'table'], resource: table, options, defaults,
  });
  const alarms = {
    throttles: createAlarm(scope, 'Throttles', {
      metric: ({ period }) => throttled(table, period),
      threshold: 1,
      ...defaults.throttles,
      id: ['table', 'throttles'],
      subject,
      meaning: 'reads or writes are throttled',
      action: 'See whether one key takes most of the traffic, or raise the capacity of a table that is provisioned.',
    }, tuned.throttles),
    systemErrors: createAlarm(scope, 'SystemErrors', {
      metric: ({ period }) => new MathExpression({
        expression: OPERATIONS.map((_, index) => `FILL(e${index + 1}, 0)`).join(' + '),
        usingMetrics: Object.fromEntries(OPERATIONS.map((operation, index) => [`e${index + 1}`, new Metric({
          namespace: 'AWS/DynamoDB',
          metricName: 'SystemErrors',
          dimensionsMap: { TableName: table.tableName, Operation: operation },
          statistic: Stats.SUM,
          period,
        })])),
        period,
        label: 'Failed requests',
      }),
      threshold: 1,
      ...defaults.systemErrors,
      id: ['table', 'systemErrors'],
      subject,
      meaning: 'DynamoDB fails to answer',
      action: 'Look at the AWS Health Dashboard. Requests are tried again by the SDK; jobs that failed for it can be retried.',
    }, tuned.systemErrors),
  };
  return () => ({
    title: subject,
    alarms: monitoredAlarms(alarms),
    rows: rows(DashboardSection.DATABASE, ...tableParts(subject, table, [{ label: 'alarm', value: thresholdOf(alarms.throttles) }])),
    verdict: { failed: throttled(table) },
    costs: costMetric('Amazon DynamoDB', tableUses(table)),
  });
}

function throttled(table: ITable, period = Duration.minutes(5)): MathExpression {
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: {
      reads: throttleEvents(table, 'ReadThrottleEvents').with({ period }),
      writes: throttleEvents(table, 'WriteThrottleEvents').with({ period }),
    },
    period,
    label: 'Throttled requests',
  });
}
