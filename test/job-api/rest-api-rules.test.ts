import { App, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { PropRules } from '../../src/internal/prop-rules';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { ApiKeyLimits } from '../../src/job-api/api-key-limits';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { checkRestApi } from '../../src/job-api/rest-api-rules';
import { SubmitLimit, type UsagePlanSubmitLimit } from '../../src/job-api/submit-limit';

const stack = new Stack(new App(), 'Stack');
const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x');
const zone = (zoneName: string) =>
  route53.HostedZone.fromHostedZoneAttributes(stack, `Zone${stack.node.children.length}`, { hostedZoneId: 'Z1', zoneName });
const later = () => Lazy.string({ produce: () => 'later' });

/** What is said, one line a rule. */
function broken(options: RestJobApiOptions | undefined): string[] {
  const rules = new PropRules(stack);
  checkRestApi(rules, options);
  try {
    rules.throwIfBroken();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

const keys = (keyLimits?: ApiKeyLimits) => ({ authentication: ApiAuthentication.apiKeys(), keyLimits });
const plan = (limit: UsagePlanSubmitLimit) => ({ ...keys(), submitLimit: SubmitLimit.usagePlan(limit) });
const origins = (...allowOrigins: string[]) => ({ cors: { allowOrigins } });
const domain = (domainName: string, hostedZone?: route53.IHostedZone) => ({ domain: { domainName, certificate, hostedZone } });

describe('fails', () => {
  test.each<[string, RestJobApiOptions, RegExp]>([
    ['a path without a slash', { submitPath: 'jobs' }, /api\.submitPath must begin with \/.*Given: jobs\. Fix: give a path such as '\/jobs'/],
    ['a path with a slash at its end', { batchPath: '/jobs/batch/' }, /api\.batchPath must begin/],
    ['a path that clients cut', { listPath: '/jobs/../all' }, /api\.listPath must begin/],
    ['a path with a parameter it has no use for', { uploadPath: '/{job_id}' }, /api\.uploadPath must begin/],
    ['a path too long', { uploadPath: `/${'x'.repeat(128)}` }, /api\.uploadPath must begin.*have up to 128/],
    ['a path that API Gateway answers itself', { submitPath: '/ping' }, /api\.submitPath .* none of \/ping and \/sping/],
    ['a status path without the id', { statusPath: '/status' }, /api\.statusPath must begin.*\{job_id\}.*Given: \/status/],
    ['a cancel path without the id', { cancelPath: '/cancel' }, /api\.cancelPath must begin.*\{job_id\}/],
    ['a retry path with the id in a word', { retryPath: '/retry-{job_id}' }, /api\.retryPath must begin.*\{job_id\}/],
    ['a status path with the id twice', { statusPath: '/{job_id}/{job_id}' }, /api\.statusPath must begin/],
    ['a status path too long', { statusPath: `/${'x'.repeat(128)}/{job_id}` }, /api\.statusPath must begin with \/, have up to 128/],
    ['cancel and retry at one path', { cancelPath: '/{job_id}/x', retryPath: '/{job_id}/x' }, /api\.retryPath must be another path than api\.cancelPath: both are asked by POST/],
    ['submit and batch at one path', { batchPath: '/jobs' }, /api\.batchPath must be another path than api\.submitPath/],
    ['uploads and submit at one path', { uploadPath: '/jobs' }, /api\.uploadPath must be another path than api\.submitPath/],
    ['a segment that hides a job', { batchPath: '/jobs/job_01HZZZZZZZZZZZZZZZZZZZZZZZ' }, /api\.batchPath must hold no segment that looks like the id of a job/],
    ['a stage that no URL can have', { stageName: 'v-1' }, /api\.stageName must be 1 to 128/],
    ['a rate of nothing', { ratePerSecond: 0 }, /api\.ratePerSecond must be a whole number from 1 to 10,000/],
    ['a burst beyond the account\'s', { burst: 5_001 }, /api\.burst must be a whole number from 1 to 5,000/],
    ['no rate of submitting', plan({ ratePerSecond: 0 }), /api\.submitLimit: ratePerSecond must be a whole number from 1 to 10,000/],
    ['too much of a burst of submitting', plan({ burst: 5_001 }), /api\.submitLimit: burst must be a whole number from 1 to 5,000/],
    ['half a rate of a key', keys({ changeRatePerSecond: 0.5 }), /api\.keyLimits\.changeRatePerSecond must be/],
    ['too much of a burst of a key', keys({ uploadBurst: 6_000 }), /api\.keyLimits\.uploadBurst must be a whole number from 1 to 5,000/],
    ['limits of keys without keys', { keyLimits: {} }, /api\.keyLimits cannot be given without API keys: callers have none\. Fix: use ApiAuthentication\.apiKeys\(\)/],
    ['a rate of submitting above that of all', plan({ ratePerSecond: 101 }), /api\.submitLimit: ratePerSecond must not be above api\.ratePerSecond.*\(100\)/],
    ['a rate of a key above that of all', keys({ statusRatePerSecond: 101 }), /statusRatePerSecond must not be above api\.ratePerSecond.*\(100\)\. Given: 101\. Fix: lower it, or raise api\.ratePerSecond/],
    ['a rate of lists above that of all lists', keys({ listRatePerSecond: 11 }), /listRatePerSecond must not be above api\.listRatePerSecond.*\(10\)/],
    ['a rate of lists above that of all routes, once', keys({ listRatePerSecond: 101 }), /listRatePerSecond must not be above api\.listRatePerSecond/],
    ['an exact limit above the rate of all', { submitLimit: SubmitLimit.exact({ perMinute: 6_001 }) }, /api\.submitLimit: perMinute, in a second, must not be above api\.ratePerSecond.*\(100\)/],
    ['lists faster than anything', { listRatePerSecond: 101 }, /api\.listRatePerSecond must not be above api\.ratePerSecond/],
    ['no lists', { listBurst: 0 }, /api\.listBurst must be/],
    ['Cognito without a pool', { authentication: ApiAuthentication.cognito([]) }, /cognito\(\) needs a user pool/],
    ['a usage plan without keys', { submitLimit: SubmitLimit.usagePlan() }, /api\.submitLimit: a usage plan counts by API key.*use SubmitLimit\.exact\(\), or ApiAuthentication\.apiKeys\(\)/],
    ['no jobs a minute', { submitLimit: SubmitLimit.exact({ perMinute: 0 }) }, /api\.submitLimit: perMinute must be/],
    ['a burst below nothing', { submitLimit: SubmitLimit.exact({ burst: -1 }) }, /api\.submitLimit: burst must be a whole number from 0/],
    ['no origin', origins(), /api\.cors\.allowOrigins must name an origin/],
    ['an origin with a path', origins('https://app.example.com/'), /api\.cors\.allowOrigins must be \* or origins.*Given: https:\/\/app\.example\.com\//],
    ['an origin without a scheme', origins('app.example.com'), /api\.cors\.allowOrigins must be/],
    ['an origin that browsers write otherwise', origins('https://App.example.com'), /api\.cors\.allowOrigins must be/],
    ['a pattern of origins', origins('https://*.example.com'), /api\.cors\.allowOrigins must be/],
    ['every origin and one more', origins('*', 'https://app.example.com'), /api\.cors\.allowOrigins must hold \* alone/],
    ['too many origins', origins(...Array.from({ length: 30 }, (_, index) => `https://app-${index}.example.com`)), /must take at most 512 characters/],
    ['an answer kept too long by browsers', { cors: { allowOrigins: ['*'], maxAge: Duration.days(2) } }, /api\.cors\.maxAge must be from/],
    ['a web ACL of CloudFront', { firewall: ApiFirewall.webAcl('arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/1') }, /scope REGIONAL/],
    ['a limit too low', { firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 9 }) }, /requestsPerFiveMinutes must be a whole number from 10/],
    ['a rule that is none', { firewall: ApiFirewall.managed({ countedRules: ['Generic RFI'] }) }, /countedRules must be names of rules/],
    ['a cache with IAM', { statusCaching: {} }, /api\.statusCaching cannot be given with ApiAuthentication\.iam\(\): no header of a signed request/],
    ['a cache that keeps nothing', { ...keys(), statusCaching: { ttl: Duration.seconds(0) } }, /api\.statusCaching\.ttl must be from 1 second to 1 minute/],
    ['a cache that keeps too long', { ...keys(), statusCaching: { ttl: Duration.seconds(61) } }, /api\.statusCaching\.ttl must be/],
    ['nothing reserved', { reservedConcurrency: 0 }, /api\.reservedConcurrency must be a whole number from 1 .*Fix: give 1 or more \(with none the API would answer nobody\)/],
    ['instances that grow from none', { maxProvisionedConcurrency: 5 }, /api\.maxProvisionedConcurrency cannot be given without provisionedConcurrency/],
    ['instances that shrink', { provisionedConcurrency: 6, maxProvisionedConcurrency: 5 }, /api\.maxProvisionedConcurrency must be at least api\.provisionedConcurrency \(6\)\. Given: 5/],
    ['more instances than Lambda makes', { provisionedConcurrency: 1, maxProvisionedConcurrency: 1_001 }, /api\.maxProvisionedConcurrency must be a whole number from 1 to 1,000/],
    ['more kept than reserved', { provisionedConcurrency: 6, reservedConcurrency: 5 }, /api\.reservedConcurrency must be at least as many as are kept initialised \(6\).*or lower api\.provisionedConcurrency/],
    ['growth beyond what is reserved', { provisionedConcurrency: 2, maxProvisionedConcurrency: 6, reservedConcurrency: 5 },
      /api\.reservedConcurrency must be at least as many as are kept initialised \(6\).*or lower api\.maxProvisionedConcurrency/],
    ['no instances kept', { provisionedConcurrency: 0 }, /api\.provisionedConcurrency must be a whole number from 1/],
    ['an upload larger than S3 takes', { maxUploadSize: Size.gibibytes(6) }, /api\.maxUploadSize must be from 1 byte to 5 GiB.*Given: 6144 MiB/],
    ['a domain with a scheme', domain('https://jobs.example.com'), /api\.domain\.domainName must be a name in lower case/],
    ['a domain for all names', domain('*.example.com'), /api\.domain\.domainName must be/],
    ['a domain of another zone', domain('jobs.example.com', zone('example.org')), /must be in the hosted zone example\.org\. Given: jobs\.example\.com/],
    ['a domain that only ends like the zone', domain('jobs.myexample.com', zone('example.com')), /must be in the hosted zone example\.com/],
  ])('on %s', (_what, options, message) => {
    expect(broken(options)).toEqual([expect.stringMatching(message)]);
  });

  test('on scopes that are none', () => {
    const pool = new cognito.UserPool(stack, 'ScopesPool');
    for (const scopes of [[], ['two words'], ['']]) {
      expect(broken({ authentication: ApiAuthentication.cognito([pool], { scopes }) })).toEqual([expect.stringMatching(/scopes must be one or more names/)]);
    }
  });
});

test('says everything that is wrong at once', () => {
  expect(broken({ submitPath: 'x', statusPath: 'y', burst: 0, ...origins('z') })).toHaveLength(4);
});

test('no API, no options and the bounds of each break no rule', () => {
  expect(broken(undefined)).toEqual([]);
  expect(broken({})).toEqual([]);
  expect(broken({
    ...keys({ statusRatePerSecond: 1, statusBurst: 5_000 }),
    submitPath: '/a.b/c_d/e-f',
    statusPath: '/{job_id}',
    cancelPath: '/jobs/{job_id}',
    retryPath: '/jobs/{job_id}/retry',
    listPath: '/jobs',
    uploadPath: '/pings',
    stageName: 'prod',
    submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 100, burst: 5_000 }),
    cors: { allowOrigins: ['http://localhost:3000', 'https://app.example.com', 'http://[::1]:8080'], maxAge: Duration.days(1) },
    firewall: ApiFirewall.webAcl('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1234'),
    statusCaching: { ttl: Duration.minutes(1) },
    provisionedConcurrency: 1,
    maxProvisionedConcurrency: 1,
    reservedConcurrency: 1,
    maxUploadSize: Size.gibibytes(5),
    ...domain('jobs.example.com', zone('example.com')),
  })).toEqual([]);
  expect(broken(origins('*'))).toEqual([]);
  expect(broken(domain('example.net', zone('example.net')))).toEqual([]);
  expect(broken({ submitLimit: SubmitLimit.exact({ perMinute: 100_000, burst: 0 }), ratePerSecond: 10_000 })).toEqual([]);
});

describe('a value of the wrong kind is told, with what to write, and nothing else is judged', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['authentication by its name', { authentication: 'iam' },
      "api.authentication must be an ApiAuthentication. Given: 'iam'. Fix: write authentication: ApiAuthentication.iam()."],
    ['the factory itself', { authentication: ApiAuthentication.none }, 'api.authentication must be an ApiAuthentication. Given: the JavaScript function none. Fix:'],
    ['a limit as a number', { submitLimit: 60 }, 'api.submitLimit must be a SubmitLimit. Given: 60. Fix: write submitLimit: SubmitLimit.exact({ perMinute: 60 }).'],
    ['an exact limit of a number', { submitLimit: SubmitLimit.exact(120 as never) },
      'api.submitLimit: exact() must be an object. Given: 120. Fix: write SubmitLimit.exact({ perMinute: 60 }).'],
    ['an exact limit of nothing', { submitLimit: SubmitLimit.exact(null as never) }, 'api.submitLimit: exact() must be an object. Given: null.'],
    ['an exact limit in quotes', { submitLimit: SubmitLimit.exact({ perMinute: '120' as never }) }, "api.submitLimit: exact().perMinute must be a number. Given: '120'."],
    ['a plan of a number', { submitLimit: SubmitLimit.usagePlan(2 as never) }, 'api.submitLimit: usagePlan() must be an object. Given: 2. Fix: write SubmitLimit.usagePlan('],
    ['limits of keys in quotes', { keyLimits: { statusBurst: '5' } }, "api.keyLimits.statusBurst must be a number. Given: '5'. Fix: write statusBurst: 5"],
    ['origins as a text', { cors: { allowOrigins: '*' } },
      "api.cors.allowOrigins must be a list, each of it a text. Given: '*'. Fix: write allowOrigins: ['https://app.example.com']."],
    ['no origins', { cors: {} }, 'api.cors.allowOrigins must be a list, each of it a text. Given: nothing.'],
    ['CORS switched on', { cors: true }, "api.cors must be an object. Given: true. Fix: write cors: { allowOrigins: ['https://app.example.com'] }."],
    ['seconds as a number', { cors: { allowOrigins: ['*'], maxAge: 60 } }, 'api.cors.maxAge must be a Duration. Given: 60. Fix: write maxAge: Duration.'],
    ['a pool that is none', { authentication: ApiAuthentication.cognito(['pool'] as never) }, "api.authentication: cognito()[0] must be a cognito.IUserPool. Given: 'pool'. Fix: write userPool."],
    ['a pool without a list', { authentication: ApiAuthentication.cognito(stack as never) },
      'api.authentication: cognito() must be a list, each of it a cognito.IUserPool. Given: a Stack (Stack). Fix: write ApiAuthentication.cognito([userPool]).'],
    ['scopes as a text', { authentication: ApiAuthentication.cognito([], { scopes: 'jobs' as never }) },
      "api.authentication: cognito(…, options).scopes must be a list, each of it a text. Given: 'jobs'. Fix: write scopes: ['…']."],
    ['a firewall switched off', { firewall: false }, 'api.firewall must be an ApiFirewall. Given: false. Fix: write firewall: ApiFirewall.managed().'],
    ['a limit of a firewall in quotes', { firewall: ApiFirewall.managed({ requestsPerFiveMinutes: '5' as never }) }, 'api.firewall: managed().requestsPerFiveMinutes must be a number.'],
    ['a web ACL that is none', { firewall: ApiFirewall.webAcl({ attrArn: 'x' } as never) },
      'api.firewall: webAcl() must be a text. Given: an object { attrArn }. Fix: write ApiFirewall.webAcl(webAcl.attrArn).'],
    ['a cache switched on', { statusCaching: true }, 'api.statusCaching must be an object. Given: true.'],
    ['a size of a cache', { statusCaching: { size: 0.5 } }, 'api.statusCaching.size must be one of StatusCacheSize. Given: 0.5. Fix: write size: StatusCacheSize.GB_0_5.'],
    ['a domain by its name', { domain: 'jobs.example.com' }, "api.domain must be an object. Given: 'jobs.example.com'."],
    ['a domain without a certificate', { domain: { domainName: 'jobs.example.com' } }, 'api.domain.certificate must be an acm.ICertificate. Given: nothing.'],
    ['megabytes', { maxUploadSize: 10 }, 'api.maxUploadSize must be a Size. Given: 10. Fix: write maxUploadSize: Size.mebibytes(10)'],
    ['a path', { submitPath: /jobs/ }, 'api.submitPath must be a text. Given: a RegExp.'],
    ['a rate in quotes', { ratePerSecond: '5', burst: 0 }, "api.ratePerSecond must be a number. Given: '5'."],
    ['a switch in quotes', { accountLoggingRole: 'no' }, "api.accountLoggingRole must be true or false. Given: 'no'."],
  ])('%s', (_what, options, message) => {
    expect(broken(options)).toEqual([expect.stringContaining(message)]);
  });

  test('the options as a whole', () => {
    expect(broken('iam' as never)).toEqual([expect.stringContaining("api must be an object. Given: 'iam'. Fix: write api: JobApi.rest(")]);
    expect(broken(null as never)).toEqual([expect.stringContaining('api must be an object. Given: null.')]);
  });
});

test('what is only known at deployment breaks no rule', () => {
  expect(broken({
    stageName: later(),
    ...origins(later(), later()),
    firewall: ApiFirewall.webAcl(later()),
    ...domain(later(), zone('example.edu')),
  })).toEqual([]);
  expect(broken(domain('jobs.example.com', zone(later())))).toEqual([]);
});
