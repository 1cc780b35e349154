/** CloudWatch namespace of every metric this library emits. */
export const METRICS_NAMESPACE = 'JobWorks';

/** The one dimension of a pipeline's metrics. */
export const PIPELINE_DIMENSION = 'Pipeline';

/** The further dimension of {@link METRIC.stageDuration}. */
export const STAGE_DIMENSION = 'Stage';

/** Names of a pipeline's metrics. */
export const METRIC = {
  submitted: 'JobsSubmitted',
  succeeded: 'JobsSucceeded',
  failed: 'JobsFailed',
  retried: 'JobsRetried',
  deferred: 'JobsDeferred',
  deadLettered: 'JobsDeadLettered',
  duration: 'JobDuration',
  queueWait: 'QueueWait',
  stageDuration: 'StageDuration',
} as const;
