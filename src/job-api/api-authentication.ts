import type * as cognito from 'aws-cdk-lib/aws-cognito';
import { checkNoArguments } from '../internal/arguments';
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

/** Which tokens are taken, and of whom. */
export interface JwtOptions {
  /**
   * Who issues the tokens, as their `iss` says: an address that begins with `https://`, below which `/.well-known/openid-configuration` leads
   * to its public keys. API Gateway asks for it from the internet. Of a Cognito user pool it is `userPool.userPoolProviderUrl`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
   */
  readonly issuer: string;

  /** Whom the tokens are for: one of these is in their `aud` or, where they have none, is their `client_id`. One or more. */
  readonly audience: string[];

  /**
   * Scopes of which a token must have one in its `scope` or `scp`, such as `jobs/submit`.
   *
   * @default - none: every token of the issuer for the audience is taken
   */
  readonly scopes?: string[];
}

/** What callers can be known by. Issued keys are not among them: they are how an HTTP API has API keys. */
export type AuthenticationKind = Exclude<(typeof AUTHENTICATION)[keyof typeof AUTHENTICATION], typeof AUTHENTICATION.issuedKey>;

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
    checkNoArguments('ApiAuthentication.iam()', arguments, 'who may call is said by pipeline.grantExecute(role)');
    return new ApiAuthentication(AUTHENTICATION.iam);
  }

  /**
   * Requests carry a key in the `x-api-key` header. The owner of a job is the customer that the key was made for.
   *
   * - Of a REST API a key is made by `pipeline.addCustomer()`. How much it may submit is said by `submitLimit`, and what else it may do
   *   by `keyLimits`.
   * - Of an HTTP API a key is made by `npx cdk-jobworks keys create`, without a deployment, for any number of customers. It is shown once,
   *   and kept as a hash. Who may make and revoke keys is said by `pipeline.grantManageKeys()`.
   *
   * A key tells customers apart and meters them. It is not a strong credential: it does not expire, and whoever reads it can use it.
   *
   * @returns authentication by API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  public static apiKeys(): ApiAuthentication {
    checkNoArguments('ApiAuthentication.apiKeys()', arguments, 'limits of a key are options of the API, JobApi.rest({ submitLimit, keyLimits }) or JobApi.http({ submitLimit, keyCaching })');
    return new ApiAuthentication(AUTHENTICATION.apiKey);
  }

  /**
   * Requests carry a token of a Cognito user pool in the `Authorization` header. The owner of a job is the user, by the pool and the `sub` of
   * the token (or the app client that got the token for itself); records and logs hold a hash of them. A user who is deleted and made anew is
   * another owner. For a REST API; an HTTP API knows these users by `jwt()`.
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
   * Requests carry a JSON Web Token (OpenID Connect, OAuth 2.0) in the `Authorization` header, signed with RSA. The owner of a job is whom the
   * token is about, by its `iss` and `sub`; records and logs hold a hash of them. For an HTTP API; users of Cognito have it on a REST API
   * by `cognito()`.
   *
   * @param options who issues the tokens, and for whom
   * @returns authentication by tokens of any issuer
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
   */
  public static jwt(options: JwtOptions): ApiAuthentication {
    return new ApiAuthentication(AUTHENTICATION.jwt, undefined, undefined, options);
  }

  /**
   * Requests carry nothing: whoever reaches the API may use it. All callers are one owner, so that everybody sees, lists, cancels and
   * retries the jobs of everybody. For an API that only trusted networks reach (behind a web ACL of yours, say), or for trying things out.
   * With `EnvironmentProfile.prod()` there is a warning, `cdk-jobworks:api.openInProduction`, to be acknowledged.
   *
   * @returns no authentication
   */
  public static none(): ApiAuthentication {
    checkNoArguments('ApiAuthentication.none()', arguments, 'whoever reaches the API may use it, so there is nothing to say of callers');
    return new ApiAuthentication(AUTHENTICATION.none);
  }

  private constructor(
    /** @internal */
    public readonly _kind: AuthenticationKind,
    /** @internal */
    public readonly _userPools: cognito.IUserPool[] = [],
    /** @internal */
    public readonly _tokens: CognitoOptions = {},
    /** @internal */
    public readonly _jwt?: JwtOptions,
  ) {}
}
