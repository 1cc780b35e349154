import type * as cognito from 'aws-cdk-lib/aws-cognito';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** How many requests a caller may make. */
export interface ApiKeyLimits {
  /**
   * Jobs that each key may submit one by one, in requests a second, and as many again in batches, of which it may submit a tenth as many: so
   * twice as many jobs in all. API Gateway keeps to it on a best-effort basis.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  readonly submitRatePerSecond?: number;

  /**
   * Jobs that each key may submit at once, before the rate applies, and a tenth as many batches, at least one.
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

  /**
   * Times that each key may list its jobs, in requests a second.
   *
   * @default 2
   */
  readonly listRatePerSecond?: number;

  /**
   * Times that each key may list its jobs at once, before the rate applies.
   *
   * @default 10
   */
  readonly listBurst?: number;

  /**
   * Times that each key may cancel a job, and as often retry one, in requests a second.
   *
   * @default 2
   */
  readonly changeRatePerSecond?: number;

  /**
   * Times that each key may cancel a job at once, and as often retry one, before the rate applies.
   *
   * @default 20
   */
  readonly changeBurst?: number;

  /**
   * Uploads that each key may ask for, in requests a second.
   *
   * @default 1
   */
  readonly uploadRatePerSecond?: number;

  /**
   * Uploads that each key may ask for at once, before the rate applies.
   *
   * @default 10
   */
  readonly uploadBurst?: number;
}

/** Which tokens of a Cognito user pool are taken. */
export interface CognitoOptions {
  /**
   * Scopes of which a token must have one, such as `https://jobs.example.com/submit`. With scopes callers send access tokens, without
   * them ID tokens.
   *
   * @default - none: callers send ID tokens
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
   */
  readonly scopes?: string[];
}

/**
 * How the callers of a job API are known. Who submitted a job owns it: nobody else sees it.
 *
 * @example
 * declare const userPool: cognito.UserPool;
 *
 * JobApi.rest({ authentication: ApiAuthentication.cognito([userPool]) });
 */
export class ApiAuthentication {
  /**
   * Requests are signed with AWS credentials (Signature Version 4). The owner of a job is the caller's account and role (or user).
   *
   * @returns the default
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
   */
  public static iam(): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.iam);
  }

  /**
   * Requests carry a key in the `x-api-key` header. The owner of a job is the customer that the key was made for.
   *
   * By default a key may submit 1 job a second and 1 batch of up to 10 every ten seconds, so 2 jobs a second in all; and read 10 statuses,
   * list twice, cancel and retry 2 jobs each and ask for 1 upload a second.
   *
   * A key tells customers apart and meters them. It is not a strong credential: it does not expire, and whoever reads it can use it.
   *
   * @param limits what each key is allowed
   * @returns authentication by API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  public static apiKeys(limits: ApiKeyLimits = {}): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.apiKey, { limits });
  }

  /**
   * Requests carry a token of a Cognito user pool in the `Authorization` header. The owner of a job is the user, by the pool and the `sub` of
   * the token (or the app client that got the token for itself); records and logs hold a hash of them. A user who is deleted and made anew is
   * another owner.
   *
   * @param userPools the pools, one or more, whose users may call the API
   * @param options which tokens are taken
   * @returns authentication by Cognito
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
   */
  public static cognito(userPools: cognito.IUserPool[], options: CognitoOptions = {}): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.cognito, { userPools, scopes: options.scopes });
  }

  /**
   * Requests carry nothing: whoever reaches the API may use it. All callers are one owner, so that everybody sees, lists, cancels and
   * retries the jobs of everybody. For an API that only trusted networks reach (behind a web ACL of yours, say), or for trying things out.
   *
   * @returns no authentication
   */
  public static none(): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.none);
  }

  /** @internal */
  public readonly _limits: ApiKeyLimits;
  /** @internal */
  public readonly _userPools: cognito.IUserPool[];
  /** @internal */
  public readonly _scopes: string[] | undefined;

  private constructor(
    /** @internal */
    public readonly _kind: (typeof AUTHENTICATION)[keyof typeof AUTHENTICATION],
    given: { readonly limits?: ApiKeyLimits; readonly userPools?: cognito.IUserPool[]; readonly scopes?: string[] } = {},
  ) {
    this._limits = given.limits ?? {};
    this._userPools = given.userPools ?? [];
    this._scopes = given.scopes;
  }
}
