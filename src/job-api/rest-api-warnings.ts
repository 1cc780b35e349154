import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ApiFirewall } from './api-firewall';
import { warnOfCallers } from './caller-warnings';
import { addressLimit, defaultFirewall } from './firewall';
import { callerRates, type CallerRate } from './rate-rules';
import type { RestJobApiOptions } from './rest-api-options';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { grouped, known } from '../internal/prop-rules';

const FIVE_MINUTES = 300;

/** Says of an API what may be fine, and often is not. */
export function warnOfRestApi(scope: IConstruct, options: RestJobApiOptions, profile: EnvironmentProfile): void {
  const annotations = Annotations.of(scope);
  warnOfCallers(scope, options, profile);
  const above = aboveFirewall(callerRates(options), options.firewall ?? defaultFirewall(profile));
  if (above.length > 0) {
    annotations.addWarningV2('cdk-jobworks:api.limitAboveFirewall',
      `The firewall answers 403 to a caller with one IP address before it has used its limits: ${above.join('; ')}. `
      + 'Raise requestsPerFiveMinutes of api.firewall, lower the limits, or acknowledge this if such callers have many addresses.');
  }
}

/** The limits of one caller that it cannot use from one address, with the arithmetic. */
function aboveFirewall(rates: readonly CallerRate[], firewall: ApiFirewall): string[] {
  const most = known(addressLimit(firewall));
  return rates.flatMap(({ name, value, seconds }) => {
    const factor = FIVE_MINUTES / seconds;
    return most === undefined || value * factor <= most ? [] : [
      `${name} ${grouped(value)} × ${factor} is ${grouped(value * factor)} requests in five minutes, and an address may make ${grouped(most)} of all kinds`,
    ];
  });
}
