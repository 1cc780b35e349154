import { ApiAuthentication, type CognitoOptions, type JwtOptions } from './api-authentication';
import type { JobApiDomain } from './api-domain';
import type { JobApiCors } from './cors';
import type { JobApiOptions } from './job-api-options';
import { SubmitLimit, type ExactSubmitLimit, type UsagePlanSubmitLimit } from './submit-limit';
import {
  constructKind, DURATION, instanceKind, listKind, madeBy, numberKind, required, SIZE, structKind, TEXT, type KindsOf,
} from '../internal/value-kinds';

/** The kind of every option that all APIs have, also of what its factories were given: they know no construct to name. */
export const JOB_API_OPTIONS: KindsOf<JobApiOptions> = {
  authentication: madeBy(instanceKind('ApiAuthentication', () => ApiAuthentication, 'ApiAuthentication.iam()'),
    ({ _userPools, _tokens, _jwt }: ApiAuthentication) => [
      [': cognito()', _userPools, { ...listKind(constructKind('cognito.IUserPool', 'userPoolArn', 'userPool')), write: 'ApiAuthentication.cognito([userPool])' }],
      [': cognito(…, options)', _tokens, structKind<CognitoOptions>("ApiAuthentication.cognito([userPool], { scopes: ['jobs/submit'] })", { scopes: listKind(TEXT) })],
      [': jwt()', _jwt, structKind<JwtOptions>("ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs'] })", {
        issuer: required({ ...TEXT, write: "'https://login.example.com/'" }),
        audience: required(listKind({ ...TEXT, write: "'jobs'" })),
        scopes: listKind({ ...TEXT, write: "'jobs/submit'" }),
      })],
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
  cors: structKind<JobApiCors>("{ allowOrigins: ['https://app.example.com'] }", {
    allowOrigins: required(listKind({ ...TEXT, write: "'https://app.example.com'" })), maxAge: DURATION,
  }),
  provisionedConcurrency: numberKind(2),
  maxProvisionedConcurrency: numberKind(10),
  reservedConcurrency: numberKind(25),
  domain: structKind<JobApiDomain>("{ domainName: 'jobs.example.com', certificate }", {
    domainName: required(TEXT),
    certificate: required(constructKind('acm.ICertificate', 'certificateArn', 'certificate', 'with const certificate = new acm.Certificate(…)')),
    hostedZone: constructKind('route53.IHostedZone', 'hostedZoneId', 'zone', 'with const zone = route53.HostedZone.fromLookup(…)'),
  }),
  ratePerSecond: numberKind(100),
  burst: numberKind(500),
  listRatePerSecond: numberKind(10),
  listBurst: numberKind(50),
};
