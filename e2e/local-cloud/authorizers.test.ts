import { request } from 'node:http';
import { useParts } from './fixture/parts';
import { awsJson } from '../support/aws-json';

/** Who is let in by a user pool, and what stands around an API. */
const parts = useParts();
const output = (name: string) => parts().deployment.output(name);
const jobs = (init: RequestInit = {}) => fetch(`${parts().cloud.endpoint}/_aws/execute-api/${output('ApiId')}/v1/jobs`, init);

const PASSWORD = 'Correct-horse-1';
let token: string;

beforeAll(async () => {
  const call = awsJson(parts().cloud, 'cognito-idp', 'AWSCognitoIdentityProviderService');
  const user = { UserPoolId: output('PoolId'), Username: 'somebody@example.com' };
  await call('AdminCreateUser', user);
  await call('AdminSetUserPassword', { ...user, Password: PASSWORD, Permanent: true });
  const { AuthenticationResult } = await call<{ AuthenticationResult: { IdToken: string } }>('AdminInitiateAuth', {
    UserPoolId: output('PoolId'),
    ClientId: output('ClientId'),
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: user.Username, PASSWORD },
  });
  token = AuthenticationResult.IdToken;
});

test('a token of the pool is let in, and the function learns whose it is', async () => {
  const response = await jobs({ headers: { authorization: token } });
  expect(response.status).toBe(200);
  const { claims } = await response.json() as { claims: Record<string, string> };
  expect(claims).toMatchObject({ sub: expect.stringMatching(/./), iss: expect.stringContaining(output('PoolId')) });
});

test.each([
  ['none', () => undefined],
  ['nonsense', () => 'nonsense'],
  ['one with another signature', () => token.replace(/\.[^.]*$/, '.AAAA')],
  ['one of another pool', () => {
    const [header, payload] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string };
    const other = Buffer.from(JSON.stringify({ ...claims, iss: `${claims.iss}x` })).toString('base64url');
    return [header, other, token.split('.')[2]].join('.');
  }],
])('a token is refused: %s', async (_, made) => {
  const authorization = made();
  expect((await jobs(authorization === undefined ? {} : { headers: { authorization } })).status).toBe(401);
});

test('a page of an allowed origin may ask', async () => {
  const response = await jobs({ method: 'OPTIONS', headers: { 'origin': 'https://example.com', 'access-control-request-method': 'GET' } });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://example.com');
  expect(response.headers.get('access-control-allow-headers')).toBe('authorization,x-api-key');
});

test("the API answers under a domain of its own, without the stage's name", async () => {
  const { hostname, port } = new URL(parts().cloud.endpoint);
  const status = await new Promise<number | undefined>((answered, failed) => {
    const headers = { host: 'jobs.example.com', authorization: token }; // fetch would set the host itself
    request({ hostname, port, path: '/jobs', headers }, (response) => answered(response.resume().statusCode)).on('error', failed).end();
  });
  expect(status).toBe(200);
});
