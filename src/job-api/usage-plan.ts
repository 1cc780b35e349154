import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ApiKeyLimits } from './api-authentication';

/** What a key is allowed where the app says nothing. */
const DEFAULTS = { submitRatePerSecond: 1, submitBurst: 10, statusRatePerSecond: 10, statusBurst: 50 };

/** The methods that a plan limits, each on its own. */
export interface LimitedMethods {
  readonly submit: apigateway.Method;
  readonly status: apigateway.Method;
}

/**
 * What every key may do. Submitting is what is limited; reading the status has an allowance of its own, so that a caller that
 * watches its jobs does not keep itself from submitting. The plan as a whole allows the sum.
 */
export function usagePlan(api: apigateway.RestApi, limits: ApiKeyLimits, methods: LimitedMethods): apigateway.UsagePlan {
  const submit = { rateLimit: limits.submitRatePerSecond ?? DEFAULTS.submitRatePerSecond, burstLimit: limits.submitBurst ?? DEFAULTS.submitBurst };
  const status = { rateLimit: limits.statusRatePerSecond ?? DEFAULTS.statusRatePerSecond, burstLimit: limits.statusBurst ?? DEFAULTS.statusBurst };
  return api.addUsagePlan('UsagePlan', {
    description: `Customers of ${api.node.path}`,
    throttle: { rateLimit: submit.rateLimit + status.rateLimit, burstLimit: submit.burstLimit + status.burstLimit },
    apiStages: [{
      stage: api.deploymentStage,
      throttle: [{ method: methods.submit, throttle: submit }, { method: methods.status, throttle: status }],
    }],
  });
}
