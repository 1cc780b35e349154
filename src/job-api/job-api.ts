import type { ApiAuthentication } from './api-authentication';

/** Options of a REST API for jobs. */
export interface RestJobApiOptions {
  /**
   * How callers are known.
   *
   * @default - `ApiAuthentication.iam()`
   */
  readonly authentication?: ApiAuthentication;

  /**
   * Path at which jobs are submitted, by POST.
   *
   * @default '/jobs'
   */
  readonly submitPath?: string;

  /**
   * Path at which the status of a job is read, by GET. Holds `{job_id}` as a whole segment.
   *
   * @default '/jobs/{job_id}'
   */
  readonly statusPath?: string;

  /**
   * Name of the stage, which is the first segment of the URL's path.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * Requests that the API takes from all callers together, in requests a second; more are answered with 429. 1 to 10,000.
   *
   * @default 100
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  readonly ratePerSecond?: number;

  /**
   * Requests that the API takes at once, before the rate applies. 1 to 5,000.
   *
   * @default 500
   */
  readonly burst?: number;

  /**
   * Whether to give API Gateway the role by which it writes logs. The role is a setting of the account and region; the deployment
   * of any API that logs fails without it. Switch this off where something else in the account already looks after it.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly accountLoggingRole?: boolean;
}

/** The front door of a pipeline: where jobs are submitted and their status is read over HTTP. */
export class JobApi {
  /**
   * An API Gateway REST API.
   *
   * @param options paths, authentication and limits
   * @returns the API
   */
  public static rest(options: RestJobApiOptions = {}): JobApi {
    return new JobApi(options);
  }

  private constructor(
    /** @internal */
    public readonly _rest: RestJobApiOptions,
  ) {}
}
