import { ApiAuthentication, type CognitoOptions } from './api-authentication';
import type { JobApiDomain } from './api-domain';
import { ApiFirewall, type ManagedFirewallOptions } from './api-firewall';
import type { ApiKeyLimits } from './api-key-limits';
import type { JobApiCors } from './cors';
import type { RestJobApiOptions } from './rest-api-options';
import { StatusCacheSize, type StatusCaching } from './status-caching';
import { SubmitLimit, type ExactSubmitLimit, type UsagePlanSubmitLimit } from './submit-limit';
import {
  constructKind, DURATION, enumKind, FLAG, instanceKind, listKind, numberKind, required, SIZE, structKind, TEXT, type ValueKind,
} from '../internal/value-kinds';

/** The kind of every option of a REST API, also of what its factories were given: they know no construct to name. */
export const REST_API_OPTIONS: ValueKind = structKind<RestJobApiOptions>("JobApi.rest({ submitPath: '/jobs' })", {
  authentication: madeBy(instanceKind('ApiAuthentication', () => ApiAuthentication, 'ApiAuthentication.iam()'),
    ({ _userPools, _tokens }: ApiAuthentication) => [
      [': cognito()', _userPools, { ...listKind(constructKind('cognito.IUserPool', 'userPoolArn', 'userPool')), write: 'ApiAuthentication.cognito([userPool])' }],
      [': cognito(…, options)', _tokens, structKind<CognitoOptions>("ApiAuthentication.cognito([userPool], { scopes: ['jobs/submit'] })", { scopes: listKind(TEXT) })],
    ]),
  submitPath: TEXT,
  statusPath: TEXT,
  cancelPath: TEXT,
  retryPath: TEXT,
  listPath: TEXT,
  batchPath: TEXT,
  uploadPath: TEXT,
  maxUploadSize: SIZE,
  submitLimit: madeBy(instanceKind('SubmitLimit', () => SubmitLimit, 'SubmitLimit.exact({ perMinute: 60 })'),
    ({ _usagePlan, _exactGiven }: SubmitLimit) => [
      [': usagePlan()', _usagePlan, structKind<UsagePlanSubmitLimit>('SubmitLimit.usagePlan({ ratePerSecond: 1, burst: 10 })', {
        ratePerSecond: numberKind(1), burst: numberKind(10),
      })],
      [': exact()', _exactGiven, structKind<ExactSubmitLimit>('SubmitLimit.exact({ perMinute: 60 })', { perMinute: numberKind(60), burst: numberKind(10) })],
    ]),
  keyLimits: structKind<ApiKeyLimits>('{ statusRatePerSecond: 10 }', {
    statusRatePerSecond: numberKind(10),
    statusBurst: numberKind(50),
    listRatePerSecond: numberKind(2),
    listBurst: numberKind(10),
    changeRatePerSecond: numberKind(2),
    changeBurst: numberKind(20),
    uploadRatePerSecond: numberKind(1),
    uploadBurst: numberKind(10),
  }),
  cors: structKind<JobApiCors>("{ allowOrigins: ['https://app.example.com'] }", {
    allowOrigins: required(listKind({ ...TEXT, write: "'https://app.example.com'" })), maxAge: DURATION,
  }),
  firewall: madeBy(instanceKind('ApiFirewall', () => ApiFirewall, 'ApiFirewall.managed()'),
    ({ _managed, _webAclArn }: ApiFirewall) => [
      [': managed()', _managed, structKind<ManagedFirewallOptions>('ApiFirewall.managed({ requestsPerFiveMinutes: 10000 })', {
        requestsPerFiveMinutes: numberKind(10_000), countedRules: listKind(TEXT),
      })],
      [': webAcl()', _webAclArn, { ...TEXT, write: 'ApiFirewall.webAcl(webAcl.attrArn)' }],
    ]),
  statusCaching: structKind<StatusCaching>('{ ttl: Duration.seconds(2) }', { ttl: DURATION, size: enumKind('StatusCacheSize', () => StatusCacheSize, 'GB_0_5') }),
  provisionedConcurrency: numberKind(2),
  domain: structKind<JobApiDomain>("{ domainName: 'jobs.example.com', certificate }", {
    domainName: required(TEXT),
    certificate: required(constructKind('acm.ICertificate', 'certificateArn', 'certificate', 'with const certificate = new acm.Certificate(…)')),
    hostedZone: constructKind('route53.IHostedZone', 'hostedZoneId', 'zone', 'with const zone = route53.HostedZone.fromLookup(…)'),
  }),
  stageName: TEXT,
  ratePerSecond: numberKind(100),
  burst: numberKind(500),
  listRatePerSecond: numberKind(10),
  listBurst: numberKind(50),
  accountLoggingRole: FLAG,
}, 'or JobApi.rest()');

/** What a factory makes, with what it was given. A value of another copy of the package may have other members: those are not judged. */
function madeBy<T extends object>(kind: ValueKind, given: (made: T) => ReturnType<NonNullable<ValueKind['parts']>>): ValueKind {
  return { ...kind, parts: (made) => given(made as T) };
}
