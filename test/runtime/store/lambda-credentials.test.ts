import { defaultProvider } from '../../../src/runtime/store/lambda-credentials';

test('credentials are those of the function\'s environment', async () => {
  const saved = { ...process.env };
  try {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
    expect(await defaultProvider({})()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
  } finally {
    process.env = saved;
  }
});
