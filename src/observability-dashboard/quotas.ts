import type { Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * What CloudWatch and CloudFormation allow.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const QUOTAS = {
  /** Widgets of a dashboard. */
  widgets: 500,
  /** Metrics and expressions of a widget, hidden ones included. */
  metricsOfWidget: 500,
  /** Metrics of all widgets of a dashboard, hidden ones included. */
  metrics: 2500,
  /** Alarms of an alarm widget. */
  alarmsOfWidget: 100,
  /** Log groups of a query. */
  logGroupsOfQuery: 50,
  /** Log groups whose errors are counted: a filter each, of the 500 resources of a template. */
  logGroupsCounted: 150,
  /** Log groups whose owners are told apart: two rules for each 20, of 100 in account and region. */
  logGroupsOfOwners: 100,
  /** Units of width. */
  width: 24,
  /** Terms of a sum: an expression has 2,048 characters at most, and a term of ours up to 18. */
  termsOfSum: 100,
  /** Characters of a dashboard's name. */
  name: 255,
  /**
   * Bytes of the page in a template, of which CloudFormation takes 1 MB: what is left is for the alarms and for what else is in the stack, and for
   * the names of exports, which take the place of shorter references when everything is known.
   */
  bodyBytes: 600_000,
} as const;

/** What of the quotas the widgets of a page break, in words; nothing if they fit. */
export function beyondQuotas(stack: Stack, widgets: readonly object[]): string[] {
  const metrics = widgets.map((widget) => metricsIn(widget));
  const counted = broken([
    [widgets.length, QUOTAS.widgets, 'widgets'],
    [Math.max(0, ...metrics), QUOTAS.metricsOfWidget, 'metrics in one widget'],
    [metrics.reduce((sum, count) => sum + count, 0), QUOTAS.metrics, 'metrics'],
  ]);
  // to write the page down takes much longer than to count
  return counted.length > 0 ? counted : broken([[bytesOf(stack, widgets), QUOTAS.bodyBytes, 'bytes']]);
}

/** How many metrics and expressions a widget would have for a metric, with those that an expression is made from. */
export function metricsOf(metric: IMetric): number {
  const { mathExpression } = metric.toMetricConfig();
  return Object.values(mathExpression?.usingMetrics ?? {}).reduce((sum, inner) => sum + metricsOf(inner), 1);
}

function metricsIn(widget: object): number {
  const { metrics } = (widget as { readonly properties?: { readonly metrics?: unknown } }).properties ?? {};
  return Array.isArray(metrics) ? metrics.length : 0;
}

/** As they will be in the template. */
function bytesOf(stack: Stack, widgets: readonly object[]): number {
  return Buffer.byteLength(JSON.stringify(stack.resolve(stack.toJsonString(widgets))));
}

function broken(limits: ReadonlyArray<readonly [given: number, limit: number, of: string]>): string[] {
  return limits.filter(([given, limit]) => given > limit).map(([given, limit, of]) => `${given} ${of} of ${limit}`);
}
