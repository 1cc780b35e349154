import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { tokens } from './fixture';
import { PropRules } from '../../../src/internal/prop-rules';
import { ApiAuthentication, type JwtOptions } from '../../../src/job-api/api-authentication';
import { ApiFirewall } from '../../../src/job-api/api-firewall';
import type { HttpJobApiOptions } from '../../../src/job-api/http/http-api-options';
import { checkHttpApi } from '../../../src/job-api/http/http-api-rules';
import type { RestJobApiOptions } from '../../../src/job-api/rest-api-options';
import { checkRestApi } from '../../../src/job-api/rest-api-rules';
import { SubmitLimit } from '../../../src/job-api/submit-limit';

const stack = new Stack(new App(), 'Stack');
const keys = ApiAuthentication.apiKeys();
const jwt = (given: Partial<JwtOptions>) => ({ authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com', audience: ['jobs'], ...given }) });

/** What is said, one line a rule. */
function said(check: (rules: PropRules) => void): string[] {
  const rules = new PropRules(stack);
  check(rules);
  try {
    rules.throwIfBroken();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

const broken = (options: HttpJobApiOptions & RestJobApiOptions | undefined) => said((rules) => checkHttpApi(rules, options));

describe('fails', () => {
  test.each<[string, HttpJobApiOptions & RestJobApiOptions, RegExp]>([
    ['a firewall', { firewall: ApiFirewall.managed() }, /api\.firewall cannot be given with JobApi\.http\(\): AWS WAF guards no HTTP API\. Fix: use JobApi\.rest\(\), or remove api\.firewall/],
    ['no firewall, by name', { firewall: ApiFirewall.none() }, /api\.firewall cannot be given/],
    ['a cache', { statusCaching: {} }, /api\.statusCaching cannot be given with JobApi\.http\(\): it has no cache/],
    ['limits of keys', { authentication: keys, keyLimits: {} }, /api\.keyLimits cannot be given .* no usage plans\. Fix: use JobApi\.rest\(\), or limit all callers by ratePerSecond/],
    ['a stage', { stageName: 'v1' }, /api\.stageName cannot be given .* at the root of its address\. Fix: begin the paths with a name/],
    ['a role for logs', { accountLoggingRole: false }, /api\.accountLoggingRole cannot be given/],
    ['a usage plan', { authentication: keys, submitLimit: SubmitLimit.usagePlan() }, /api\.submitLimit: an HTTP API has no usage plans\. Given: SubmitLimit\.usagePlan\(\)\. Fix: use SubmitLimit\.exact\(\)/],
    ['a user pool', { authentication: ApiAuthentication.cognito([]) }, /knows users of Cognito by their tokens.*Fix: use ApiAuthentication\.jwt\(\{ issuer: userPool\.userPoolProviderUrl/],
    ['an issuer without https', jwt({ issuer: 'http://login.example.com' }), /issuer must be an address that begins with https:\/\/.*Given: http:/],
    ['an issuer with a query', jwt({ issuer: 'https://login.example.com/?tenant=1' }), /issuer must be an address/],
    ['an issuer that is a name', jwt({ issuer: 'login.example.com' }), /issuer must be an address/],
    ['tokens for nobody', jwt({ audience: [] }), /audience must name whom the tokens are for: otherwise those that were made for others would be taken\. Given: \[\]/],
    ['tokens for an empty name', jwt({ audience: [''] }), /audience must name/],
    ['no scopes of a list', jwt({ scopes: [] }), /scopes must be one or more names without spaces/],
    ['two scopes in one', jwt({ scopes: ['a b'] }), /scopes must be .*Given: \[a b\]/],
    ['keys remembered for too long', { authentication: keys, keyCaching: Duration.minutes(6) }, /api\.keyCaching must be from .* to 5 minutes.*a key that was revoked may be used/],
    ['keys remembered where there are none', { keyCaching: Duration.seconds(1) }, /api\.keyCaching cannot be given without API keys/],
    ['a path without a slash', { submitPath: 'jobs' }, /api\.submitPath must begin with \//],
    ['two routes at one path', { batchPath: '/jobs' }, /api\.batchPath must be another path/],
    ['a limit of nothing', { submitLimit: SubmitLimit.exact({ perMinute: 0 }) }, /api\.submitLimit: perMinute must be a whole number from 1/],
    ['a limit above what all may do', { ratePerSecond: 1, submitLimit: SubmitLimit.exact({ perMinute: 600 }) }, /must not be above api\.ratePerSecond/],
    ['an origin with a path', { cors: { allowOrigins: ['https://a.example.com/'] } }, /api\.cors\.allowOrigins/],
    ['no burst', { burst: 0 }, /api\.burst must be a whole number/],
    ['more ready than reserved', { provisionedConcurrency: 6, reservedConcurrency: 5 }, /api\.reservedConcurrency must be at least/],
    ['no instances that stand ready', { provisionedConcurrency: 0 }, /api\.provisionedConcurrency must be/],
    ['a name with capitals', { domain: { domainName: 'Jobs.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:eu-west-1:1:certificate/x') } }, /api\.domain\.domainName/],
  ])('%s', (_, options, message) => {
    const lines = broken(options);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
  });

  test('everything that a REST API alone can do, at once', () => {
    const lines = broken({
      authentication: ApiAuthentication.cognito([]), submitLimit: SubmitLimit.usagePlan(), keyLimits: {}, firewall: ApiFirewall.managed(), statusCaching: {}, stageName: 'v1',
    });
    expect(lines).toHaveLength(6);
    lines.forEach((line) => expect(line).toMatch(/^ +\d\. Stack: api\..* Fix: /));
  });

  test.each<[string, unknown, RegExp]>([
    ['tokens of nobody', ApiAuthentication.jwt({} as JwtOptions), /issuer must be a text/],
    ['an audience that is a text', ApiAuthentication.jwt({ issuer: 'https://x.example.com', audience: 'jobs' as never }), /audience must be a list/],
    ['no options of tokens', ApiAuthentication.jwt('https://x.example.com' as never), /jwt\(\) must be an object/],
  ])('%s, as JavaScript lets pass', (_, authentication, message) => {
    expect(broken({ authentication: authentication as ApiAuthentication }).join()).toMatch(message);
  });

  test('on a REST API what an HTTP API alone can do', () => {
    const lines = said((rules) => checkRestApi(rules, { authentication: tokens(), keyCaching: Duration.seconds(1) } as RestJobApiOptions));
    expect(lines.join('\n')).toMatch(/a REST API knows tokens of Cognito user pools alone.*Fix: use JobApi\.http\(\), or ApiAuthentication\.cognito\(\[userPool\]\)/);
    expect(lines.join('\n')).toMatch(/api\.keyCaching cannot be given with JobApi\.rest\(\)/);
  });
});

test.each<[string, HttpJobApiOptions | undefined]>([
  ['no API', undefined],
  ['nothing', {}],
  ['tokens', { authentication: tokens(['jobs/submit', 'openid']) }],
  ['an issuer with a path', jwt({ issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AAAAAAAAA' })],
  ['an issuer with a port', jwt({ issuer: 'https://login.example.com:8443/realms/one' })],
  ['an issuer that is known later', jwt({ issuer: Lazy.string({ produce: () => 'later' }) })],
  ['keys asked for each time', { authentication: keys, keyCaching: Duration.seconds(0) }],
  ['stand-by', { provisionedConcurrency: 2 }],
  ['stand-by that grows, of what is reserved', { provisionedConcurrency: 2, maxProvisionedConcurrency: 1_000, reservedConcurrency: 1_000 }],
  ['numbers that are known later', { provisionedConcurrency: 9, maxProvisionedConcurrency: Lazy.number({ produce: () => 9 }), reservedConcurrency: Lazy.number({ produce: () => 9 }) }],
])('takes %s', (_, options) => {
  expect(broken(options)).toEqual([]);
});
