import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appConfigSource } from '../../../src/runtime/config/appconfig-source';
import { ConfigReader, type Sources } from '../../../src/runtime/config/config-reader';
import { secretsSource } from '../../../src/runtime/config/secrets-source';
import { ConfigNotGranted, type ConfigSettings } from '../../../src/runtime/config/settings';
import { ssmSource } from '../../../src/runtime/config/ssm-source';

/** A service of AWS in as far as it is asked, over real HTTP. */
let server: Server;
let asked: string[];
let values: Record<string, string>;
let flags: Record<string, { enabled: boolean }> | undefined;

const SOURCES: Sources = {
  parameters: async () => ssmSource(),
  secrets: async () => secretsSource(),
  flags: async (application, environment) => appConfigSource(application, environment),
};
let reader: ConfigReader;
const parameter = async (name: string) => reader.parameter(name);
const secret = async (name: string) => reader.secret(name);
const flag = async (name: string) => reader.flag(name);

const SETTINGS: ConfigSettings = {
  path: '/stack/config',
  parameters: ['model'],
  existing: { theirs: '/their/parameter' },
  secrets: { provider: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:provider-AbCdEf' },
  flags: ['app1', 'env1', 'prof1'],
  flag_names: ['fast-path', 'gone'],
  max_age: 60,
};

const before = { ...process.env };
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target']?.toString().split('.').pop() ?? `${request.method} ${request.url?.split('?')[0]}`;
      const body = Buffer.concat(chunks).toString();
      asked.push(`${target} ${body}`);
      response.setHeader('Content-Type', 'application/x-amz-json-1.1');
      const given = body === '' ? {} : JSON.parse(body) as { readonly Name?: string; readonly SecretId?: string; readonly WithDecryption?: boolean };
      const value = values[given.Name ?? given.SecretId ?? ''];
      if (target === 'POST /configurationsessions') {
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ InitialConfigurationToken: 'token-1' }));
      } else if (target === 'GET /configuration') {
        response.setHeader('Content-Type', 'application/json').setHeader('Next-Poll-Configuration-Token', `token-${asked.length}`);
        response.end(flags && JSON.stringify(flags));
        flags = undefined; // what has not changed is not sent again
      } else if (value === undefined) {
        response.writeHead(400).end(JSON.stringify({ __type: target === 'GetParameter' ? 'ParameterNotFound' : 'ResourceNotFoundException' }));
      } else {
        response.end(JSON.stringify(target === 'GetParameter' ? { Parameter: { Value: value } } : { SecretString: value }));
      }
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});
beforeEach(() => {
  asked = [];
  values = { '/stack/config/model': 'small', '/their/parameter': 'theirs', [SETTINGS.secrets.provider!]: '{"key":"s3cret"}' };
  flags = { 'fast-path': { enabled: true } };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '1',
    JOBWORKS_CONFIG: JSON.stringify(SETTINGS),
  });
  reader = new ConfigReader(SOURCES);
});
afterEach(() => { process.env = { ...before }; });

test('a parameter is read by its name below the path, decrypted where it is encrypted', async () => {
  expect(await parameter('model')).toBe('small');
  expect(asked).toEqual(['GetParameter {"Name":"/stack/config/model","WithDecryption":true}']);
});

test('one that somebody else has made is read by the name that it has', async () => {
  expect(await parameter('theirs')).toBe('theirs');
});

test('a secret is its text', async () => {
  expect(JSON.parse(await secret('provider'))).toEqual({ key: 's3cret' });
});

test('what was read is believed for as long as is said, and then read again', async () => {
  process.env.JOBWORKS_CONFIG = JSON.stringify({ ...SETTINGS, max_age: 1 });
  expect([await parameter('model'), await parameter('model'), asked.length]).toEqual(['small', 'small', 1]);
  values['/stack/config/model'] = 'large';
  await new Promise((resolve) => { setTimeout(resolve, 1_100); });
  expect([await parameter('model'), asked.length]).toEqual(['large', 2]);
});

test('a flag is on or off; AppConfig is asked once for all, and sends nothing where nothing has changed', async () => {
  process.env.JOBWORKS_CONFIG = JSON.stringify({ ...SETTINGS, max_age: 1 });
  expect([await flag('fast-path'), await flag('gone')]).toEqual([true, false]);
  expect(asked.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(['POST /configurationsessions', 'GET /configuration']);
  expect(asked[0]).toContain('{"ApplicationIdentifier":"app1","EnvironmentIdentifier":"env1","ConfigurationProfileIdentifier":"prof1"}');
  await new Promise((resolve) => { setTimeout(resolve, 1_100); });
  expect([await flag('fast-path'), asked.length]).toEqual([true, 3]);
  flags = { 'fast-path': { enabled: false } };
  await new Promise((resolve) => { setTimeout(resolve, 1_100); });
  expect(await flag('fast-path')).toBe(false);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['parameter', async () => parameter('other'), "no parameter is called 'other': there are model, theirs. Fix: add it to the ConfigParameters of this function"],
  ['parameter of a name that objects have', async () => parameter('constructor'), "no parameter is called 'constructor'"],
  ['secret', async () => secret('other'), "no secret is called 'other': there are provider."],
  ['flag', async () => flag('other'), "no flag is called 'other': there are fast-path, gone."],
])('a %s that was not granted is told, with what there is, and nobody is asked', async (_kind, read, message) => {
  await expect(read()).rejects.toThrow(message);
  await expect(read()).rejects.toThrow(ConfigNotGranted);
  expect(asked).toEqual([]);
});

test('without flags there is none', async () => {
  const { flags: _flags, ...others } = SETTINGS;
  process.env.JOBWORKS_CONFIG = JSON.stringify({ ...others, flag_names: [] });
  await expect(flag('fast-path')).rejects.toThrow("no flag is called 'fast-path': there is none.");
});

test('a function that was granted nothing is told so', async () => {
  delete process.env.JOBWORKS_CONFIG;
  await expect(parameter('model')).rejects.toThrow('this function may read no configuration: JOBWORKS_CONFIG is not set. Fix: call config.grantRead(fn) in the app');
});

test('what AWS refuses is its error, and asked again the next time', async () => {
  delete values['/stack/config/model'];
  await expect(parameter('model')).rejects.toThrow();
  values['/stack/config/model'] = 'there by now';
  expect(await parameter('model')).toBe('there by now');
});

test('what cannot be loaded is loaded again the next time, and only once then', async () => {
  let loads = 0;
  reader = new ConfigReader({
    ...SOURCES,
    parameters: async () => {
      loads += 1;
      if (loads === 1) throw new Error('not there yet');
      return ssmSource();
    },
  });
  await expect(parameter('model')).rejects.toThrow('not there yet');
  expect([await parameter('model'), await parameter('theirs'), loads]).toEqual(['small', 'theirs', 2]);
});
