import { Annotations as Acknowledging, App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { restApi } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { SubmitLimit } from '../../src/job-api/submit-limit';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const authentication = ApiAuthentication.apiKeys();

/** What is warned of, at the construct that the app knows. */
function warnings(options: RestJobApiOptions, profile = EnvironmentProfile.dev()): string[] {
  restApi(options, { stack, profile });
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => `${id} ${String(entry.data)}`);
}

const firewall = (requestsPerFiveMinutes: number) => ({ firewall: ApiFirewall.managed({ requestsPerFiveMinutes }) });

describe('a limit of one caller above that of one address', () => {
  test('is said with the arithmetic', () => {
    expect(warnings({ authentication, keyLimits: { statusRatePerSecond: 4 }, ...firewall(1_199) })).toEqual([
      '/Stack The firewall answers 403 to a caller with one IP address before it has used its limits: api.keyLimits.statusRatePerSecond 4 × 300 is 1,200 requests in '
      + 'five minutes, and an address may make 1,199 of all kinds. Raise requestsPerFiveMinutes of api.firewall, lower the limits, or acknowledge this if such callers '
      + 'have many addresses. [ack: cdk-jobworks:api.limitAboveFirewall]',
    ]);
  });

  test('is said once, of all such limits', () => {
    const limits = { submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 5 }), keyLimits: { listRatePerSecond: 6, changeRatePerSecond: 1 } };
    expect(warnings({ authentication, ...limits, ...firewall(1_000) }))
      .toEqual([expect.stringMatching(/submitLimit: ratePerSecond 5 × 300 is 1,500 requests .* 1,000 of all kinds; api\.keyLimits\.listRatePerSecond 6 × 300 is 1,800 requests/)]);
  });

  test('is said of an exact limit, with the firewall of the profile', () => {
    expect(warnings({ submitLimit: SubmitLimit.exact({ perMinute: 2_001 }) }, EnvironmentProfile.staging()))
      .toEqual([expect.stringContaining('api.submitLimit: perMinute 2,001 × 5 is 10,005 requests in five minutes, and an address may make 10,000')]);
  });

  test.each<[string, RestJobApiOptions]>([
    ['is as much', { authentication, keyLimits: { statusRatePerSecond: 4 }, ...firewall(1_200) }],
    ['is what the library says by itself', { authentication, ...firewall(100) }],
    ['has no firewall', { submitLimit: SubmitLimit.exact({ perMinute: 6_000 }) }],
    ['has a firewall that is not known', { submitLimit: SubmitLimit.exact({ perMinute: 6_000 }), firewall: ApiFirewall.webAcl('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1') }],
    ['is known only at deployment', { submitLimit: SubmitLimit.exact({ perMinute: Lazy.number({ produce: () => 6_000 }) }), ...firewall(10) }],
  ])('is fine where it %s', (_what, options) => {
    expect(warnings(options)).toEqual([]);
  });
});

describe('API keys in browsers', () => {
  const cors = { allowOrigins: ['https://app.example.com'] };

  test('are warned of, with what to use', () => {
    expect(warnings({ authentication, cors })).toEqual([expect.stringMatching(/^\/Stack .*ApiAuthentication\.cognito\(\).* \[ack: cdk-jobworks:api\.keysInBrowsers\]$/)]);
  });

  test('tokens in browsers are what they are for, and keys elsewhere', () => {
    expect(warnings({ authentication: ApiAuthentication.cognito([new UserPool(stack, 'Users')]), cors })).toEqual([]);
    stack = new Stack(new App(), 'Stack');
    expect(warnings({ authentication })).toEqual([]);
  });
});

test('an open API in production is warned of, and only there', () => {
  const open = { authentication: ApiAuthentication.none() };
  expect(warnings(open, EnvironmentProfile.staging())).toEqual([]);
  stack = new Stack(new App(), 'Stack');
  expect(warnings(open, EnvironmentProfile.prod())).toEqual([expect.stringMatching(/^\/Stack ApiAuthentication\.none\(\) leaves .* \[ack: cdk-jobworks:api\.openInProduction\]$/)]);
});

test('each can be acknowledged by its id', () => {
  for (const id of ['limitAboveFirewall', 'keysInBrowsers']) {
    Acknowledging.of(stack).acknowledgeWarning(`cdk-jobworks:api.${id}`);
  }
  expect(warnings({ authentication, cors: { allowOrigins: ['*'] }, keyLimits: { statusRatePerSecond: 40 }, ...firewall(1_000) })).toEqual([]);
});
