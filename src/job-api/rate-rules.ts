import { Token } from 'aws-cdk-lib';
import type { JobApiOptions } from './job-api-options';
import type { RestJobApiOptions } from './rest-api-options';
import { stageRates } from './stage-rates';
import { grouped, known, type PropRules } from '../internal/prop-rules';

/** A limit of one caller, as the app gave it. */
export interface CallerRate {
  /** The option. */
  readonly name: string;
  readonly value: number;
  /** The time that it is for. */
  readonly seconds: 1 | 60;
}

const LISTS = 'api.keyLimits.listRatePerSecond';

/** What one caller may do by the limits that the app gave; what it left open fits. */
export function callerRates(options: JobApiOptions): CallerRate[] {
  const { submitLimit, keyLimits } = options as RestJobApiOptions;
  const { _usagePlan: plan, _exact: exact } = submitLimit ?? {};
  return [
    ...rate('api.submitLimit: ratePerSecond', plan?.ratePerSecond),
    ...rate('api.submitLimit: perMinute', exact?.perMinute, 60),
    ...Object.entries<number | undefined>({ ...keyLimits })
      .filter(([name]) => name.endsWith('RatePerSecond'))
      .flatMap(([name, value]) => rate(`api.keyLimits.${name}`, value)),
  ];
}

/** Limits of one caller that a limit of all would keep it from reaching: then one of the two is not what the app means. */
export function checkRates(rules: PropRules, options: JobApiOptions): void {
  const { each, list } = stageRates(options);
  rules.integer('api.listRatePerSecond', options.listRatePerSecond, 1, 10_000);
  rules.integer('api.listBurst', options.listBurst, 1, 5_000);
  checkBelow(rules, rate('api.listRatePerSecond', options.listRatePerSecond), 'api.ratePerSecond', each.ratePerSecond);
  const rates = callerRates(options);
  checkBelow(rules, rates.filter(({ name }) => name !== LISTS), 'api.ratePerSecond', each.ratePerSecond);
  checkBelow(rules, rates.filter(({ name }) => name === LISTS), 'api.listRatePerSecond', list.ratePerSecond);
}

function rate(name: string, given: number | undefined, seconds: CallerRate['seconds'] = 1): CallerRate[] {
  const value = known(given);
  return value === undefined ? [] : [{ name, value, seconds }];
}

function checkBelow(rules: PropRules, rates: readonly CallerRate[], other: string, most: number): void {
  for (const { name, value, seconds } of rates) {
    if (Token.isUnresolved(most) || value / seconds <= most) {
      continue;
    }
    rules.check(false, {
      rule: `${name}${seconds === 1 ? '' : ', in a second,'} must not be above ${other}, which all callers of a route share (${grouped(most)})`,
      value: Math.ceil(value / seconds),
      fix: `lower it, or raise ${other}`,
    });
  }
}
