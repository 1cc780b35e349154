/** CloudWatch namespace of every metric this library emits. */
export const METRICS_NAMESPACE = 'JobWorks';

/** The one dimension of a pipeline's metrics. */
export const PIPELINE_DIMENSION = 'Pipeline';

/** The further dimension of {@link METRIC.stageDuration}. */
export const STAGE_DIMENSION = 'Stage';

/** The further dimension of {@link METRIC.deadLettered}, which is counted without it as well. */
export const CAUSE_DIMENSION = 'Cause';

/** Values of {@link CAUSE_DIMENSION}: why the system gave a job up. */
export const GIVEN_UP_CAUSE = {
  /** The last attempt failed or was lost. */
  attempts: 'attempts',
  /** The queue delivered the message as often as it may. */
  fuse: 'fuse',
  deadline: 'deadline',
} as const;

/** The further dimension of {@link METRIC.versionFailures}: `{name of the function}:{version}`. */
export const VERSION_DIMENSION = 'Version';

/** Names of a pipeline's metrics. */
export const METRIC = {
  submitted: 'JobsSubmitted',
  succeeded: 'JobsSucceeded',
  /** For whatever reason; those the system gave up are counted as {@link METRIC.deadLettered}, too. */
  failed: 'JobsFailed',
  /** Whoever saw it end so: the function that cancels while it is queued, afterwards mostly the worker. */
  cancelled: 'JobsCancelled',
  /** Attempts after which another one follows, because of an error or a crash. */
  retried: 'JobsRetried',
  /** Attempts whose handler asked to be called later. */
  deferred: 'JobsDeferred',
  /** Jobs the system gave up: attempts used up, the queue's fuse, or the deadline passed. */
  deadLettered: 'JobsDeadLettered',
  /** From a job's first attempt to its end, with the waits between its attempts; milliseconds. */
  duration: 'JobDuration',
  /** From a job's submission to its first attempt; milliseconds. */
  queueWait: 'QueueWait',
  /** Milliseconds. */
  stageDuration: 'StageDuration',
  /** Attempts that failed, and requests that were answered with a 5xx, by a version of a function; not counted where no version is deployed. */
  versionFailures: 'VersionFailures',
} as const;
