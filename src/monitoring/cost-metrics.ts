import { Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { factsOf } from './function-facts';
import type { CostMetric } from './monitored';
import { PRICES } from '../pricing/prices';

/** So much of something was used in a period, at a price for one of it. */
export interface Use {
  readonly metric: IMetric;
  /** US dollars. */
  readonly price: number;
  /** Whether the metric is a level and its price that of an hour at it, and not a sum. */
  readonly anHour?: boolean;
}

const SECONDS_AN_HOUR = 3600;
const GIGABYTE = 1e9;

/**
 * What was used, in US dollars over the metric's period.
 *
 * @param monthly what is billed by the month, used or not
 */
export function costMetric(service: string, uses: readonly Use[], monthly = 0): CostMetric[] {
  if (uses.length === 0) {
    return [];
  }
  const period = 'PERIOD(u1)';
  const terms = uses.map(({ price, anHour }, index) => {
    const used = `FILL(u${index + 1}, 0) * ${plain(anHour ? price / SECONDS_AN_HOUR : price)}`;
    return anHour ? `${used} * ${period}` : used;
  });
  const aSecond = monthly / PRICES.hoursPerMonth / SECONDS_AN_HOUR;
  const metric = new MathExpression({
    expression: [...terms, ...(monthly > 0 ? [`${period} * ${plain(aSecond)}`] : [])].join(' + '),
    usingMetrics: Object.fromEntries(uses.map(({ metric: used }, index) => [`u${index + 1}`, used])),
    label: service,
  });
  return [{ service, metric }];
}

/** Invocations, and the time that they took of the memory that they have. Functions whose memory is not known are not counted. */
export function lambdaUses(functions: readonly IFunction[]): Use[] {
  const each = new Map(functions.map((fn) => [factsOf(fn).unqualified, factsOf(fn)]));
  return [...each.values()].flatMap(({ unqualified, memoryMebibytes, x86 }) => (memoryMebibytes === undefined ? [] : [
    { metric: unqualified.metricInvocations(), price: PRICES.lambdaRequest },
    {
      metric: unqualified.metricDuration({ statistic: Stats.SUM }),
      price: (x86 ? PRICES.lambdaGbSecondX86 : PRICES.lambdaGbSecond) * memoryMebibytes / 1024 / 1000,
    },
  ]));
}

/** Messages that were sent, received and deleted, and polls that found none. Batches are billed as one request: this is the most that it is. */
export function queueUses(queue: IQueue): Use[] {
  return [
    queue.metricNumberOfMessagesSent(),
    queue.metricNumberOfMessagesReceived(),
    queue.metricNumberOfMessagesDeleted(),
    queue.metricNumberOfEmptyReceives(),
  ].map((metric) => ({ metric, price: PRICES.sqsRequest }));
}

/** Reads and writes of a table that is billed by request, with those of its indexes. None where it is not known to be. */
export function tableUses(table: ITable): Use[] {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnTable) || resource.billingMode !== 'PAY_PER_REQUEST') {
    return [];
  }
  const indexes = Stack.of(table).resolve(resource.globalSecondaryIndexes) as CfnTable.GlobalSecondaryIndexProperty[] | undefined ?? [];
  return [undefined, ...indexes.map(({ indexName }) => indexName)].flatMap((index) => {
    const ofIndex = index !== undefined && { dimensionsMap: { TableName: table.tableName, GlobalSecondaryIndexName: index } };
    const options = { statistic: Stats.SUM, ...ofIndex };
    return [
      { metric: table.metricConsumedWriteCapacityUnits(options), price: PRICES.dynamoDbWrite },
      { metric: table.metricConsumedReadCapacityUnits(options), price: PRICES.dynamoDbRead },
    ];
  });
}

/** Calls of an API, with those that it refused by itself. */
export function apiUses(api: { metricRequests(options: MetricOptions): IMetric }, price: number): Use[] {
  return [{ metric: api.metricRequests({ statistic: Stats.SAMPLE_COUNT }), price }];
}

/** What log groups take in. */
export function logUses(logGroups: readonly ILogGroup[]): Use[] {
  return logGroups.map(({ logGroupName }) => ({
    metric: new Metric({ namespace: 'AWS/Logs', metricName: 'IncomingBytes', dimensionsMap: { LogGroupName: logGroupName }, statistic: Stats.SUM }),
    price: PRICES.logsGigabyte / GIGABYTE,
  }));
}

/** Without an exponent, which metric math may not read. */
function plain(value: number): string {
  return value.toFixed(15).replace(/0+$/, '').replace(/\.$/, '');
}
