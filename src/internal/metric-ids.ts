import { Duration } from 'aws-cdk-lib';
import { MathExpression, type IMetric, type MathExpressionOptions, type Metric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * A metric that can stand beside any other in one widget, where the ids of metric math must be unique and two pipelines' expressions have the same
 * ones: every id of it gets a prefix.
 *
 * @param prefix a lower-case letter, and letters or digits: unique in the widget
 * @param look its label and colour in the widget; as they were, where nothing is given
 */
export function withOwnIds(metric: IMetric, prefix: string, look: Pick<MathExpressionOptions, 'label' | 'color'> = {}): IMetric {
  const { mathExpression, renderingProperties } = metric.toMetricConfig();
  if (mathExpression) {
    const { expression, usingMetrics, period, searchAccount, searchRegion } = mathExpression;
    const ids = Object.keys(usingMetrics);
    return new MathExpression({
      expression: renamed(expression, ids, prefix),
      usingMetrics: Object.fromEntries(Object.entries(usingMetrics).map(([id, inner]) => [owned(id, prefix), withOwnIds(inner, prefix)])),
      period: Duration.seconds(period),
      label: look.label ?? text(renderingProperties?.label),
      color: look.color ?? text(renderingProperties?.color),
      searchAccount,
      searchRegion,
    });
  }
  const id = text(renderingProperties?.id);
  return isMetric(metric) ? metric.with({ ...look, ...(id !== undefined && { id: owned(id, prefix) }) }) : metric;
}

/** The first metric of an expression that is no expression itself, by its id: `PERIOD()` takes no other. */
export function firstPlainMetric(metrics: Readonly<Record<string, IMetric>>): readonly [id: string, metric: IMetric] | undefined {
  for (const [id, metric] of Object.entries(metrics)) {
    const { mathExpression, metricStat } = metric.toMetricConfig();
    const found = metricStat ? [id, metric] as const : mathExpression && firstPlainMetric(mathExpression.usingMetrics);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** Ids are whole words outside of quotes. `METRICS()` means all of the widget, which were those of the expression when it stood alone. */
function renamed(expression: string, ids: readonly string[], prefix: string): string {
  return expression
    .replace(/\bMETRICS\(\s*(?:(["'])(.*?)\1)?\s*\)/g, (_, __, part: string | undefined) => `[${ids.filter((id) => id.includes(part ?? '')).join(', ')}]`)
    .replace(/"[^"]*"|'[^']*'|(?<![\w.])[a-z]\w*/g, (word) => (ids.includes(word) ? owned(word, prefix) : word));
}

function owned(id: string, prefix: string): string {
  return `${prefix}_${id}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isMetric(metric: IMetric): metric is Metric {
  return 'metricName' in metric && 'with' in metric;
}
