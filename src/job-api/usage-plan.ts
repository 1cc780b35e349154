import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ApiKeyLimits } from './api-key-limits';
import type { RestJobApiOptions } from './rest-api-options';
import type { RouteName } from './routes';
import type { ExactSubmitLimit } from './submit-limit';

/** What a key may submit where the app says nothing. */
const SUBMIT = { ratePerSecond: 1, burst: 10 };

/** What else a key may do where the app says nothing. */
const DEFAULTS: Required<ApiKeyLimits> = {
  statusRatePerSecond: 10,
  statusBurst: 50,
  listRatePerSecond: 2,
  listBurst: 10,
  changeRatePerSecond: 2,
  changeBurst: 20,
  uploadRatePerSecond: 1,
  uploadBurst: 10,
};

/** The most that API Gateway takes as a burst. */
const MOST_BURST = 5_000;

type Throttle = Required<apigateway.ThrottleSettings>;

/**
 * What every key may do. Submitting is what is limited; every other route has an allowance of its own, so that a caller that
 * watches its jobs does not keep itself from submitting. A batch is up to ten jobs, and has a tenth of the allowance. The plan as a whole
 * allows the sum.
 */
export function usagePlan(
  api: apigateway.RestApi, options: RestJobApiOptions, methods: ReadonlyMap<RouteName, apigateway.Method>,
): apigateway.UsagePlan {
  const allowances = allowancesOf(options);
  const throttle = [...methods].map(([route, method]) => ({ method, throttle: allowances[route] }));
  return api.addUsagePlan('UsagePlan', {
    description: `Customers of ${api.node.path}`,
    throttle: {
      rateLimit: sum(throttle.map((one) => one.throttle.rateLimit)),
      burstLimit: sum(throttle.map((one) => one.throttle.burstLimit)),
    },
    apiStages: [{ stage: api.deploymentStage, throttle }],
  });
}

function allowancesOf({ keyLimits = {}, submitLimit }: RestJobApiOptions): Record<RouteName, Throttle> {
  const limits = { ...DEFAULTS, ...defined(keyLimits) };
  const change = { rateLimit: limits.changeRatePerSecond, burstLimit: limits.changeBurst };
  return {
    ...submissions(submitLimit),
    list: { rateLimit: limits.listRatePerSecond, burstLimit: limits.listBurst },
    status: { rateLimit: limits.statusRatePerSecond, burstLimit: limits.statusBurst },
    cancel: change,
    retry: change,
    uploads: { rateLimit: limits.uploadRatePerSecond, burstLimit: limits.uploadBurst },
  };
}

function submissions(limit: RestJobApiOptions['submitLimit']): Record<'submit' | 'batch', Throttle> {
  if (limit?._exact) {
    const counted = leavingToTheCounter(limit._exact);
    return { submit: counted, batch: counted };
  }
  const { ratePerSecond = SUBMIT.ratePerSecond, burst = SUBMIT.burst } = limit?._usagePlan ?? {};
  return {
    submit: { rateLimit: ratePerSecond, burstLimit: burst },
    batch: { rateLimit: ratePerSecond / 10, burstLimit: Math.max(1, Math.floor(burst / 10)) },
  };
}

/** Never less than the counter lets through, also all at once and across the turn of a minute. */
function leavingToTheCounter({ perMinute, burst }: Required<ExactSubmitLimit>): Throttle {
  const most = 2 * (perMinute + burst);
  return { rateLimit: Math.max(10, Math.ceil(most / 60)), burstLimit: Math.min(MOST_BURST, most) };
}

/** From other languages than TypeScript what is not given may come as undefined. */
function defined(limits: ApiKeyLimits): ApiKeyLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
