import type { HttpJobApiOptions } from './http/http-api-options';
import type { RestJobApiOptions } from './rest-api-options';
import { checkNoArguments } from '../internal/arguments';

/** The front door of a pipeline: where jobs are submitted, read, cancelled and retried over HTTP. */
export class JobApi {
  /**
   * An API Gateway REST API: with a web application firewall, usage plans for API keys, a cache, and one format of errors everywhere.
   *
   * @param options paths, authentication and limits
   * @returns the API
   */
  public static rest(options: RestJobApiOptions = {}): JobApi {
    return new JobApi(options, undefined);
  }

  /**
   * An API Gateway HTTP API: at less than a third of the price of a REST API for each request, with tokens of any issuer, and with API keys of
   * any number of customers. It has no firewall, no cache and no usage plans, and what API Gateway itself refuses (401, 403, 429, 5xx) is
   * answered in AWS's own format.
   *
   * @param options paths, authentication and limits
   * @returns the API
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
   *
   * @example
   * JobApi.http({
   *   authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs'] }),
   * });
   */
  public static http(options: HttpJobApiOptions = {}): JobApi {
    return new JobApi(undefined, options);
  }

  /**
   * No API: only what is granted to invoke the pipeline's functions submits and reads jobs.
   *
   * @returns no API
   */
  public static none(): JobApi {
    checkNoArguments('JobApi.none()', arguments, 'options are those of JobApi.rest({ … }) and JobApi.http({ … })');
    return new JobApi(undefined, undefined);
  }

  private constructor(
    /** @internal */
    public readonly _rest: RestJobApiOptions | undefined,
    /** @internal */
    public readonly _http: HttpJobApiOptions | undefined,
  ) {}
}
