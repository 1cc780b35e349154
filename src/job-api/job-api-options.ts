import type { Size } from 'aws-cdk-lib';
import type { ApiAuthentication } from './api-authentication';
import type { JobApiDomain } from './api-domain';
import type { JobApiCors } from './cors';
import type { SubmitLimit } from './submit-limit';

/** Options of every API for jobs. */
export interface JobApiOptions {
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
   * @default - of an HTTP API `SubmitLimit.exact()`: 60 jobs a minute for each owner. Of a REST API `SubmitLimit.usagePlan()` with API keys;
   * otherwise only `ratePerSecond` and `burst`, which all callers of a route share
   */
  readonly submitLimit?: SubmitLimit;

  /**
   * Lets pages of other origins call the API from a browser.
   *
   * @default - no CORS: browsers call it from no other origin
   */
  readonly cors?: JobApiCors;

  /**
   * Instances, 1 to 1,000, that are kept initialised of each of the functions that submit jobs and tell their status, so that no caller
   * waits for one to start. They are billed by the hour, whether they are used or not.
   *
   * @default - none
   * @see https://aws.amazon.com/lambda/pricing/
   */
  readonly provisionedConcurrency?: number;

  /**
   * How many instances of each of these functions may be kept initialised as more and more of them are used, up to 1,000: more are made while over
   * 70 % of them are busy at once, and fewer, down to `provisionedConcurrency`, after a quarter of an hour with less. While nobody calls at all
   * they stay. A deployment begins with `provisionedConcurrency` again.
   *
   * @default - `provisionedConcurrency`, all the time
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly maxProvisionedConcurrency?: number;

  /**
   * Concurrent invocations of the account that are reserved for each of the functions that submit jobs and tell their status: nothing else in the
   * account can take them, and neither has more. What is beyond them is answered with a 5xx by API Gateway. 1 or more, and at least as many as
   * are kept initialised. There is an alarm at 90 % of them.
   *
   * @default - none: the functions share what the account has left
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;

  /**
   * A domain name of your own. The API has no other address then.
   *
   * @default - the address that API Gateway makes
   */
  readonly domain?: JobApiDomain;

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
}
