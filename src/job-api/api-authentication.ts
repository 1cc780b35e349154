import type * as cognito from 'aws-cdk-lib/aws-cognito';
import { AUTHENTICATION } from '../runtime/wire/environment';

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
   * How much a key may submit is said by `submitLimit`, and what else it may do by `keyLimits`.
   *
   * A key tells customers apart and meters them. It is not a strong credential: it does not expire, and whoever reads it can use it.
   *
   * @returns authentication by API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  public static apiKeys(): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.apiKey);
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
    return new ApiAuthentication(AUTHENTICATION.cognito, userPools, options);
  }

  /**
   * Requests carry nothing: whoever reaches the API may use it. All callers are one owner, so that everybody sees, lists, cancels and
   * retries the jobs of everybody. For an API that only trusted networks reach (behind a web ACL of yours, say), or for trying things out.
   * With `EnvironmentProfile.prod()` there is a warning, `cdk-jobworks:api.openInProduction`, to be acknowledged.
   *
   * @returns no authentication
   */
  public static none(): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.none);
  }

  private constructor(
    /** @internal */
    public readonly _kind: (typeof AUTHENTICATION)[keyof typeof AUTHENTICATION],
    /** @internal */
    public readonly _userPools: cognito.IUserPool[] = [],
    /** @internal */
    public readonly _tokens: CognitoOptions = {},
  ) {}
}
