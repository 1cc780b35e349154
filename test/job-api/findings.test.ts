import { App, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { customerKey, restApi } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { findingsOf } from '../support/findings';

/** What the app brings, a user pool and functions, is no concern of the API. */
const OF_THE_APP = /^Stack\/(Pool|ApiFunctions)/;

function findings(options: (stack: Stack) => RestJobApiOptions, profile = EnvironmentProfile.dev()) {
  const stack = new Stack(new App(), 'Stack');
  const { app } = restApi(options(stack), { stack, withUploads: true, profile, encryptionKey: customerKey(stack) });
  return findingsOf(app).filter(({ construct }) => !OF_THE_APP.test(construct));
}

const everything = (stack: Stack): RestJobApiOptions => ({
  cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'] },
  firewall: ApiFirewall.managed(),
  domain: {
    domainName: 'jobs.example.com',
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x'),
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
  },
});

const statusCaching = {};
const ways: [string, (stack: Stack) => RestJobApiOptions][] = [
  ['IAM', () => ({ authentication: ApiAuthentication.iam() })],
  ['API keys', () => ({ authentication: ApiAuthentication.apiKeys(), statusCaching })],
  ['Cognito', (stack) => ({ authentication: ApiAuthentication.cognito([new cognito.UserPool(stack, 'Pool')]), statusCaching })],
  ['nothing', () => ({ authentication: ApiAuthentication.none(), statusCaching })],
];

test.each(ways)('%s, and nothing more, has no finding', (_way, options) => {
  expect(findings((stack) => ({ ...options(stack), statusCaching: undefined }))).toEqual([]);
});

test.each(ways)('%s with firewall, CORS, cache and domain has no finding', (_way, options) => {
  expect(findings((stack) => ({ ...everything(stack), ...options(stack) }), EnvironmentProfile.prod())).toEqual([]);
});

test('a web ACL that exists is seen', () => {
  expect(findings(() => ({ firewall: ApiFirewall.webAcl('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1234') }))).toEqual([]);
});
