import type { ApiFirewall } from './api-firewall';
import type { ApiKeyLimits } from './api-key-limits';
import type { JobApiOptions } from './job-api-options';
import type { StatusCaching } from './status-caching';

/** Options of a REST API for jobs. */
export interface RestJobApiOptions extends JobApiOptions {
  /**
   * What each API key may do beside submitting. Only with `ApiAuthentication.apiKeys()`.
   *
   * @default - with API keys, in a second: 10 statuses, 2 lists, 2 jobs cancelled, 2 retried, 1 upload
   */
  readonly keyLimits?: ApiKeyLimits;

  /**
   * What refuses requests before they reach the API. The default is billed at 9 USD a month, and from 0.60 USD for a million requests.
   *
   * @default - `ApiFirewall.managed()`; `ApiFirewall.none()` with `EnvironmentProfile.dev()`
   * @see https://aws.amazon.com/waf/pricing/
   */
  readonly firewall?: ApiFirewall;

  /**
   * Answers repeated requests for the status of a job from a cache of API Gateway, which is billed by the hour, whether it is used or not.
   * Not with `ApiAuthentication.iam()`.
   *
   * @default - no cache: every status is read from the record
   */
  readonly statusCaching?: StatusCaching;

  /**
   * Name of the stage, which is the first segment of the URL's path, except with a `domain`.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * Whether to give API Gateway the role by which it writes logs. The role is a setting of the account and region; the deployment
   * of any API that logs fails without it. Switch this off where something else in the account already looks after it.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly accountLoggingRole?: boolean;
}
