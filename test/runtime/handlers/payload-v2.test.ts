import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACME, ApiHarness, said } from './api-harness';
import { bodyText } from '../../../src/runtime/handlers/http/json-body';
import { locationOf, resourcePathOf } from '../../../src/runtime/handlers/http/location';
import { ownerOf } from '../../../src/runtime/handlers/http/owner';
import { asRestEvent } from '../../../src/runtime/handlers/http/payload-v2';
import { header, correlationId } from '../../../src/runtime/handlers/http/request';
import { route, type Request } from '../../../src/runtime/handlers/http/route';

/** As AWS documents it, with what is said instead. */
function event(routeKey = 'POST /jobs', given: { rawPath?: string; authorizer?: object; headers?: object; [name: string]: unknown } = {}): APIGatewayProxyEventV2 {
  const { authorizer, ...rest } = given;
  return {
    version: '2.0',
    routeKey,
    rawPath: '/jobs',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'x-correlation-id': 'order-4711' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.eu-central-1.amazonaws.com',
      http: { method: routeKey.split(' ')[0], path: '/jobs', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      ...(authorizer && { authorizer }),
    },
    isBase64Encoded: false,
    ...rest,
  } as unknown as APIGatewayProxyEventV2;
}

const owner = (kind: string, authorizer: object) => ownerOf({ JOBWORKS_AUTHENTICATION: kind })(asRestEvent(event('POST /jobs', { authorizer })));

test('an event of a REST API stays what it is', () => {
  const rest = { headers: {}, requestContext: {}, version: '1.0' } as never;
  expect(asRestEvent(rest)).toBe(rest);
});

test('headers, body, route and ids are where handlers look for them', () => {
  const given = asRestEvent(event('GET /jobs/{job_id}', {
    rawPath: '/jobs/job_1', pathParameters: { job_id: 'job_1' }, queryStringParameters: { status: 'failed' }, body: Buffer.from('{"a":1}').toString('base64'), isBase64Encoded: true,
  }));
  expect([header(given, 'Content-Type'), correlationId(given), resourcePathOf(given)]).toEqual(['application/json', 'order-4711', '/jobs/{job_id}']);
  expect([given.pathParameters, given.queryStringParameters, bodyText(given)]).toEqual([{ job_id: 'job_1' }, { status: 'failed' }, '{"a":1}']);
  expect(correlationId(asRestEvent(event('POST /jobs', { headers: {} })))).toBe('request-1');
  const empty = asRestEvent(event());
  expect([empty.pathParameters, empty.queryStringParameters, empty.body]).toEqual([null, null, null]);
});

test.each([
  ['POST /jobs', '/jobs', '/jobs/job_1'],
  ['POST /jobs/{job_id}/retry', '/jobs/job_1/retry', '/jobs/job_1'],
])('a job of %s is at its own address, which begins with no stage', (routeKey, rawPath, location) => {
  expect(locationOf('job_1', asRestEvent(event(routeKey, { rawPath })), '/jobs/{job_id}')).toBe(location);
});

describe('the owner', () => {
  test('by IAM is the account and the unique id of the role, whatever its session is called', () => {
    const iam = { accountId: '123456789012', callerId: 'AROAEXAMPLE:session-1', userArn: 'x', userId: 'AROAEXAMPLE:session-1', cognitoIdentity: null };
    expect(owner('iam', { iam })).toBe('iam:123456789012:AROAEXAMPLE');
    expect(owner('iam', { iam: { ...iam, callerId: 'AROAEXAMPLE:session-2' } })).toBe('iam:123456789012:AROAEXAMPLE');
    expect(owner('iam', { iam: { ...iam, cognitoIdentity: { identityId: 'us-east-1:1111' } } })).toBe('cognito:us-east-1:1111');
  });

  test('by a token is its issuer and subject, as with a user pool of a REST API', () => {
    const claims = { iss: 'https://login.example.com/', sub: 'alice', exp: '1' };
    const rest = ownerOf({ JOBWORKS_AUTHENTICATION: 'cognito' })({ requestContext: { authorizer: { claims } } } as never);
    expect(owner('jwt', { jwt: { claims, scopes: null } })).toBe(rest);
    expect(owner('jwt', { jwt: { claims: { ...claims, iss: 'https://other.example.com/' } } })).not.toBe(rest);
  });

  test('by a key is the customer that the authorizer has found', () => {
    expect(owner('issued-key', { lambda: { customer: 'acme', key_id: 'jw_aaaaaaaa' } })).toBe('customer:acme');
  });

  test.each([
    ['iam', {}], ['iam', { iam: null }], ['iam', { lambda: { accountId: '1', callerId: 'x' } }],
    ['jwt', {}], ['jwt', { lambda: { sub: 'alice', iss: 'x' } }], ['jwt', { jwt: {} }],
    ['issued-key', {}], ['issued-key', { lambda: null }], ['issued-key', { lambda: { customer: '' } }], ['issued-key', { lambda: { customer: 7 } }],
    ['issued-key', { jwt: { claims: { customer: 'acme' } } }],
  ])('by %s of %j is nobody', (kind, authorizer) => {
    expect(() => owner(kind, authorizer)).toThrow('the caller is not known');
  });

  test('is never what a header says', () => {
    const headers = { 'customer': 'acme', 'x-api-key': 'jw_x', 'authorization': 'x' };
    expect(() => ownerOf({ JOBWORKS_AUTHENTICATION: 'issued-key' })(asRestEvent(event('POST /jobs', { headers })))).toThrow('the caller is not known');
  });
});

describe('what is none of our routes', () => {
  const harness = new ApiHarness();
  const asked: Request[] = [];
  const handler = route(async (request) => {
    asked.push(request);
    return { status: 200, body: { owner: ACME(request.event) } };
  }, { ...harness, environment: {} });
  beforeEach(() => { asked.length = 0; });

  test('is answered in the one format, and no handler is asked', async () => {
    const { status, body, headers } = said(await handler(event('$default', { rawPath: '/nowhere' })));
    expect([status, body]).toEqual([404, { error: { code: 'NotFound', message: 'no such route', correlation_id: 'order-4711' } }]);
    expect(headers).toMatchObject({ 'X-Correlation-Id': 'order-4711', 'Content-Type': 'application/json' });
    expect(asked).toEqual([]);
  });

  test('a browser that asks what it may send is told nothing', async () => {
    const answer = await handler(event('OPTIONS /{proxy+}'));
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(Object.keys(answer.headers!).filter((name) => /access-control/i.test(name))).toEqual([]);
    expect(asked).toEqual([]);
  });
});
