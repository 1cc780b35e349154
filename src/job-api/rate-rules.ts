import { Token } from 'aws-cdk-lib';
import type { ApiFirewall } from './api-firewall';
import { authenticationOf } from './authorization';
import { addressLimit } from './firewall';
import type { RestJobApiOptions } from './rest-api-options';
import { stageRates } from './stage-rates';
import type { PropRules } from '../internal/prop-rules';

/** Limits of one caller that other limits would keep it from reaching: then one of the two is not what the app means. */
export function checkRates(rules: PropRules, options: RestJobApiOptions, firewall: ApiFirewall): void {
  const { each, list } = stageRates(options);
  rules.integer('api.listRatePerSecond', options.listRatePerSecond, 1, 10_000);
  rules.integer('api.listBurst', options.listBurst, 1, 5_000);
  const limits = { ratePerSecond: each.ratePerSecond, perFiveMinutes: addressLimit(firewall) };
  checkBelow(rules, 'api.listRatePerSecond', options.listRatePerSecond, STAGE, limits.ratePerSecond);
  const { _limits: allowances } = authenticationOf(options);
  for (const [name, value] of Object.entries(allowances) as [string, number | undefined][]) {
    if (name.endsWith('RatePerSecond')) {
      if (name === 'listRatePerSecond') {
        checkBelow(rules, `api.authentication: ${name}`, value, LISTS, list.ratePerSecond);
      } else {
        checkBelow(rules, `api.authentication: ${name}`, value, STAGE, limits.ratePerSecond);
      }
      checkBelow(rules, `api.authentication: ${name}, in five minutes,`, times(value, 300), FIREWALL, limits.perFiveMinutes);
    }
  }
  const perMinute = options.submitLimit?._exact?.perMinute;
  checkBelow(rules, 'api.submitLimit: perMinute, in a second,', times(perMinute, 1 / 60), STAGE, limits.ratePerSecond);
  checkBelow(rules, 'api.submitLimit: perMinute, in five minutes,', times(perMinute, 5), FIREWALL, limits.perFiveMinutes);
}

const STAGE = 'api.ratePerSecond, which all callers of a route share';
const LISTS = 'api.listRatePerSecond, which all callers of a route share';
const FIREWALL = 'api.firewall: requestsPerFiveMinutes, which each IP address has';

function checkBelow(rules: PropRules, name: string, value: number | undefined, other: string, most: number | undefined): void {
  rules.check(value === undefined || most === undefined || Token.isUnresolved(value) || Token.isUnresolved(most) || value <= most, {
    rule: `${name} must not be above ${other} (${most?.toLocaleString('en-US')})`,
    value,
    fix: `lower it, or raise ${other.split(',')[0]}`,
  });
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : Math.ceil(value * factor);
}
