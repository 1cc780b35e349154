import { MathExpression, Stats, type Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/** The share of a function's invocations that failed, in percent; 0 while fewer than `floor` did, where there is one. */
export function errorRate(fn: IFunction, props: MetricOptions = {}, floor?: number): MathExpression {
  const share = '100 * errors / invocations';
  return new MathExpression({
    expression: floor === undefined ? share : `IF(errors >= ${floor}, ${share}, 0)`,
    usingMetrics: { errors: fn.metricErrors(), invocations: fn.metricInvocations() },
    label: props.label ?? 'Failed invocations (percent)',
    period: props.period,
  });
}

/**
 * How many invocations ran at the same time, at most.
 *
 * @param unqualified the function itself: what is reserved is reserved for it and all its versions together
 */
export function concurrentExecutions(unqualified: IFunction, props?: MetricOptions): Metric {
  return unqualified.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM, ...props });
}
