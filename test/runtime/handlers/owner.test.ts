import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ownerOf, ownerOfAny } from '../../../src/runtime/handlers/http/owner';

const event = (identity: object) => ({ requestContext: { identity } }) as APIGatewayProxyEvent;
const iam = ownerOf({ JOBWORKS_AUTHENTICATION: 'iam' });
const apiKeys = ownerOf({ JOBWORKS_AUTHENTICATION: 'api-key', JOBWORKS_CUSTOMERS: '{"abc123":"acme"}' });

describe('by IAM', () => {
  test('every session of a role is one owner, and the role of another account another', () => {
    const one = iam(event({ accountId: '123456789012', caller: 'AROAEXAMPLE:session-1' }));
    expect(one).toBe('iam:123456789012:AROAEXAMPLE');
    expect(iam(event({ accountId: '123456789012', caller: 'AROAEXAMPLE:session-2' }))).toBe(one);
    expect(iam(event({ accountId: '210987654321', caller: 'AROAEXAMPLE:session-1' }))).not.toBe(one);
  });

  test('a user and the root of an account are owners too', () => {
    expect(iam(event({ accountId: '123456789012', caller: 'AIDAEXAMPLE' }))).toBe('iam:123456789012:AIDAEXAMPLE');
    expect(iam(event({ accountId: '123456789012', caller: '123456789012' }))).toBe('iam:123456789012:123456789012');
  });

  test('whom a user federates is neither the root nor somebody else', () => {
    const one = iam(event({ accountId: '123456789012', caller: '123456789012:alice' }));
    expect(one).toBe('iam:123456789012:123456789012:alice');
    expect(iam(event({ accountId: '123456789012', caller: '123456789012:bob' }))).not.toBe(one);
  });

  test('users of an identity pool share a role and are owners of their own', () => {
    const role = { accountId: '123456789012', caller: 'AROAEXAMPLE:CognitoIdentityCredentials' };
    const one = iam(event({ ...role, cognitoIdentityId: 'us-east-1:1111' }));
    expect(one).toBe('cognito:us-east-1:1111');
    expect(iam(event({ ...role, cognitoIdentityId: 'us-east-1:2222' }))).not.toBe(one);
  });

  test.each([{}, { accountId: '1' }, { caller: 'x' }, { accountId: null, caller: null }])('%j is nobody', (identity) => {
    expect(() => iam(event(identity))).toThrow('the caller is not known');
  });
});

describe('by API key', () => {
  test('the customer, or the key itself where it was made elsewhere', () => {
    expect(apiKeys(event({ apiKeyId: 'abc123' }))).toBe('customer:acme');
    expect(apiKeys(event({ apiKeyId: 'def456' }))).toBe('api-key:def456');
  });

  test('a key that is called like a member of every object is no customer', () => {
    expect(apiKeys(event({ apiKeyId: 'constructor' }))).toBe('api-key:constructor');
  });

  test('without a key nobody', () => {
    expect(() => apiKeys(event({}))).toThrow('the caller is not known');
  });

  test('without customers each key is its own', () => {
    expect(ownerOf({ JOBWORKS_AUTHENTICATION: 'api-key' })(event({ apiKeyId: 'a' }))).toBe('api-key:a');
  });
});

describe('by Cognito', () => {
  const cognito = ownerOf({ JOBWORKS_AUTHENTICATION: 'cognito' });
  const token = (claims: unknown) => ({ requestContext: { identity: {}, authorizer: { claims } } }) as unknown as APIGatewayProxyEvent;
  const POOL = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AAAAAAAAA';
  const alice = cognito(token({ iss: POOL, sub: 'alice', email: 'alice@example.com' }));

  test('each subject of each pool is an owner, whatever else the token says', () => {
    expect(alice).toMatch(/^jwt:[\w-]{43}$/);
    expect(cognito(token({ iss: POOL, sub: 'alice', email: 'new@example.com', token_use: 'access' }))).toBe(alice);
    expect(cognito(token({ iss: POOL, sub: 'bob' }))).not.toBe(alice);
    expect(cognito(token({ iss: `${POOL}2`, sub: 'alice' }))).not.toBe(alice);
  });

  test('issuer and subject cannot be shifted into one another', () => {
    expect(cognito(token({ iss: 'a', sub: 'bc' }))).not.toBe(cognito(token({ iss: 'ab', sub: 'c' })));
    expect(cognito(token({ iss: 'a', sub: '","b' }))).not.toBe(cognito(token({ iss: 'a","', sub: 'b' })));
  });

  test.each([undefined, null, {}, { iss: POOL }, { sub: 'alice' }, { iss: POOL, sub: '' }, { iss: '', sub: 'alice' }, { iss: POOL, sub: 7 }])(
    'claims of %j are nobody\'s', (claims) => {
      expect(() => cognito(token(claims))).toThrow('the caller is not known');
    });

  test('without an authorizer nobody is known', () => {
    expect(() => cognito(event({ accountId: '1', caller: 'AIDA', apiKeyId: 'abc123' }))).toThrow('the caller is not known');
  });
});

describe('by nothing', () => {
  test('all callers of an open API are one owner, whoever they say they are', () => {
    expect(ownerOf({ JOBWORKS_AUTHENTICATION: 'none' })(event({ apiKeyId: 'abc123', accountId: '1', caller: 'AIDA' }))).toBe('anonymous');
  });

  test('without an API nobody is known', () => {
    expect(() => ownerOfAny({})(event({ apiKeyId: 'abc123' }))).toThrow('the caller is not known');
    expect(ownerOfAny({ JOBWORKS_AUTHENTICATION: 'none' })(event({}))).toBe('anonymous');
  });
});

test('an unknown way of authentication is a wrong deployment', () => {
  expect(() => ownerOf({ JOBWORKS_AUTHENTICATION: 'magic' })).toThrow('JOBWORKS_AUTHENTICATION is "magic"');
});
