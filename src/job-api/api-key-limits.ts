/**
 * What each API key may do beside submitting, which `submitLimit` says. API Gateway keeps to it on a best-effort basis.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export interface ApiKeyLimits {
  /**
   * Times that each key may read the status of a job, in requests a second, 1 to 10,000.
   *
   * @default 10
   */
  readonly statusRatePerSecond?: number;

  /**
   * Times that each key may read the status of a job at once, before the rate applies, 1 to 5,000.
   *
   * @default 50
   */
  readonly statusBurst?: number;

  /**
   * Times that each key may list its jobs, in requests a second, 1 to 10,000.
   *
   * @default 2
   */
  readonly listRatePerSecond?: number;

  /**
   * Times that each key may list its jobs at once, before the rate applies, 1 to 5,000.
   *
   * @default 10
   */
  readonly listBurst?: number;

  /**
   * Times that each key may cancel a job, and as often retry one, in requests a second, 1 to 10,000.
   *
   * @default 2
   */
  readonly changeRatePerSecond?: number;

  /**
   * Times that each key may cancel a job at once, and as often retry one, before the rate applies, 1 to 5,000.
   *
   * @default 20
   */
  readonly changeBurst?: number;

  /**
   * Uploads that each key may ask for, in requests a second, 1 to 10,000.
   *
   * @default 1
   */
  readonly uploadRatePerSecond?: number;

  /**
   * Uploads that each key may ask for at once, before the rate applies, 1 to 5,000.
   *
   * @default 10
   */
  readonly uploadBurst?: number;
}
