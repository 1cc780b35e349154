import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { handlerMetric, pipelineMetric, type GivenUpCause } from './pipeline-metrics';
import { CAUSE_DIMENSION, STAGE_DIMENSION } from '../runtime/wire/metrics';

/** What a `JobProcessingPipeline` counts and measures, each as a metric for dashboards and alarms of your own. */
export abstract class MeasuredPipeline extends Construct {
  /** The pipeline's name in metrics and log lines. */
  public abstract readonly pipelineName: string;

  /**
   * A metric by its name: what the handler counts by `job.metric(name, value)`, such as tokens.
   *
   * @param metricName the name that the handler gives
   * @param options statistic, period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return handlerMetric(this.pipelineName, metricName, options);
  }

  /**
   * Jobs accepted.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricSubmitted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'submitted', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that succeeded.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricSucceeded(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'succeeded', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that failed: the handler said so, the attempts were used up or the deadline passed.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'failed', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that the system gave up, whatever the cause: their attempts were used up, their deadline passed, or the queue gave up their message.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricDeadLettered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'deadLettered', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that the system gave up for one cause. Those of all causes add up to `metricDeadLettered()`.
   *
   * @param cause why they were given up
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricDeadLetteredBy(cause: GivenUpCause, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'deadLettered', cloudwatch.Stats.SUM, { ...options, dimensionsMap: { [CAUSE_DIMENSION]: cause } });
  }

  /**
   * Attempts that failed and are repeated. A job that somebody retries after its end is not one of them: it is counted by how it ends again.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricRetried(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'retried', cloudwatch.Stats.SUM, options);
  }

  /**
   * Attempts whose handler asked to be called later.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricDeferred(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'deferred', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that ended as cancelled.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricCancelled(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'cancelled', cloudwatch.Stats.SUM, options);
  }

  /**
   * How long jobs ran, from their first attempt to their end, in milliseconds.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the 90th percentile over 5 minutes
   */
  public metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'duration', 'p90', options);
  }

  /**
   * How long jobs waited for their first attempt, in milliseconds.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the 90th percentile over 5 minutes
   */
  public metricQueueWait(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'queueWait', 'p90', options);
  }

  /**
   * How long a stage took in the attempt that completed it, from when that attempt began with it, in milliseconds.
   *
   * @param stage the name that the handler gave to `job.completeStage()`
   * @param options statistic, period, colour and the like
   * @returns the metric, as the 90th percentile over 5 minutes
   */
  public metricStageDuration(stage: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'stageDuration', 'p90', { ...options, dimensionsMap: { [STAGE_DIMENSION]: stage } });
  }
}
