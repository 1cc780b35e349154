import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { checkMetric } from './metric-rules';
import { METRICS_NAMESPACE, PIPELINE_DIMENSION, STAGE_DIMENSION } from '../wire/metrics';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** Each name of a stage is a metric of its own and billed as one, so a name with an id in it must not make thousands. */
const MOST_STAGES = 50;

/** Where metrics are counted. */
export type Counting = Pick<PipelineMetrics, 'count' | 'milliseconds' | 'custom' | 'stage' | 'publish'>;

/** The metrics of a pipeline, written as log lines in the embedded metric format. */
export class PipelineMetrics {
  private readonly metrics: Metrics;
  private readonly stageMetrics: Metrics;
  private readonly stages = new Set<string>();

  constructor(pipeline: string) {
    this.metrics = metricsOf(pipeline);
    this.stageMetrics = metricsOf(pipeline);
  }

  count(name: string, value = 1): void {
    this.metrics.addMetric(name, MetricUnit.Count, value);
  }

  milliseconds(name: string, value: number): void {
    this.metrics.addMetric(name, MetricUnit.Milliseconds, value);
  }

  /** A metric of the user's own. @throws if the name is one of the pipeline's, or name, value or unit are not what CloudWatch takes */
  custom(name: string, value: number, unit: string = MetricUnit.Count): void {
    checkMetric(name, value);
    this.metrics.addMetric(name, unit as Unit, value);
  }

  /** @returns whether it was counted: past so many stages no new one is */
  stage(name: string, stage: string, ms: number): boolean {
    if (!this.stages.has(stage) && this.stages.size >= MOST_STAGES) {
      return false;
    }
    this.stages.add(stage);
    this.stageMetrics.addDimension(STAGE_DIMENSION, stage);
    this.stageMetrics.addMetric(name, MetricUnit.Milliseconds, ms);
    this.stageMetrics.publishStoredMetrics();
    return true;
  }

  publish(): void {
    if (this.metrics.hasStoredMetrics()) {
      this.metrics.publishStoredMetrics();
    }
  }
}

function metricsOf(pipeline: string): Metrics {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  // without the dimension `service`, which Powertools would add to ours
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [PIPELINE_DIMENSION]: pipeline });
  return metrics;
}
