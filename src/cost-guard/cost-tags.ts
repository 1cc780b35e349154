import { Tags, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PropRules } from '../internal/prop-rules';
import { TEXT, type KindsOf } from '../internal/value-kinds';

/** By what the bill is divided. Each is a tag of the same name on everything in a scope that can have tags. */
export interface CostTags {
  /**
   * What all of it is together, such as `drawings`.
   *
   * @default - not tagged
   */
  readonly system?: string;

  /**
   * Such as `prod`.
   *
   * @default - not tagged
   */
  readonly environment?: string;

  /**
   * Which part of the system, such as `worker` or `database`.
   *
   * @default - not tagged
   */
  readonly service?: string;
}

/** Both in one: budgets and monitors ask for one tag, and would take several for alternatives. */
export const SYSTEM_ENVIRONMENT = 'system-environment';

export const TAG_KINDS: KindsOf<CostTags> = { system: TEXT, environment: TEXT, service: TEXT };

/** To change a tag of these replaces them, and with them what they have learned of the cost. */
const NOT_TAGGED = ['AWS::CE::AnomalyMonitor', 'AWS::CE::AnomalySubscription'];

/** What the services of AWS agree on in the values of tags. */
const VALUE = /^(?! )[\p{L}\p{N} _.:/=+@-]{1,256}(?<! )$/u;

/** Puts tags on everything in a scope, also on what is created later. A scope within that has its own wins. */
export function tagCosts(scope: IConstruct, { system, environment, service }: CostTags): void {
  const both = system !== undefined && environment !== undefined ? scopeTag(system, environment) : undefined;
  for (const [name, value] of Object.entries({ system, environment, service, [SYSTEM_ENVIRONMENT]: both })) {
    if (value !== undefined) {
      Tags.of(scope).add(name, value, { excludeResourceTypes: NOT_TAGGED });
    }
  }
}

/** The value of the tag that is both. */
export function scopeTag(system: string, environment: string): string {
  return `${system}-${environment}`;
}

/** What can be wrong with the value of a tag. */
export function checkTag(rules: PropRules, prop: string, value: string | undefined): void {
  rules.check(value === undefined || Token.isUnresolved(value) || VALUE.test(value), {
    rule: `${prop} must be 1 to 256 letters, digits, spaces and _.:/=+@-, no space at an end: it is the value of a tag`,
    value,
    fix: `write ${prop}: '${/\w+/.exec(value ?? '')?.[0] ?? 'drawings'}'`,
  });
}
