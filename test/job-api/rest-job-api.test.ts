import { Match, type Template } from 'aws-cdk-lib/assertions';
import { restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';

const templateOf = (options: RestJobApiOptions = {}): Template => restApi(options).template;

test('every answer of API Gateway itself is JSON in the one format, with the id of the request', () => {
  const responses = Object.values(templateOf().findResources('AWS::ApiGateway::GatewayResponse'));
  expect(responses).toHaveLength(18);
  for (const { Properties } of responses) {
    // What API Gateway puts in: an id as it is, its own message with quotes.
    const body = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '"said"').replace('$context.requestId', 'an-id');
    expect(JSON.parse(body)).toEqual({ error: { code: expect.stringMatching(/^[A-Z]\w+$/), message: expect.any(String), correlation_id: 'an-id' } });
    expect(JSON.stringify(Properties.ResponseParameters ?? {})).not.toContain('context.'); // only what a request holds, or a fixed text
  }
});

test('an unknown route is 404 and too many requests are told when to come again', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', { ResponseType: 'MISSING_AUTHENTICATION_TOKEN', StatusCode: '404' });
  template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
    ResponseType: 'THROTTLED', ResponseParameters: Match.objectLike({ 'gatewayresponse.header.Retry-After': "'1'" }),
  });
});

test('the stage logs, traces and throttles, and never logs a body', () => {
  templateOf({ ratePerSecond: 7, burst: 8 }).hasResourceProperties('AWS::ApiGateway::Stage', {
    StageName: 'v1',
    TracingEnabled: true,
    AccessLogSetting: Match.objectLike({ Format: Match.stringLikeRegexp('request_id') }),
    MethodSettings: Match.arrayWith([Match.objectLike({ DataTraceEnabled: false, LoggingLevel: 'ERROR', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 8, ResourcePath: '/*' })]),
  });
});

describe('the access log', () => {
  const formatOf = (options: RestJobApiOptions) =>
    JSON.stringify(Object.values(templateOf(options).findResources('AWS::ApiGateway::Stage'))[0].Properties.AccessLogSetting.Format);

  test.each<[string, ApiAuthentication, string]>([
    ['IAM', ApiAuthentication.iam(), '$context.identity.caller'],
    ['API keys', ApiAuthentication.apiKeys(), '$context.identity.apiKeyId'],
    ['nothing', ApiAuthentication.none(), '$context.identity.sourceIp'],
  ])('names who called by %s, and holds no key, token, query or body', (_what, authentication, caller) => {
    const format = formatOf({ authentication });
    expect(format).toContain(caller);
    expect(format).not.toMatch(/identity\.apiKey\b|querystring|input\.body|authorizer|header/);
  });

  test('says what the firewall did, where there is one', () => {
    expect(formatOf({ firewall: ApiFirewall.webAcl('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1234') })).toContain('wafResponseCode');
    expect(formatOf({})).not.toContain('wafResponseCode');
  });
});

test('the stage waits for the account\'s logging role, which outlives the stack', () => {
  const template = templateOf();
  template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
  const [account] = Object.keys(template.findResources('AWS::ApiGateway::Account'));
  template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([account]) });
});

test('an account that has a logging role can keep it', () => {
  templateOf({ accountLoggingRole: false }).resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('the body and the parameters of a submission are validated', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true, ValidateRequestParameters: true });
  template.allResourcesProperties('AWS::ApiGateway::Method', { RequestValidatorId: Match.anyValue() });
});
