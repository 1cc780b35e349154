import type { Duration } from 'aws-cdk-lib';

/** The memory of an API's cache, in GB. */
export enum StatusCacheSize {
  /** 0.5 GB. */
  GB_0_5 = '0.5',
  /** 1.6 GB. */
  GB_1_6 = '1.6',
  /** 6.1 GB. */
  GB_6_1 = '6.1',
  /** 13.5 GB. */
  GB_13_5 = '13.5',
  /** 28.4 GB. */
  GB_28_4 = '28.4',
  /** 58.2 GB. */
  GB_58_2 = '58.2',
  /** 118 GB. */
  GB_118 = '118',
  /** 237 GB. */
  GB_237 = '237',
}

/**
 * A cache for the status of jobs. It is billed by the hour for its size, from 0.02 USD (0.5 GB) to 3.80 USD (237 GB), whether it is used or not.
 *
 * Answers are kept for each job and caller, and encrypted. A status may be as old as `ttl`, and so may the `X-Correlation-Id` that comes with it.
 *
 * @see https://aws.amazon.com/api-gateway/pricing/
 */
export interface StatusCaching {
  /**
   * How long an answer is given again, 1 second to 1 hour.
   *
   * @default Duration.seconds(5)
   */
  readonly ttl?: Duration;

  /**
   * How much the cache holds.
   *
   * @default StatusCacheSize.GB_0_5
   */
  readonly size?: StatusCacheSize;
}
