import type { Duration } from 'aws-cdk-lib';
import type { JobApiOptions } from '../job-api-options';

/** Options of an HTTP API for jobs. */
export interface HttpJobApiOptions extends JobApiOptions {
  /**
   * For how long API Gateway goes on taking an API key, or refusing it, without asking again. A key that is revoked is still taken for so long.
   * Up to 5 minutes; with `Duration.seconds(0)` every request is asked for, and a key is refused as soon as it is revoked. Only
   * with `ApiAuthentication.apiKeys()`.
   *
   * @default Duration.minutes(1)
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.caching
   */
  readonly keyCaching?: Duration;
}
