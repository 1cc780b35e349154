import { OwnerHarness } from './owner-harness';
import { objectSigner } from '../../../src/runtime/handlers/status/presigner';
import { lazySigner } from '../../../src/runtime/handlers/status/result-url';
import { jobKey, ownerPrefix } from '../../../src/runtime/store/files/keys';
import { referenceTo } from '../../../src/runtime/store/files/stored-text';
import { ended, message } from '../../support/job-fixtures';

const { job_id, owner } = message();
const KEY = jobKey('Jobs-1A2B3C', owner, job_id, 'result-1');

let api: OwnerHarness;
beforeEach(() => {
  api = new OwnerHarness();
  api.sign = async (key) => `https://bucket/${key}?signed`;
});

const put = (key: string) => api.put(ended('succeeded', { result: referenceTo(key) }));

test('a result that is in the bucket is shown by its address', async () => {
  put(KEY);
  const { status, body } = await api.status(job_id);
  expect([status, body.result_url]).toEqual([200, `https://bucket/${KEY}?signed`]);
  expect(body).not.toHaveProperty('result');
});

test('one that is in the record has none, and a list has neither', async () => {
  api.put(ended('succeeded'));
  expect((await api.status(job_id)).body).not.toHaveProperty('result_url');
  put(KEY);
  expect((await api.list()).body.jobs).toEqual([expect.not.objectContaining({ result_url: expect.anything(), result: expect.anything() })]);
});

test('a text that begins like a reference is a text', async () => {
  api.put(ended('succeeded', { result: '"s3:key"' }));
  expect((await api.status(job_id)).body.result).toBe('s3:key');
});

test.each([
  ['another owner\'s file', jobKey('Jobs-1A2B3C', 'customer:other', job_id, 'result-1')],
  ['another pipeline\'s file', jobKey('invoices', owner, job_id, 'result-1')],
  ['a file beside the owner\'s', `${ownerPrefix('Jobs-1A2B3C', owner).slice(0, -1)}2/result`],
  ['the way out of the owner\'s files', `${ownerPrefix('Jobs-1A2B3C', owner)}../other/result`],
  ['a way about', `${ownerPrefix('Jobs-1A2B3C', owner)}./result`],
  ['nothing', ''],
])('%s is never signed', async (_, key) => {
  const signed: string[] = [];
  api.sign = async (given) => {
    signed.push(given);
    return 'https://bucket';
  };
  put(key);
  const { status, body } = await api.status(job_id);
  expect([status, body.error?.code, signed]).toEqual([500, 'InternalError', []]);
  expect(api.log.of('unexpected error')).toMatchObject({ error: { name: 'ResultUnreachable' } });
});

test('a bucket that was taken away is told in the log', async () => {
  api.sign = undefined;
  put(KEY);
  expect((await api.status(job_id)).status).toBe(500);
  expect(api.log.of('unexpected error')).toMatchObject({ error: { message: expect.stringContaining('the pipeline has none') } });
});

test('the signer is loaded once, with the first address, and again after a failure', async () => {
  let loads = 0;
  const sign = lazySigner(async () => {
    if (++loads === 1) throw new Error('no such chunk');
    return async (key) => `${key}?${loads}`;
  });
  expect(loads).toBe(0);
  await expect(sign('a')).rejects.toThrow('no such chunk');
  expect([await sign('a'), await sign('b')]).toEqual(['a?2', 'b?2']);
});

describe('an address', () => {
  const saved = { ...process.env };
  beforeEach(() => Object.assign(process.env, {
    AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token',
  }));
  afterEach(() => { process.env = { ...saved }; });

  test('is of this object, to be read, for an hour', async () => {
    const url = new URL(await objectSigner('files')(KEY));
    expect(url.protocol).toBe('https:');
    expect(`${url.hostname}${decodeURIComponent(url.pathname)}`).toBe(`files.s3.eu-central-1.amazonaws.com/${KEY}`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '3600', 'X-Amz-SignedHeaders': 'host', 'X-Amz-Security-Token': 'token', 'x-id': 'GetObject',
    });
    expect([...url.searchParams.keys()].filter((name) => !name.startsWith('X-Amz-'))).toEqual(['x-id']);
  });
});
