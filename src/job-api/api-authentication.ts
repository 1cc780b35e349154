import { AUTHENTICATION } from '../runtime/wire/environment';

/** How many requests a caller may make. */
export interface ApiKeyLimits {
  /**
   * Jobs that each key may submit, in requests a second. API Gateway keeps to it on a best-effort basis.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  readonly submitRatePerSecond?: number;

  /**
   * Jobs that each key may submit at once, before the rate applies.
   *
   * @default 10
   */
  readonly submitBurst?: number;

  /**
   * Times that each key may read the status of a job, in requests a second.
   *
   * @default 10
   */
  readonly statusRatePerSecond?: number;

  /**
   * Times that each key may read the status of a job at once, before the rate applies.
   *
   * @default 50
   */
  readonly statusBurst?: number;
}

/** How the callers of a job API are known. Who submitted a job owns it: nobody else sees it. */
export class ApiAuthentication {
  /**
   * Requests are signed with AWS credentials (Signature Version 4). The owner of a job is the caller's account and role (or user).
   *
   * @returns the default
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
   */
  public static iam(): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.iam, {});
  }

  /**
   * Requests carry a key in the `x-api-key` header. The owner of a job is the customer that the key was made for.
   *
   * A key tells customers apart and meters them. It is not a strong credential: it does not expire, and whoever reads it can use it.
   *
   * @param limits what each key is allowed
   * @returns authentication by API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  public static apiKeys(limits: ApiKeyLimits = {}): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.apiKey, limits);
  }

  private constructor(
    /** @internal */
    public readonly _kind: (typeof AUTHENTICATION)[keyof typeof AUTHENTICATION],
    /** @internal */
    public readonly _limits: ApiKeyLimits,
  ) {}
}
