import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { graph, type Line, type Part } from './widgets';

const NAMESPACE = 'AWS/DynamoDB';

/** What is read and written, refused and failed. */
export function tableParts(title: string, table: ITable, lines: readonly Line[] = []): Part[] {
  return [
    graph(`${title}: capacity consumed`, {
      left: [
        table.metricConsumedWriteCapacityUnits({ statistic: Stats.SUM, label: 'written' }), table.metricConsumedReadCapacityUnits({ statistic: Stats.SUM, label: 'read' }),
      ],
      unit: 'units',
    }),
    graph(`${title}: throttled`, {
      left: [
        throttleEvents(table, 'WriteThrottleEvents', 'writes'),
        throttleEvents(table, 'ReadThrottleEvents', 'reads'),
        new MathExpression({
          expression: `SEARCH('{${NAMESPACE},GlobalSecondaryIndexName,TableName} MetricName="WriteThrottleEvents" TableName="${table.tableName}"', 'Sum', 300)`,
          label: 'writes of index ${PROP(\'Dim.GlobalSecondaryIndexName\')}',
        }),
      ],
      lines,
    }),
    graph(`${title}: time of a request`, {
      left: ['GetItem', 'PutItem', 'UpdateItem', 'Query'].map((operation) => new Metric({
        namespace: NAMESPACE,
        metricName: 'SuccessfulRequestLatency',
        dimensionsMap: { TableName: table.tableName, Operation: operation },
        statistic: Stats.AVERAGE,
        label: operation,
      })),
      unit: 'ms',
    }),
  ];
}

/** Requests of a table, not of its indexes, that were refused because they were too many. */
export function throttleEvents(table: ITable, metricName: 'ReadThrottleEvents' | 'WriteThrottleEvents', label?: string): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: { TableName: table.tableName }, statistic: Stats.SUM, label });
}
