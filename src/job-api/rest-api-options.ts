import type { Size } from 'aws-cdk-lib';
import type { ApiAuthentication } from './api-authentication';
import type { JobApiDomain } from './api-domain';
import type { ApiFirewall } from './api-firewall';
import type { ApiKeyLimits } from './api-key-limits';
import type { JobApiCors } from './cors';
import type { StatusCaching } from './status-caching';
import type { SubmitLimit } from './submit-limit';

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
   * Path at which a job is cancelled, by POST. Holds `{job_id}` as a whole segment.
   *
   * @default '/jobs/{job_id}/cancel'
   */
  readonly cancelPath?: string;

  /**
   * Path at which a job that failed or was cancelled is retried, by POST. Holds `{job_id}` as a whole segment.
   *
   * @default '/jobs/{job_id}/retry'
   */
  readonly retryPath?: string;

  /**
   * Path at which a caller lists its own jobs, by GET.
   *
   * @default '/jobs'
   */
  readonly listPath?: string;

  /**
   * Path at which up to 10 jobs are submitted at once, by POST.
   *
   * @default '/jobs/batch'
   */
  readonly batchPath?: string;

  /**
   * Path at which a caller asks for the address and the fields of an upload, by POST. There is such a route only with a bucket.
   *
   * @default '/uploads'
   */
  readonly uploadPath?: string;

  /**
   * The largest file that may be uploaded, up to 5 GiB. S3 refuses a larger one.
   *
   * @default Size.mebibytes(100)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
   */
  readonly maxUploadSize?: Size;

  /**
   * How many jobs a caller may submit.
   *
   * @default - `SubmitLimit.usagePlan()` with API keys; otherwise only `ratePerSecond` and `burst`, which all callers of a route share
   */
  readonly submitLimit?: SubmitLimit;

  /**
   * What each API key may do beside submitting. Only with `ApiAuthentication.apiKeys()`.
   *
   * @default - with API keys, in a second: 10 statuses, 2 lists, 2 jobs cancelled, 2 retried, 1 upload
   */
  readonly keyLimits?: ApiKeyLimits;

  /**
   * Lets pages of other origins call the API from a browser.
   *
   * @default - no CORS: browsers call it from no other origin
   */
  readonly cors?: JobApiCors;

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
   * Instances, 1 to 1,000, that are kept initialised of each of the functions that submit jobs and tell their status, so that no caller
   * waits for one to start. They are billed by the hour, whether they are used or not.
   *
   * @default - none
   * @see https://aws.amazon.com/lambda/pricing/
   */
  readonly provisionedConcurrency?: number;

  /**
   * A domain name of your own. The API has no other address then.
   *
   * @default - the address that API Gateway makes
   */
  readonly domain?: JobApiDomain;

  /**
   * Name of the stage, which is the first segment of the URL's path, except with a `domain`.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * Requests that each route takes from all callers together, in requests a second; more are answered with 429. 1 to 10,000. API Gateway
   * counts for every route by itself: one that is busy keeps nobody from another.
   *
   * @default 100
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  readonly ratePerSecond?: number;

  /**
   * Requests that each route takes at once, before the rate applies. 1 to 5,000.
   *
   * @default 500
   */
  readonly burst?: number;

  /**
   * Lists that the API makes for all callers together, in requests a second, 1 to `ratePerSecond`. A list reads many records, and so costs
   * more than any other request.
   *
   * @default - a tenth of `ratePerSecond`, at least 1
   */
  readonly listRatePerSecond?: number;

  /**
   * Lists that the API makes at once, before the rate applies. 1 to 5,000.
   *
   * @default - a tenth of `burst`, at least 1
   */
  readonly listBurst?: number;

  /**
   * Whether to give API Gateway the role by which it writes logs. The role is a setting of the account and region; the deployment
   * of any API that logs fails without it. Switch this off where something else in the account already looks after it.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly accountLoggingRole?: boolean;
}
