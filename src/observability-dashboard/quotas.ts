import type { IResolvable, Stack } from 'aws-cdk-lib';

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

/** How much of the quotas a page uses. */
export interface PageSize {
  readonly widgets: number;
  /** Of the widget that has most. */
  readonly metricsOfWidget: number;
  readonly metrics: number;
  readonly bytes: number;
}

/** Measures the widgets of a page as they will be in the template. */
export function measure(stack: Stack, widgets: readonly object[]): PageSize {
  const resolved = stack.resolve(widgets) as Array<{ readonly properties?: { readonly metrics?: unknown } }>;
  const metrics = resolved.map(({ properties }) => (Array.isArray(properties?.metrics) ? properties.metrics.length : 0));
  return {
    widgets: widgets.length,
    metricsOfWidget: Math.max(0, ...metrics),
    metrics: metrics.reduce((sum, count) => sum + count, 0),
    bytes: Buffer.byteLength(JSON.stringify(stack.resolve(stack.toJsonString(widgets) as unknown as IResolvable))),
  };
}

/** What of the quotas a page breaks, in words; nothing if it fits. */
export function beyondQuotas({ widgets, metricsOfWidget, metrics, bytes }: PageSize): string[] {
  const limits: ReadonlyArray<readonly [given: number, limit: number, of: string]> = [
    [widgets, QUOTAS.widgets, 'widgets'],
    [metricsOfWidget, QUOTAS.metricsOfWidget, 'metrics in one widget'],
    [metrics, QUOTAS.metrics, 'metrics'],
    [bytes, QUOTAS.bodyBytes, 'bytes'],
  ];
  return limits.filter(([given, limit]) => given > limit).map(([given, limit, of]) => `${given} ${of} of ${limit}`);
}
