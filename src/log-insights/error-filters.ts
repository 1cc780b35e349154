import { Names } from 'aws-cdk-lib';
import { Metric, Stats, Unit, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { logGroupsOf, type Logging } from './log-groups';
import { LogKind } from '../monitoring/monitored';
import { METRICS_NAMESPACE } from '../runtime/wire/metrics';

/** The lines with `"level": "ERROR"` of a thing. */
export interface ErrorLines {
  readonly title: string;
  /** How many there were, a sum. */
  readonly metric: IMetric;
}

/**
 * Counts lines of errors in the logs of what works on jobs: of the library's functions and of the user's, as far as they log JSON. A metric for each
 * thing ($0.30 a month), of all its log groups together. It is 0 while others are logged, and there is none while nothing is.
 *
 * It has no dimension but a name of its own: a filter with a dimension counts only lines that have the field for it, which those of a user's function
 * need not, and has no 0; and a name that several dashboards shared would count lines once for each of them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export function createErrorFilters(scope: Construct, things: readonly Logging[]): ErrorLines[] {
  return things.flatMap((thing, index) => {
    const groups = logGroupsOf(scope, [thing], [LogKind.JOBS]);
    if (groups.length === 0) {
      return [];
    }
    const metricName = `ErrorLines-${Names.uniqueResourceName(scope, { maxLength: 100 })}-${thing.title.replace(/[^\w.-]+/g, '-').slice(0, 100)}`;
    groups.forEach((logGroup, number) => new MetricFilter(scope, `Errors${index + 1}In${number + 1}`, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
      metricNamespace: METRICS_NAMESPACE,
      metricName,
      metricValue: '1',
      defaultValue: 0,
      unit: Unit.COUNT,
    }));
    return [{ title: thing.title, metric: new Metric({ namespace: METRICS_NAMESPACE, metricName, statistic: Stats.SUM, label: thing.title }) }];
  });
}
