import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { EndsOfAttempts } from '../job-processor/processor-kind';
import { METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION } from '../runtime/wire/metrics';

/** Why the system gave a job up. */
export enum GivenUpCause {
  /** Its last attempt failed or was lost: look at the handler, and at what it calls. */
  ATTEMPTS = 'attempts',
  /** The queue delivered its message as often as it may: the function could not start, or was throttled. */
  FUSE = 'fuse',
  /** Its deadline passed first: too few workers, a long pause, or a handler that asks to wait for ever. */
  DEADLINE = 'deadline',
}

/** One of a pipeline's own metrics. Dimensions that are given come beside the pipeline's name. */
export function pipelineMetric(
  pipelineName: string,
  name: keyof typeof METRIC,
  statistic: string,
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  return handlerMetric(pipelineName, METRIC[name], { statistic, ...options });
}

/** What a handler counts stands beside them. */
export function handlerMetric(pipelineName: string, metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
    ...options,
    dimensionsMap: { ...options.dimensionsMap, [PIPELINE_DIMENSION]: pipelineName },
  });
}

/**
 * The share of jobs that ended as failed, in percent. It is 0 while fewer jobs than `floor` ended,
 * so that one failure in a quiet hour wakes nobody.
 */
export function failureRate(pipelineName: string, floor: number, options: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
  const { period, ...rest } = options;
  return new cloudwatch.MathExpression({
    expression: `IF(FILL(failed, 0) + FILL(succeeded, 0) >= ${floor}, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(succeeded, 0)), 0)`,
    usingMetrics: {
      failed: pipelineMetric(pipelineName, 'failed', cloudwatch.Stats.SUM, { period }),
      succeeded: pipelineMetric(pipelineName, 'succeeded', cloudwatch.Stats.SUM, { period }),
    },
    label: 'Jobs failed, %',
    ...(period && { period }),
    ...rest,
  });
}

/** Options of what takes too long to work off. */
export interface TimeToDrainOptions extends cloudwatch.MetricOptions {
  /** Whether it is 0 unless the backlog grows. */
  readonly growing?: boolean;
}

/**
 * How long it would take to work off the jobs that wait, at the rate at which jobs end now, in seconds; 0 while none waits, or none ends.
 *
 * Jobs that end make the rate and not messages that are done with: one whose job is called again later is sent anew. Those are sent and done with
 * alike, and so tell whether the backlog grows.
 */
export function timeToDrain(
  pipelineName: string, queue: sqs.IQueue, { growing = false, ...options }: TimeToDrainOptions = {},
): cloudwatch.MathExpression {
  const { period, ...rest } = options;
  const drain = `IF(${ENDED} > 0, FILL(waiting, 0) * PERIOD(waiting) / (${ENDED}), 0)`;
  return new cloudwatch.MathExpression({
    expression: growing ? `IF(FILL(sent, 0) > FILL(done, 0), ${drain}, 0)` : drain,
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period }),
      ...ended(pipelineName, period),
      ...(growing && {
        sent: queue.metricNumberOfMessagesSent({ statistic: cloudwatch.Stats.SUM, period }),
        done: queue.metricNumberOfMessagesDeleted({ statistic: cloudwatch.Stats.SUM, period }),
      }),
    },
    label: 'Seconds to drain',
    ...(period && { period }),
    ...rest,
  });
}

/** How many jobs waited all the time, where none ended. The queue has data where the pipeline has none, so it comes first. */
export function waitingInVain(pipelineName: string, queue: sqs.IQueue, options: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
  const { period, ...rest } = options;
  return new cloudwatch.MathExpression({
    expression: `IF(FILL(waiting, 0) > 0 AND ${ENDED} == 0, waiting, 0)`,
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MINIMUM, period }),
      ...ended(pipelineName, period),
    },
    label: 'Jobs that wait while none ends',
    ...(period && { period }),
    ...rest,
  });
}

/** How many jobs ended, however: for expressions that have `ended()` among their metrics. */
const ENDED = '(FILL(succeeded, 0) + FILL(failed, 0) + FILL(cancelled, 0))';

function ended(pipelineName: string, period: Duration | undefined): Record<'succeeded' | 'failed' | 'cancelled', cloudwatch.Metric> {
  return {
    succeeded: pipelineMetric(pipelineName, 'succeeded', cloudwatch.Stats.SUM, { ...(period && { period }) }),
    failed: pipelineMetric(pipelineName, 'failed', cloudwatch.Stats.SUM, { ...(period && { period }) }),
    cancelled: pipelineMetric(pipelineName, 'cancelled', cloudwatch.Stats.SUM, { ...(period && { period }) }),
  };
}

/** How often the end of an attempt was not dealt with: its function failed, or EventBridge gave up calling it. */
export function endsLost(ends: EndsOfAttempts, options: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
  const { period, ...rest } = options;
  return new cloudwatch.MathExpression({
    expression: 'FILL(errors, 0) + FILL(failed, 0)',
    usingMetrics: {
      errors: ends.function.metricErrors({ period }),
      failed: new cloudwatch.Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: ends.rule.ruleName },
        statistic: cloudwatch.Stats.SUM,
        period,
      }),
    },
    label: 'Ends of attempts not dealt with',
    ...(period && { period }),
    ...rest,
  });
}

/** How many dead letters there are, waiting or being looked at. */
export function deadLettersLeft(queue: sqs.IQueue, options: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
  const { period, ...rest } = options;
  const statistic = cloudwatch.Stats.MAXIMUM;
  return new cloudwatch.MathExpression({
    expression: 'visible + hidden',
    usingMetrics: {
      visible: queue.metricApproximateNumberOfMessagesVisible({ statistic, period }),
      hidden: queue.metricApproximateNumberOfMessagesNotVisible({ statistic, period }),
    },
    label: 'Dead letters',
    ...(period && { period }),
    ...rest,
  });
}
