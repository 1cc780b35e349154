import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { checkMetric } from './metric-rules';
import type { Environment } from '../store/settings';
import { CAUSE_DIMENSION, type GIVEN_UP_CAUSE, METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION, STAGE_DIMENSION, VERSION_DIMENSION } from '../wire/metrics';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** Each name of a stage is a metric of its own and billed as one, so a name with an id in it must not make thousands. */
const MOST_STAGES = 50;

/** Why the system gave a job up. */
export type Cause = (typeof GIVEN_UP_CAUSE)[keyof typeof GIVEN_UP_CAUSE];

/** Where metrics are counted. */
export type Counting = Pick<PipelineMetrics, 'count' | 'gaveUp' | 'milliseconds' | 'custom' | 'stage' | 'versionFailed' | 'publish'>;

/** The metrics of a pipeline, written as log lines in the embedded metric format. */
export class PipelineMetrics {
  private readonly metrics: Metrics;
  private readonly stageMetrics: Metrics;
  private readonly causeMetrics: Metrics;
  private readonly versionMetrics: Metrics;
  private readonly stages = new Set<string>();
  private readonly causes = new Map<Cause, number>();
  private readonly version: string | undefined;
  private versionFailures = 0;

  constructor(pipeline: string, environment: Environment = process.env) {
    this.version = versionIn(environment);
    this.versionMetrics = metricsOf(pipeline);
    this.metrics = metricsOf(pipeline);
    this.stageMetrics = metricsOf(pipeline);
    this.causeMetrics = metricsOf(pipeline);
  }

  count(name: string, value = 1): void {
    this.metrics.addMetric(name, MetricUnit.Count, value);
  }

  /** Counts a job that the system gave up, as one of all and by its cause. */
  gaveUp(cause: Cause): void {
    this.count(METRIC.deadLettered);
    this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1);
  }

  /** Counts a failure of this version of the function, where it is one: a deployment is rolled back for them. */
  versionFailed(): void {
    this.versionFailures += this.version === undefined ? 0 : 1;
  }

  milliseconds(name: string, value: number): void {
    this.metrics.addMetric(name, MetricUnit.Milliseconds, value);
  }

  /** A metric of the user's own. @throws if the name is one of the pipeline's, or name, value or unit are not what CloudWatch takes */
  custom(name: string, value: number, unit: string = MetricUnit.Count): void {
    checkMetric(name, value);
    this.metrics.addMetric(name, unit as Unit, value);
  }

  /**
   * @param job_id stands in the line alone, by which the job with the slowest stage is found
   * @returns whether it was counted: past so many stages no new one is
   */
  stage(name: string, stage: string, ms: number, job_id: string): boolean {
    if (!this.stages.has(stage) && this.stages.size >= MOST_STAGES) {
      return false;
    }
    this.stages.add(stage);
    this.stageMetrics.addDimension(STAGE_DIMENSION, stage);
    this.stageMetrics.addMetadata('job_id', job_id);
    this.stageMetrics.addMetric(name, MetricUnit.Milliseconds, ms);
    this.stageMetrics.publishStoredMetrics();
    return true;
  }

  publish(): void {
    if (this.metrics.hasStoredMetrics()) {
      this.metrics.publishStoredMetrics();
    }
    for (const [cause, jobs] of this.causes) {
      this.causeMetrics.addDimension(CAUSE_DIMENSION, cause);
      this.causeMetrics.addMetric(METRIC.deadLettered, MetricUnit.Count, jobs);
      this.causeMetrics.publishStoredMetrics();
    }
    this.causes.clear();
    if (this.versionFailures > 0) {
      this.versionMetrics.addDimension(VERSION_DIMENSION, this.version!);
      this.versionMetrics.addMetric(METRIC.versionFailures, MetricUnit.Count, this.versionFailures);
      this.versionMetrics.publishStoredMetrics();
      this.versionFailures = 0;
    }
  }
}

/** What Lambda calls the version that runs; none where it is the function as it was changed last. */
function versionIn({ AWS_LAMBDA_FUNCTION_NAME: name, AWS_LAMBDA_FUNCTION_VERSION: version }: Environment): string | undefined {
  return name === undefined || version === undefined || version === '$LATEST' ? undefined : `${name}:${version}`;
}

function metricsOf(pipeline: string): Metrics {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  // without the dimension `service`, which Powertools would add to ours
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [PIPELINE_DIMENSION]: pipeline });
  return metrics;
}
