import { Duration, Token } from 'aws-cdk-lib';
import type { ApiFirewall } from './api-firewall';
import { authenticationOf } from './authorization';
import type { HttpJobApiOptions } from './http/http-api-options';
import {
  checkCors, checkDomain, checkExactLimit, checkPaths, checkRateAndBurst, checkScopes, checkSizes,
} from './job-api-rules';
import { checkRates } from './rate-rules';
import { REST_API_OPTIONS } from './rest-api-kinds';
import type { RestJobApiOptions } from './rest-api-options';
import type { StatusCaching } from './status-caching';
import type { PropRules } from '../internal/prop-rules';
import { AUTHENTICATION } from '../runtime/wire/environment';

const REGIONAL_WEB_ACL = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/;

/** Everything that the options of a REST API can contradict. */
export function checkRestApi(rules: PropRules, options: RestJobApiOptions | undefined): void {
  if (options === undefined || !rules.kind('api', options, REST_API_OPTIONS)) {
    return; // what is of the wrong kind cannot be judged any further
  }
  checkPaths(rules, options);
  checkStage(rules, options);
  checkAuthentication(rules, options);
  checkSubmitLimit(rules, options);
  checkKeyLimits(rules, options);
  checkRates(rules, options);
  checkCors(rules, options.cors);
  checkFirewall(rules, options.firewall);
  checkCaching(rules, options.statusCaching, kindOf(options));
  checkDomain(rules, options.domain);
  checkSizes(rules, options);
}

function checkStage(rules: PropRules, options: RestJobApiOptions): void {
  const { stageName } = options;
  checkRateAndBurst(rules, options);
  rules.check(stageName === undefined || Token.isUnresolved(stageName) || /^\w{1,128}$/.test(stageName), {
    rule: 'api.stageName must be 1 to 128 letters, digits and underscores',
    value: stageName,
    fix: "give a name such as 'v1'",
  });
}

function checkAuthentication(rules: PropRules, options: RestJobApiOptions): void {
  rules.check(kindOf(options) !== AUTHENTICATION.jwt, {
    rule: 'api.authentication: a REST API knows tokens of Cognito user pools alone',
    value: 'ApiAuthentication.jwt()',
    fix: 'use JobApi.http(), or ApiAuthentication.cognito([userPool])',
  });
  rules.absent({ 'api.keyCaching': (options as HttpJobApiOptions).keyCaching }, 'with JobApi.rest(): API Gateway knows its keys itself', 'use JobApi.http()');
  if (kindOf(options) !== AUTHENTICATION.cognito) {
    return;
  }
  const { _userPools: pools, _tokens: { scopes } } = options.authentication!;
  rules.check(pools.length > 0, { rule: 'api.authentication: cognito() needs a user pool', fix: 'pass ApiAuthentication.cognito([userPool])' });
  checkScopes(rules, scopes, "give scopes such as 'jobs/submit', or leave them out for ID tokens");
}

function checkSubmitLimit(rules: PropRules, options: RestJobApiOptions): void {
  const { _usagePlan: plan } = options.submitLimit ?? {};
  rules.check(plan === undefined || kindOf(options) === AUTHENTICATION.apiKey, {
    rule: 'api.submitLimit: a usage plan counts by API key, and callers have none',
    value: 'SubmitLimit.usagePlan()',
    fix: 'use SubmitLimit.exact(), or ApiAuthentication.apiKeys()',
  });
  rules.integer('api.submitLimit: ratePerSecond', plan?.ratePerSecond, 1, 10_000);
  rules.integer('api.submitLimit: burst', plan?.burst, 1, 5_000);
  checkExactLimit(rules, options);
}

function checkKeyLimits(rules: PropRules, options: RestJobApiOptions): void {
  const { keyLimits } = options;
  if (kindOf(options) !== AUTHENTICATION.apiKey) {
    rules.absent({ 'api.keyLimits': keyLimits }, 'without API keys: callers have none', 'use ApiAuthentication.apiKeys()');
  }
  for (const [name, value] of Object.entries<number | undefined>({ ...keyLimits })) {
    rules.integer(`api.keyLimits.${name}`, value, 1, name.endsWith('Burst') ? 5_000 : 10_000);
  }
}

function checkFirewall(rules: PropRules, firewall: ApiFirewall | undefined): void {
  const arn = firewall?._webAclArn;
  rules.check(arn === undefined || Token.isUnresolved(arn) || REGIONAL_WEB_ACL.test(arn), {
    rule: 'api.firewall: webAcl() takes the ARN of a web ACL of AWS WAF (v2) of scope REGIONAL',
    value: arn,
    fix: 'give webAcl.attrArn',
  });
  rules.integer('api.firewall: requestsPerFiveMinutes', firewall?._managed?.requestsPerFiveMinutes, 10, 2_000_000_000);
  for (const name of firewall?._managed?.countedRules ?? []) {
    rules.check(/^[\w-]{1,128}$/.test(name), {
      rule: 'api.firewall: countedRules must be names of rules of AWSManagedRulesCommonRuleSet',
      value: name,
      fix: "give a name such as 'GenericRFI_BODY'",
    });
  }
}

function checkCaching(rules: PropRules, caching: StatusCaching | undefined, kind: string): void {
  if (!caching) {
    return;
  }
  rules.check(kind !== AUTHENTICATION.iam, {
    rule: 'api.statusCaching cannot be given with ApiAuthentication.iam(): no header of a signed request names the caller and stays the same, '
      + 'so that the cache would either never hit or show one caller what another asked for',
    fix: 'leave statusCaching out, or choose another authentication',
  });
  rules.duration('api.statusCaching.ttl', caching.ttl, Duration.seconds(1), Duration.minutes(1));
}

function kindOf(options: RestJobApiOptions): string {
  return authenticationOf(options)._kind;
}
