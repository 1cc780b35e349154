import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { QUOTAS } from './quotas';
import { withOwnIds } from '../internal/metric-ids';

/**
 * The sum of metrics, each of them 0 where it has no data: what was not used costs nothing.
 *
 * @param id what the sum is called where others reckon with it: the ids below it begin with it
 */
export function sumOf(metrics: readonly IMetric[], id: string, label?: string): MathExpression {
  return addUp(metrics.map((metric, index) => withOwnIds(metric, `${id}${index}`)), id, label);
}

/** Expressions have a limit of length: a long sum is one of sums. */
function addUp(metrics: readonly IMetric[], id: string, label?: string): MathExpression {
  if (metrics.length > QUOTAS.termsOfSum) {
    const parts = Math.ceil(metrics.length / QUOTAS.termsOfSum);
    const part = (index: number) => metrics.slice(index * QUOTAS.termsOfSum, (index + 1) * QUOTAS.termsOfSum);
    return addUp(Array.from({ length: parts }, (_, index) => addUp(part(index), `${id}p${index}_`)), `${id}s`, label);
  }
  const terms = metrics.map((metric, index) => [`${id}${index}`, metric] as const);
  return new MathExpression({
    expression: terms.map(([term]) => `FILL(${term}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(terms),
    label,
  });
}
