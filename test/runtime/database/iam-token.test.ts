import { iamToken } from '../../../src/runtime/database/iam-token';

const ADDRESS = { host: 'db.cluster-abc.eu-central-1.rds.amazonaws.com', port: 5432, role: 'app' };

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_SESSION_TOKEN = 'session+/=';
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 21) });
});
afterEach(() => jest.useRealTimers());

test('is a presigned request to connect, without its scheme, valid for a quarter of an hour', async () => {
  const token = await iamToken(ADDRESS, { AWS_REGION: 'eu-central-1' })();
  expect(token).toMatch(/^db\.cluster-abc\.eu-central-1\.rds\.amazonaws\.com:5432\/\?/);
  const query = new URL(`https://${token}`).searchParams;
  expect(Object.fromEntries(query)).toStrictEqual({
    'Action': 'connect',
    'DBUser': 'app',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20261121/eu-central-1/rds-db/aws4_request',
    'X-Amz-Date': '20261121T000000Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session+/=',
    'X-Amz-SignedHeaders': 'host',
    // what the SDK's own signer for RDS makes of the same
    'X-Amz-Signature': '9fbcd553a385ddf7aed39da872111b94e4d99c3aaa0b6e610e22945998e6e957',
  });
});

test('is signed anew each time', async () => {
  const token = iamToken(ADDRESS, { AWS_REGION: 'eu-central-1' });
  const first = await token();
  jest.setSystemTime(Date.UTC(2026, 10, 21, 1));
  expect(await token()).not.toBe(first);
});

test('needs to know the region', () => {
  expect(() => iamToken(ADDRESS, {})).toThrow(/AWS_REGION is missing/);
});
