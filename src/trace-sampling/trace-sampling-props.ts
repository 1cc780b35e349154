import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { JobProcessingPipeline } from '../job-processing-pipeline/job-processing-pipeline';

/** Which traces are recorded. */
export interface TraceSamplingProps {
  /** The pipelines, 1 to 25: an account has so many rules and groups of X-Ray in a region. */
  readonly pipelines: JobProcessingPipeline[];

  /**
   * The share of the requests of each REST API that are traced, in percent: 0 to 100. What comes of a request, up to the end of its job, is traced
   * where the request is.
   *
   * Requests of an HTTP API, and jobs that functions submit, are not judged by this: where nobody has decided yet, Lambda traces one call a second of
   * each function and 5 % of the others.
   *
   * @default - from the profile: 100 in dev, 25 in staging, 5 in prod
   */
  readonly percent?: number;

  /**
   * How many requests a second of each REST API are traced in any case: 0 or more, a whole number.
   *
   * @default 1
   */
  readonly perSecond?: number;

  /**
   * Whether X-Ray looks for failures and slowness in the traces of each pipeline by itself, and keeps them for longer. Billed by trace.
   *
   * @default false
   * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-console-insights.html
   */
  readonly insights?: boolean;

  /**
   * The environment that the share is for.
   *
   * @default - that of the construct around it, or EnvironmentProfile.prod()
   */
  readonly profile?: EnvironmentProfile;
}
