import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AUDIENCE, LIMIT, PIPELINES } from './http-api/stack';
import { client, keys, newKey, useHttp } from './http-api/use-http';
import type { ApiResponse, JobClient } from './job-client/job-client';
import { anonymous, apiKey, awsCredentials, type Signer } from './job-client/signers';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { Records } from './support/records';
import { accepted, ended } from './support/use';

/** A pipeline behind an HTTP API, with handlers, authorizer and command line as they are shipped. */
const subject = useHttp();
const job = { plan: ['succeed'] };

const withKey = (key: string) => client(subject(), 'Keys', apiKey(key));
const bearer = (token: string): Signer => async (request) => ({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
const withToken = (token: string) => client(subject(), 'Tokens', bearer(token));
const tokenOf = (sub: string, claims: object = {}) => subject().issuer.token({ sub, aud: AUDIENCE, ...claims });

/** That nothing was done about a request: no message, no record. */
async function expectNoWork(pipeline: 'Keys' | 'Tokens', ask: () => Promise<void>): Promise<void> {
  const count = async () => (await new Records(subject().cloud, subject().deployed.deployment.output(`${pipeline}Table`)).all()).length;
  const before = await count();
  await ask();
  const { Attributes } = await new SQSClient(subject().cloud.clientConfig).send(new GetQueueAttributesCommand({
    QueueUrl: subject().deployed.deployment.output(`${pipeline}Queue`), AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  expect(await count()).toBe(before);
}

/** Every route, asked by somebody. */
async function everywhere(somebody: JobClient): Promise<number[]> {
  const id = 'job_00000000000000000000000000';
  const answers: Promise<ApiResponse<unknown>>[] = [
    somebody.submit(job), somebody.submitBatch([{ payload: job }]), somebody.list(), somebody.status(id), somebody.cancel(id), somebody.retry(id),
    somebody.request('GET', '/nowhere'),
  ];
  return (await Promise.all(answers)).map(({ status }) => status);
}

describe('keys', () => {
  let acme: string;
  let globex: string;
  beforeAll(async () => {
    acme = await newKey(subject(), 'acme');
    globex = await newKey(subject(), 'globex');
  });

  test('a key is printed once, and lists show its beginning alone', async () => {
    expect(acme).toMatch(/^jw_[a-z2-7]{8}_[\w-]{43}$/);
    const { stdout, exit } = await keys(subject(), 'list', '--customer', 'acme');
    expect(exit).toBe(0);
    expect(stdout).toContain(acme.slice(0, 11));
    expect(stdout).not.toContain(acme.slice(12));
    expect(stdout).not.toContain('globex');
  });

  test('its customer submits a job and reads how it ended, at the address that the answer names', async () => {
    const { status, body, headers } = await withKey(acme).submit(job, { correlationId: 'order-4711' });
    expect([status, headers.get('x-correlation-id')]).toEqual([202, 'order-4711']);
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
    expect(await ended(withKey(acme), body.job_id)).toMatchObject({ status: 'succeeded' });
    expect((await new Records(subject().cloud, subject().deployed.deployment.output('KeysTable')).read(body.job_id))?.owner).toBe('customer:acme');
  });

  test('two keys of a customer are one owner, and nobody else sees the job, cancels it or retries it', async () => {
    const id = await accepted(withKey(acme), { plan: ['give-up'] });
    const second = withKey(await newKey(subject(), 'acme'));
    expect(await ended(second, id)).toMatchObject({ status: 'failed' });
    const other = withKey(globex);
    expect((await Promise.all([other.status(id), other.cancel(id), other.retry(id)])).map(({ status }) => status)).toEqual([404, 404, 404]);
    const { body: { jobs } } = await other.list();
    expect(jobs.map(({ job_id }) => job_id)).not.toContain(id);
    expect((await second.list()).body.jobs.map(({ job_id }) => job_id)).toContain(id);
  });

  test('what is wrong with a request is told in the one format, and so is what is none of our routes', async () => {
    const somebody = withKey(acme);
    expect(await somebody.submit({ plan: 7 })).toMatchObject({ status: 400, body: { error: { code: 'InvalidPayload', correlation_id: expect.any(String) } } });
    expect(await somebody.request('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'NotFound', message: 'no such route' } } });
    expect(await somebody.request('DELETE', '/jobs')).toMatchObject({ status: 404, body: { error: { code: 'NotFound', message: 'no such route' } } });
    expect((await somebody.request('POST', '/jobs', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('without a key every route is 401, and with one that nobody has 403: nothing is done', async () => {
    await expectNoWork('Keys', async () => {
      expect(new Set(await everywhere(client(subject(), 'Keys', anonymous)))).toEqual(new Set([401]));
      for (const wrong of ['nonsense', `${acme}x`, acme.slice(0, -1), `jw_aaaaaaaa_${'A'.repeat(43)}`, `${acme},${globex}`]) {
        expect([wrong, new Set(await everywhere(withKey(wrong)))]).toEqual([wrong, new Set([403])]);
      }
    });
  });

  test('one that is revoked is 403 from then on, and another of the same customer is not', async () => {
    const [first, second] = [await newKey(subject(), 'initech'), await newKey(subject(), 'initech')];
    expect((await withKey(first).list()).status).toBe(200);
    const { exit, stdout } = await keys(subject(), 'revoke', first.slice(0, 11));
    expect([exit, stdout]).toEqual([0, expect.stringContaining('initech')]);
    await expectNoWork('Keys', async () => {
      expect(new Set(await everywhere(withKey(first)))).toEqual(new Set([403]));
    });
    expect((await withKey(second).list()).status).toBe(200);
    expect((await keys(subject(), 'list', '--customer', 'initech')).stdout).toMatch(/revoked/);
  });

  test('exactly as many as the limit allows are accepted in a minute, of eight clients with one key; another is not concerned', async () => {
    const [mine, yours] = [withKey(await newKey(subject(), 'umbrella')), withKey(await newKey(subject(), 'wayne'))];
    const most = LIMIT.perMinute + LIMIT.burst;
    await untilMinuteIsYoung();
    const minute = Math.floor(Date.now() / 60_000);
    const answers: ApiResponse<unknown>[] = [];
    const others: number[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 12; i++) answers.push(await mine.submit(job)); // 96 in all
    });
    const another = async () => {
      for (let i = 0; i < 5; i++) others.push((await yours.submit(job)).status);
    };
    await Promise.all([...clients, another()]);
    expect(Math.floor(Date.now() / 60_000)).toBe(minute); // or else this has shown nothing
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(most);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused).toHaveLength(8 * 12 - most);
    for (const { status, headers, body } of refused) {
      expect([status, body]).toMatchObject([429, { error: { code: 'TooManyRequests' } }]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect([...others, (await yours.submit(job)).status]).toEqual(Array(6).fill(202));
    expect((await mine.list()).status).toBe(200); // to read has an allowance of its own
  }, 180_000);

  /** The machine may be busy: 96 requests must be through before the next minute begins. */
  async function untilMinuteIsYoung(): Promise<void> {
    const passed = Date.now() % 60_000;
    if (passed > 5_000) await sleep(60_000 - passed + 50);
  }
});

describe('tokens', () => {
  test('whom a token is about owns the job, by issuer and subject', async () => {
    const id = await accepted(withToken(tokenOf('alice')), { plan: ['succeed'] });
    expect(await ended(withToken(tokenOf('alice', { jti: 'another' })), id)).toMatchObject({ status: 'succeeded' });
    const bob = withToken(tokenOf('bob'));
    expect((await Promise.all([bob.status(id), bob.cancel(id), bob.retry(id)])).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await bob.list()).body.jobs).toEqual([]);
    const record = await new Records(subject().cloud, subject().deployed.deployment.output('TokensTable')).read(id);
    expect(record?.owner).toMatch(/^jwt:[\w-]{43}$/);
  });

  test.each<[string, () => string]>([
    ['that is none', () => 'nonsense'],
    ['that has expired', () => tokenOf('alice', { exp: Math.floor(Date.now() / 1000) - 1 })],
    ['that is not valid yet', () => tokenOf('alice', { nbf: Math.floor(Date.now() / 1000) + 600 })],
    ['for somebody else', () => tokenOf('alice', { aud: 'another' })],
    ['of another issuer', () => tokenOf('alice', { iss: 'http://127.0.0.1:1' })],
    ['signed by another key', () => subject().issuer.token({ sub: 'alice', aud: AUDIENCE }, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
    ['that was changed', () => tokenOf('alice').replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify({ iss: subject().issuer.url, sub: 'bob', aud: AUDIENCE })).toString('base64url')}.`)],
  ])('a token %s is 401 on every route, and nothing is done', async (_, token) => {
    await expectNoWork('Tokens', async () => {
      expect(new Set(await everywhere(withToken(token())))).toEqual(new Set([401]));
    });
  });

  test('so is a request without one', async () => {
    expect(new Set(await everywhere(client(subject(), 'Tokens', anonymous)))).toEqual(new Set([401]));
  });

  test('a page of an allowed origin may ask without a token, and reads what is answered', async () => {
    const page = { 'origin': 'https://app.example.com', 'access-control-request-method': 'POST' };
    const asked = await client(subject(), 'Tokens', anonymous).request('OPTIONS', '/jobs', undefined, page);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
    const { headers } = await withToken(tokenOf('alice')).request('GET', '/jobs', undefined, page);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('access-control-expose-headers')).toContain('X-Correlation-Id');
  });

  test('keys cannot be made where there are none', async () => {
    const { exit, stderr } = await keys(subject(), 'create', '--customer', 'acme', '--pipeline', PIPELINES.tokens);
    expect([exit, stderr]).toEqual([1, expect.stringContaining('issues no API keys')]);
  });
});

describe('IAM', () => {
  const administrator = () => client(subject(), 'Iam', awsCredentials(subject().cloud.clientConfig.credentials, subject().cloud.region));

  test('whoever signs owns the job', async () => {
    const id = await accepted(administrator(), job);
    expect(await ended(administrator(), id)).toMatchObject({ status: 'succeeded' });
    const record = await new Records(subject().cloud, subject().deployed.deployment.output('IamTable')).read(id);
    expect(record?.owner).toMatch(/^iam:000000000000:/);
  });

  test('who does not is refused on every route', async () => {
    expect(new Set(await everywhere(client(subject(), 'Iam', anonymous)))).toEqual(new Set([403]));
  });
});

test('every resource became what the ledger promises', async () => {
  const { cloud, deployed: { deployment } } = subject();
  const ledger = await readLedger(cloud, deployment.stacks);
  assertLedger(ledger);
  expect(ledger.entries.find(({ type }) => type === 'AWS::IAM::Policy')?.state).toBe('executed'); // so that what a function may not do it cannot do
  expect(ledger.entries.filter(({ type }) => type === 'AWS::ApiGatewayV2::Authorizer')).toHaveLength(2);
});
