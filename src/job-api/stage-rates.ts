import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { JobApiOptions } from './job-api-options';
import type { RestJobApiOptions } from './rest-api-options';
import { DEFAULT_PATHS } from './routes';

/** What all callers together may do on one route. */
export interface RouteRate {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** What each route lets through, and the route for lists: one list reads many records. */
export function stageRates(options: JobApiOptions): { readonly each: RouteRate; readonly list: RouteRate } {
  const each = { ratePerSecond: options.ratePerSecond ?? 100, burst: options.burst ?? 500 };
  return {
    each,
    list: { ratePerSecond: options.listRatePerSecond ?? tenthOf(each.ratePerSecond), burst: options.listBurst ?? tenthOf(each.burst) },
  };
}

/** The stage's settings for lists. Settings of a method take the place of the stage's, so they are all said again. */
export function listSettings(
  options: RestJobApiOptions, stage: apigateway.MethodDeploymentOptions,
): Record<string, apigateway.MethodDeploymentOptions> {
  const { list } = stageRates(options);
  return {
    [`${options.listPath ?? DEFAULT_PATHS.list}/GET`]: {
      ...stage,
      ...(options.statusCaching && { cachingEnabled: false }),
      throttlingRateLimit: list.ratePerSecond,
      throttlingBurstLimit: list.burst,
    },
  };
}

function tenthOf(number: number): number {
  return Math.max(1, Math.floor(number / 10));
}
