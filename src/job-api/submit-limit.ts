/** How many jobs an owner may submit, counted exactly. */
export interface ExactSubmitLimit {
  /**
   * Jobs in a minute of the clock, 1 to 100,000; each job of a batch counts.
   *
   * @default 60
   */
  readonly perMinute?: number;

  /**
   * So many more in any one minute, 0 to 100,000.
   *
   * @default 0
   */
  readonly burst?: number;
}

/**
 * How many jobs a caller may submit. More are answered with 429 and `Retry-After`.
 *
 * @example
 * JobApi.rest({ submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }) });
 */
export class SubmitLimit {
  /**
   * The usage plan of the API keys: rate and burst are those of `ApiAuthentication.apiKeys()`, 1 a second and 10 at once unless given.
   * Batches have an allowance of their own, a tenth of it. API Gateway keeps to it on a best-effort basis, at no cost. Needs API keys.
   *
   * @returns the default with API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  public static usagePlan(): SubmitLimit {
    return new SubmitLimit(undefined);
  }

  /**
   * A count that is exact, kept for each owner and each minute of the clock by the function that accepts jobs: one more write to the table
   * for each request. Across the turn of a minute twice as many may be submitted in a row. Works with every way of authentication; with
   * `ApiAuthentication.none()` all callers are one owner and share it.
   *
   * @param limit how many
   * @returns the limit
   */
  public static exact(limit: ExactSubmitLimit = {}): SubmitLimit {
    return new SubmitLimit({ perMinute: limit.perMinute ?? 60, burst: limit.burst ?? 0 });
  }

  private constructor(
    /** @internal */
    public readonly _exact: Required<ExactSubmitLimit> | undefined,
  ) {}
}
