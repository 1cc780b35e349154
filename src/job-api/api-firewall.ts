import { checkNoArguments } from '../internal/arguments';

/** How a firewall of the library's own is made. */
export interface ManagedFirewallOptions {
  /**
   * Requests that one IP address may make in five minutes, 10 to 2,000,000,000. AWS WAF counts every few seconds: some more may come through.
   * Callers behind one address share it, whatever each of them is allowed; where the limit of one caller is above it there is a warning,
   * `cdk-jobworks:api.limitAboveFirewall`.
   *
   * @default 10000
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
   */
  readonly requestsPerFiveMinutes?: number;

  /**
   * Rules of `AWSManagedRulesCommonRuleSet` that only count, since they would block payloads that are fine, such as `GenericRFI_BODY`
   * where payloads hold URLs with IP addresses. `SizeRestrictions_BODY` always only counts: it would block payloads over 8 KB.
   *
   * @default - `SizeRestrictions_BODY` alone
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
   */
  readonly countedRules?: string[];
}

/**
 * What refuses requests before they reach an API: a web ACL of AWS WAF. What it refuses is answered with 403, in the format of every error.
 *
 * @example
 * JobApi.rest({ firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 500 }) });
 */
export class ApiFirewall {
  /**
   * A web ACL of the API's own: AWS's managed rules against common attacks, known bad inputs and addresses of ill repute, and a limit for
   * each IP address. What it blocked and counted is logged, without credentials and queries. Requests without a `User-Agent` are among
   * what is blocked.
   *
   * Billed at 5 USD a month, 1 USD a month for each of its 4 rules, and from 0.60 USD for a million requests; more for those with bodies over 16 KB.
   *
   * @param options the limit, and rules that only count
   * @returns the default, except with `EnvironmentProfile.dev()`
   * @see https://aws.amazon.com/waf/pricing/
   */
  public static managed(options: ManagedFirewallOptions = {}): ApiFirewall {
    return new ApiFirewall(options, undefined);
  }

  /**
   * A web ACL that exists.
   *
   * @param arn its ARN; of scope REGIONAL, in the account and region of the API
   * @returns the web ACL
   */
  public static webAcl(arn: string): ApiFirewall {
    return new ApiFirewall(undefined, arn);
  }

  /**
   * No web ACL.
   *
   * @returns the default with `EnvironmentProfile.dev()`
   */
  public static none(): ApiFirewall {
    checkNoArguments('ApiFirewall.none()', arguments, 'options are those of ApiFirewall.managed({ … })');
    return new ApiFirewall(undefined, undefined);
  }

  private constructor(
    /** @internal */
    public readonly _managed: ManagedFirewallOptions | undefined,
    /** @internal */
    public readonly _webAclArn: string | undefined,
  ) {}
}
