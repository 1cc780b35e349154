import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { authenticationOf, credentialHeader } from './authorization';
import type { RestJobApiOptions } from './rest-api-options';
import { DEFAULT_PATHS } from './routes';

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
 * Answers are kept for each job and caller, and encrypted. A status may be as old as `ttl`, as may be the answer that there is no such job or
 * that something went wrong for a moment, since API Gateway keeps errors as well, and the `X-Correlation-Id` that comes with it. A caller
 * cannot go round the cache: `Cache-Control: max-age=0` needs the IAM permission
 * `execute-api:InvalidateCache`, and is passed over without it.
 *
 * @see https://aws.amazon.com/api-gateway/pricing/
 */
export interface StatusCaching {
  /**
   * How long an answer is given again, 1 second to 1 minute.
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

/**
 * The stage's part of a cache: only the status is cached. Settings of a method take the place of the stage's, so they are all said again.
 *
 * Who may renew an entry is no property of CloudFormation; API Gateway's default is to ask for the permission.
 */
export function cacheOptions(options: RestJobApiOptions, stage: apigateway.MethodDeploymentOptions): apigateway.StageOptions {
  const { statusCaching: caching } = options;
  if (!caching) {
    return {};
  }
  return {
    cacheClusterEnabled: true,
    cacheClusterSize: caching.size ?? StatusCacheSize.GB_0_5,
    cachingEnabled: false,
    methodOptions: {
      [`${options.statusPath ?? DEFAULT_PATHS.status}/GET`]: {
        ...stage,
        cachingEnabled: true,
        cacheDataEncrypted: true,
        cacheTtl: caching.ttl ?? Duration.seconds(5),
      },
    },
  };
}

/**
 * The parts of a request for a status by which its answer is cached, and whether each must be there. The caller must: an answer that was kept
 * without one would be anybody's.
 */
export function cacheKey(options: RestJobApiOptions): Record<string, boolean> {
  if (!options.statusCaching) {
    return {};
  }
  const credential = credentialHeader(authenticationOf(options));
  return {
    'method.request.path.job_id': true,
    ...(credential && { [`method.request.header.${credential}`]: true }),
    // the answer names the origin that asked
    ...((options.cors?.allowOrigins.length ?? 0) > 1 && { 'method.request.header.Origin': false }),
  };
}
