import { Duration } from 'aws-cdk-lib';
import { methodsOf, restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { apiEnvironment } from '../../src/job-api/api-environment';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';

const origin = 'https://app.example.com';
const cors = { allowOrigins: [origin] };
const headersOf = (path: string, options: RestJobApiOptions) =>
  methodsOf(restApi(options, { withUploads: true }).template).get(`OPTIONS ${path}`)!.Integration.IntegrationResponses[0].ResponseParameters;
const header = (name: string) => `method.response.header.Access-Control-${name}`;

test('without CORS no browser is answered', () => {
  const { template } = restApi({}, { withUploads: true });
  expect([...methodsOf(template).keys()].filter((name) => name.startsWith('OPTIONS'))).toEqual([]);
  expect(JSON.stringify(template.toJSON())).not.toContain('Access-Control');
});

test('every resource with a method tells browsers what they may send, without asking who they are', () => {
  const methods = methodsOf(restApi({ cors }, { withUploads: true }).template);
  const preflights = [...methods].filter(([name]) => name.startsWith('OPTIONS'));
  expect(preflights.map(([name]) => name).sort()).toEqual([
    'OPTIONS /jobs', 'OPTIONS /jobs/batch', 'OPTIONS /jobs/{job_id}', 'OPTIONS /jobs/{job_id}/cancel', 'OPTIONS /jobs/{job_id}/retry', 'OPTIONS /uploads',
  ]);
  for (const [, { AuthorizationType, ApiKeyRequired }] of preflights) {
    expect(AuthorizationType).toBe('NONE');
    expect(ApiKeyRequired ?? false).toBe(false);
  }
});

test('a preflight names the methods there are, the headers there are, and how long to remember', () => {
  const headers = headersOf('/jobs', { cors, authentication: ApiAuthentication.apiKeys() });
  expect(headers[header('Allow-Methods')]).toBe("'POST,GET'");
  expect(headers[header('Allow-Headers')]).toBe("'Content-Type,Idempotency-Key,X-Correlation-Id,X-Api-Key'");
  expect(headers[header('Allow-Origin')]).toBe(`'${origin}'`);
  expect(headers[header('Max-Age')]).toBe("'3600'");
  expect(headersOf('/jobs/{job_id}', { cors: { ...cors, maxAge: Duration.minutes(5) } })).toMatchObject({
    [header('Allow-Methods')]: "'GET'",
    [header('Max-Age')]: "'300'",
    [header('Allow-Headers')]: "'Content-Type,Idempotency-Key,X-Correlation-Id,Authorization,X-Amz-Date,X-Amz-Security-Token,X-Amz-Content-Sha256'",
  });
  expect(headers).not.toHaveProperty([header('Allow-Credentials')]);
});

test.each([
  ['one origin', [origin], `'${origin}'`],
  ['any origin', ['*'], "'*'"],
  ['several, of which a fixed text can name none', [origin, 'http://localhost:3000'], "'*'"],
])('what API Gateway itself answers can be read by %s', (_what, allowOrigins, allowed) => {
  const responses = Object.values(restApi({ cors: { allowOrigins } }).template.findResources('AWS::ApiGateway::GatewayResponse'));
  expect(responses).toHaveLength(18);
  for (const { Properties } of responses) {
    expect(Properties.ResponseParameters).toMatchObject({
      'gatewayresponse.header.Access-Control-Allow-Origin': allowed,
      'gatewayresponse.header.Access-Control-Expose-Headers': "'Retry-After'",
    });
  }
});

test('the functions are told the origins', () => {
  expect(apiEnvironment({ cors: { allowOrigins: [origin, 'http://localhost:3000'] } }).common.JOBWORKS_CORS_ORIGINS).toBe(`${origin},http://localhost:3000`);
  expect(apiEnvironment({}).common).not.toHaveProperty('JOBWORKS_CORS_ORIGINS');
});
