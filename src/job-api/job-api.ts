import type { RestJobApiOptions } from './rest-api-options';

/** The front door of a pipeline: where jobs are submitted, read, cancelled and retried over HTTP. */
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

  /**
   * No API: only what is granted to invoke the pipeline's functions submits and reads jobs.
   *
   * @returns no API
   */
  public static none(): JobApi {
    return new JobApi(undefined);
  }

  private constructor(
    /** @internal */
    public readonly _rest: RestJobApiOptions | undefined,
  ) {}
}
