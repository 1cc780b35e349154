import { defaultProvider } from '../../../src/runtime/store/lambda-credentials';

const saved = { ...process.env };

beforeEach(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' }));
afterEach(() => { process.env = { ...saved }; });

test('credentials are those of the function\'s environment', async () => {
  expect(await defaultProvider({})()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

test('the environment is read once for each client, and not for each call', async () => {
  const provider = defaultProvider({});
  const first = await provider();
  delete process.env.AWS_ACCESS_KEY_ID;
  expect(await provider()).toBe(first);
  await expect(defaultProvider({})()).rejects.toThrow('Unable to find environment variable credentials');
});
