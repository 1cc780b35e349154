import { S3Client } from '@aws-sdk/client-s3';
import { objectSigner } from '../../../src/runtime/handlers/status/presigner';
import { signUpload } from '../../../src/runtime/handlers/uploads/sign-upload';
import { acceleration } from '../../../src/runtime/store/files/acceleration';
import { ENVIRONMENT } from '../../../src/runtime/wire/environment';

const TOLD = { [ENVIRONMENT.bucketAccelerated]: '1' };
const AWS = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

const before = { ...process.env };
beforeEach(() => Object.assign(process.env, AWS));
afterEach(() => { process.env = { ...before }; });

const client = (environment: Record<string, string>) => new S3Client(acceleration(environment));

test.each([
  ['the region', {}, 'files.s3.eu-central-1.amazonaws.com'],
  ['the nearest edge location', TOLD, 'files.s3-accelerate.amazonaws.com'],
])('forms and addresses lead to %s', async (_where, environment, host) => {
  const { url } = await signUpload(client(environment), 'files')({ key: 'a/b', maxBytes: 5, seconds: 3_600 });
  expect(new URL(url).host).toBe(host);
  const address = new URL(await objectSigner('files', environment)('a/b'));
  expect([address.host, address.pathname, address.searchParams.get('X-Amz-Expires')]).toEqual([host, '/a/b', '3600']);
});

test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])('an endpoint that somebody names (%s) has no edge locations', (name) => {
  expect(acceleration({ ...TOLD, [name]: 'http://127.0.0.1:1' })).toEqual({});
});
