import { Duration, Token } from 'aws-cdk-lib';
import type { JobApiDomain } from './api-domain';
import type { ApiFirewall } from './api-firewall';
import { authenticationOf } from './authorization';
import type { JobApiCors } from './cors';
import { checkRates } from './rate-rules';
import { REST_API_OPTIONS } from './rest-api-kinds';
import type { RestJobApiOptions } from './rest-api-options';
import { routesOf, type Route } from './routes';
import type { StatusCaching } from './status-caching';
import type { PropRules } from '../internal/prop-rules';
import { AUTHENTICATION } from '../runtime/wire/environment';

const SEGMENT = '(?!\\.{1,2}(?:/|$))[\\w.-]+';
const PLAIN_PATH = new RegExp(`^(/${SEGMENT})+$`);
const JOB_PATH = new RegExp(`^(/${SEGMENT})*/\\{job_id\\}(/${SEGMENT})*$`);

/** Paths travel in the environment of functions. */
const LONGEST_PATH = 128;

/** What a segment would have to look like to be taken for a job's id. */
const LIKE_A_JOB_ID = /^job_[0-9A-Za-z]{26}$/;

/** API Gateway answers these by itself. */
const RESERVED = ['/ping', '/sping'];

const ORIGIN = /^https?:\/\/([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
const LONGEST_ORIGINS = 512;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const REGIONAL_WEB_ACL = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/;
const LARGEST_UPLOAD_BYTES = 5 * 1024 ** 3;

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
  rules.integer('api.provisionedConcurrency', options.provisionedConcurrency, 1, 1_000);
  const upload = options.maxUploadSize?.isUnresolved() ? undefined : options.maxUploadSize?.toBytes();
  rules.check(upload === undefined || (upload >= 1 && upload <= LARGEST_UPLOAD_BYTES), {
    rule: 'api.maxUploadSize must be from 1 byte to 5 GiB: S3 takes no larger file in one request',
    value: options.maxUploadSize,
    fix: 'lower it',
  });
}

function checkPaths(rules: PropRules, options: RestJobApiOptions): void {
  const routes = routesOf(options);
  for (const { path, option, ofOneJob } of routes) {
    if (ofOneJob) {
      rules.check(path.length <= LONGEST_PATH && JOB_PATH.test(path), {
        rule: `api.${option} must begin with /, have up to ${LONGEST_PATH} characters, and {job_id} between two slashes or at its end`,
        value: path,
        fix: "give a path such as '/jobs/{job_id}'",
      });
    } else {
      rules.check(path.length <= LONGEST_PATH && PLAIN_PATH.test(path) && !RESERVED.includes(path), {
        rule: `api.${option} must begin with /, have up to ${LONGEST_PATH} letters, digits, dots, dashes and underscores between slashes, `
          + `and be none of ${RESERVED.join(' and ')}, which API Gateway answers by itself`,
        value: path,
        fix: "give a path such as '/jobs'",
      });
    }
    rules.check(!path.split('/').some((segment) => LIKE_A_JOB_ID.test(segment)), {
      rule: `api.${option} must hold no segment that looks like the id of a job: it would hide that job's paths`,
      value: path,
      fix: 'give it another name',
    });
  }
  checkUnique(rules, routes);
}

/** API Gateway has one function for a method on a path. */
function checkUnique(rules: PropRules, routes: Route[]): void {
  routes.forEach((route, index) => {
    const same = routes.slice(0, index).find(({ method, path }) => method === route.method && path === route.path);
    rules.check(same === undefined, {
      rule: `api.${route.option} must be another path than api.${same?.option}: both are asked by ${route.method}`,
      value: route.path,
      fix: 'change one of them',
    });
  });
}

function checkStage(rules: PropRules, { ratePerSecond, burst, stageName }: RestJobApiOptions): void {
  rules.integer('api.ratePerSecond', ratePerSecond, 1, 10_000);
  rules.integer('api.burst', burst, 1, 5_000);
  rules.check(stageName === undefined || Token.isUnresolved(stageName) || /^\w{1,128}$/.test(stageName), {
    rule: 'api.stageName must be 1 to 128 letters, digits and underscores',
    value: stageName,
    fix: "give a name such as 'v1'",
  });
}

function checkAuthentication(rules: PropRules, options: RestJobApiOptions): void {
  if (kindOf(options) !== AUTHENTICATION.cognito) {
    return;
  }
  const { _userPools: pools, _tokens: { scopes } } = options.authentication!;
  rules.check(pools.length > 0, { rule: 'api.authentication: cognito() needs a user pool', fix: 'pass ApiAuthentication.cognito([userPool])' });
  rules.check(scopes === undefined || (scopes.length > 0 && scopes.every((scope) => Token.isUnresolved(scope) || /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))), {
    rule: 'api.authentication: scopes must be one or more names without spaces',
    value: scopes && `[${scopes.join(', ')}]`,
    fix: "give scopes such as 'jobs/submit', or leave them out for ID tokens",
  });
}

function checkSubmitLimit(rules: PropRules, options: RestJobApiOptions): void {
  const { _usagePlan: plan, _exact: exact } = options.submitLimit ?? {};
  rules.check(plan === undefined || kindOf(options) === AUTHENTICATION.apiKey, {
    rule: 'api.submitLimit: a usage plan counts by API key, and callers have none',
    value: 'SubmitLimit.usagePlan()',
    fix: 'use SubmitLimit.exact(), or ApiAuthentication.apiKeys()',
  });
  rules.integer('api.submitLimit: ratePerSecond', plan?.ratePerSecond, 1, 10_000);
  rules.integer('api.submitLimit: burst', plan?.burst, 1, 5_000);
  rules.integer('api.submitLimit: perMinute', exact?.perMinute, 1, 100_000);
  rules.integer('api.submitLimit: burst', exact?.burst, 0, 100_000);
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

function checkCors(rules: PropRules, cors: JobApiCors | undefined): void {
  if (!cors) {
    return;
  }
  const { allowOrigins: origins, maxAge } = cors;
  rules.check(origins.length > 0, { rule: 'api.cors.allowOrigins must name an origin', fix: "give one such as 'https://app.example.com', or leave cors out" });
  for (const origin of origins) {
    rules.check(origin === '*' || Token.isUnresolved(origin) || ORIGIN.test(origin), {
      rule: 'api.cors.allowOrigins must be * or origins: http:// or https://, a host in lower case, and maybe a port, without a path',
      value: origin,
      fix: "give an origin such as 'https://app.example.com', with no / at its end",
    });
  }
  rules.check(origins.length === 1 || !origins.includes('*'), {
    rule: 'api.cors.allowOrigins must hold * alone or not at all',
    value: origins.join(', '),
    fix: 'remove *, or all others',
  });
  rules.check(Token.isUnresolved(origins.join()) || origins.join(',').length <= LONGEST_ORIGINS, {
    rule: `api.cors.allowOrigins must take at most ${LONGEST_ORIGINS} characters: they travel in the environment of functions`,
    value: origins.join(',').length,
    fix: 'name fewer origins',
  });
  rules.duration('api.cors.maxAge', maxAge, Duration.seconds(0), Duration.days(1));
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

function checkDomain(rules: PropRules, domain: JobApiDomain | undefined): void {
  if (!domain) {
    return;
  }
  const { domainName, hostedZone } = domain;
  const known = !Token.isUnresolved(domainName);
  rules.check(!known || (domainName.length <= 253 && DOMAIN.test(domainName)), {
    rule: 'api.domain.domainName must be a name in lower case, without a scheme, a path or a wildcard',
    value: domainName,
    fix: "give a name such as 'jobs.example.com'",
  });
  const zone = hostedZone?.zoneName;
  rules.check(!known || zone === undefined || Token.isUnresolved(zone) || domainName === zone || domainName.endsWith(`.${zone}`), {
    rule: `api.domain.domainName must be in the hosted zone ${zone}`,
    value: domainName,
    fix: 'pass the zone of the name, or leave hostedZone out',
  });
}

function kindOf(options: RestJobApiOptions): string {
  return authenticationOf(options)._kind;
}
