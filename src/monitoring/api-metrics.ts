import { MathExpression, Stats, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { COLORS } from './colors';
import { graph, percentiles, type Line, type Part } from './widgets';

/** Calls that must have been answered with a 5xx in a period before their share is judged. */
const ERRORS_FLOOR = 3;

/** What API Gateway measures of an API of either kind, which call the same by different names. */
export interface MeasuredApi {
  /** Calls of whatever kind, each as one sample. */
  metricRequests(options: MetricOptions): IMetric;
  /** Answers with a 4xx. */
  metricClientError(options: MetricOptions): IMetric;
  /** Answers with a 5xx. */
  metricServerError(options: MetricOptions): IMetric;
  /** How long a call took, in milliseconds. */
  metricLatency(options: MetricOptions): IMetric;
}

/** The share of calls that an API answered with a 5xx, in percent; 0 while there were few. */
export function callErrorRate(api: Pick<MeasuredApi, 'metricServerError' | 'metricRequests'>, options: MetricOptions = {}): MathExpression {
  const { period, ...rest } = options;
  return new MathExpression({
    expression: `IF(errors >= ${ERRORS_FLOOR}, 100 * errors / calls, 0)`,
    usingMetrics: {
      errors: api.metricServerError({ statistic: Stats.SUM, period }),
      calls: api.metricRequests({ statistic: Stats.SAMPLE_COUNT, period }),
    },
    label: 'Calls answered with a 5xx, %',
    ...(period && { period }),
    ...rest,
  });
}

/** How often an API was called, and refused or failed. */
export function callsPart(title: string, api: MeasuredApi, lines?: readonly Line[]): Part {
  return graph(`${title}: calls`, {
    left: [
      api.metricRequests({ label: 'calls', color: COLORS.arrived, statistic: Stats.SAMPLE_COUNT }),
      api.metricClientError({ label: '4xx', color: COLORS.refused, statistic: Stats.SUM }),
      api.metricServerError({ label: '5xx', color: COLORS.failed, statistic: Stats.SUM }),
    ],
    lines,
  });
}

/** How long its calls take. */
export function callTimePart(title: string, api: MeasuredApi): Part {
  return graph(`${title}: time of a call`, { left: percentiles((options) => api.metricLatency(options)), unit: 'ms' });
}
