import { Duration, Token } from 'aws-cdk-lib';
import type { JobApiDomain } from './api-domain';
import type { JobApiCors } from './cors';
import type { JobApiOptions } from './job-api-options';
import { routesOf, type Route } from './routes';
import { known, type PropRules } from '../internal/prop-rules';

/* What the options of every API can contradict; each part is asked for where its kind of API says what is wrong with it. */

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
const LARGEST_UPLOAD_BYTES = 5 * 1024 ** 3;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The paths of all routes. */
export function checkPaths(rules: PropRules, options: JobApiOptions): void {
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

/** What a stage takes from all callers together. */
export function checkRateAndBurst(rules: PropRules, { ratePerSecond, burst }: JobApiOptions): void {
  rules.integer('api.ratePerSecond', ratePerSecond, 1, 10_000);
  rules.integer('api.burst', burst, 1, 5_000);
}

/** Scopes of tokens. */
export function checkScopes(rules: PropRules, scopes: string[] | undefined, fix: string): void {
  rules.check(scopes === undefined || (scopes.length > 0 && scopes.every((scope) => Token.isUnresolved(scope) || SCOPE.test(scope))), {
    rule: 'api.authentication: scopes must be one or more names without spaces',
    value: scopes && `[${scopes.join(', ')}]`,
    fix,
  });
}

/** A count that is exact. */
export function checkExactLimit(rules: PropRules, { submitLimit }: JobApiOptions): void {
  rules.integer('api.submitLimit: perMinute', submitLimit?._exact?.perMinute, 1, 100_000);
  rules.integer('api.submitLimit: burst', submitLimit?._exact?.burst, 0, 100_000);
}

/** Which pages may call the API. */
export function checkCors(rules: PropRules, cors: JobApiCors | undefined): void {
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

/** A name of its own. */
export function checkDomain(rules: PropRules, domain: JobApiDomain | undefined): void {
  if (!domain) {
    return;
  }
  const { domainName, hostedZone } = domain;
  const isKnown = !Token.isUnresolved(domainName);
  rules.check(!isKnown || (domainName.length <= 253 && DOMAIN.test(domainName)), {
    rule: 'api.domain.domainName must be a name in lower case, without a scheme, a path or a wildcard',
    value: domainName,
    fix: "give a name such as 'jobs.example.com'",
  });
  const zone = hostedZone?.zoneName;
  rules.check(!isKnown || zone === undefined || Token.isUnresolved(zone) || domainName === zone || domainName.endsWith(`.${zone}`), {
    rule: `api.domain.domainName must be in the hosted zone ${zone}`,
    value: domainName,
    fix: 'pass the zone of the name, or leave hostedZone out',
  });
}

/** What stands ready, what is reserved, and what may be uploaded. */
export function checkSizes(rules: PropRules, options: JobApiOptions): void {
  checkConcurrency(rules, options);
  const { maxUploadSize } = options;
  const upload = maxUploadSize?.isUnresolved() ? undefined : maxUploadSize?.toBytes();
  rules.check(upload === undefined || (upload >= 1 && upload <= LARGEST_UPLOAD_BYTES), {
    rule: 'api.maxUploadSize must be from 1 byte to 5 GiB: S3 takes no larger file in one request',
    value: maxUploadSize,
    fix: 'lower it',
  });
}

/** Of each of the functions: none can have more ready than it may run. */
function checkConcurrency(rules: PropRules, { provisionedConcurrency, maxProvisionedConcurrency, reservedConcurrency }: JobApiOptions): void {
  rules.integer('api.provisionedConcurrency', provisionedConcurrency, 1, 1_000);
  rules.integer('api.maxProvisionedConcurrency', maxProvisionedConcurrency, 1, 1_000);
  rules.integer('api.reservedConcurrency', reservedConcurrency, 1, 1_000_000, ['with none the API would answer nobody', 'no account has more']);
  if (!rules.fine('api.provisionedConcurrency', 'api.maxProvisionedConcurrency', 'api.reservedConcurrency')) {
    return;
  }
  if (provisionedConcurrency === undefined) {
    rules.absent({ 'api.maxProvisionedConcurrency': maxProvisionedConcurrency }, 'without provisionedConcurrency, which is where it begins', 'give both');
  }
  const [least, most, reserved] = [known(provisionedConcurrency), known(maxProvisionedConcurrency), known(reservedConcurrency)];
  rules.check(least === undefined || most === undefined || most >= least, {
    rule: `api.maxProvisionedConcurrency must be at least api.provisionedConcurrency (${least})`,
    value: most,
    fix: 'raise it, or lower api.provisionedConcurrency',
  });
  const ready = Math.max(least ?? 0, most ?? 0);
  rules.check(reserved === undefined || reserved >= ready, {
    rule: `api.reservedConcurrency must be at least as many as are kept initialised (${ready}): Lambda keeps no more than may run`,
    value: reserved,
    fix: `raise it, or lower ${most === undefined ? 'api.provisionedConcurrency' : 'api.maxProvisionedConcurrency'}`,
  });
}
