/** How many jobs each API key may submit, by a usage plan of API Gateway. */
export interface UsagePlanSubmitLimit {
  /**
   * Jobs that each key may submit one by one, in requests a second, 1 to 10,000; and as many again in batches, of which it may submit a tenth
   * as many: so twice as many jobs in all.
   *
   * @default 1
   */
  readonly ratePerSecond?: number;

  /**
   * Jobs that each key may submit at once, before the rate applies, 1 to 5,000; and a tenth as many batches, at least one.
   *
   * @default 10
   */
  readonly burst?: number;
}

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
   * The usage plan of the API keys. API Gateway keeps to it on a best-effort basis, at no cost. Needs API keys.
   *
   * By default a key may submit 1 job a second and 1 batch of up to 10 every ten seconds, so 2 jobs a second in all; and 10 at once.
   *
   * @param limit how many
   * @returns the default with API keys
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
   */
  public static usagePlan(limit: UsagePlanSubmitLimit = {}): SubmitLimit {
    return new SubmitLimit(limit, undefined);
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
    return new SubmitLimit(undefined, limit);
  }

  private constructor(
    /** @internal */
    public readonly _usagePlan: UsagePlanSubmitLimit | undefined,
    /** @internal */
    public readonly _exactGiven: ExactSubmitLimit | undefined,
  ) {}

  /** @internal */
  public get _exact(): Required<ExactSubmitLimit> | undefined {
    return this._exactGiven && { perMinute: this._exactGiven.perMinute ?? 60, burst: this._exactGiven.burst ?? 0 };
  }
}
