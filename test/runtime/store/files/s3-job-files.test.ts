import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallLimits } from '../../../../src/runtime/store/aws-clients';
import * as s3 from '../../../../src/runtime/store/files/s3-client';
import { S3JobFiles } from '../../../../src/runtime/store/files/s3-job-files';

const LIMITS: CallLimits = { attempts: 2, connectMs: 200, requestMs: 200 };

const saved = { ...process.env };
const objects = new Map<string, { text: string; type?: string }>();
let calls: string[];
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let server: Server;

/** As much of S3 as the client speaks to, over HTTP, so that its time limits are real. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push(`${request.method} ${decodeURIComponent(new URL(request.url!, 'http://s3').pathname)}`);
      answer(request, response, Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});

afterAll(async () => {
  process.env = { ...saved };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  calls = [];
  objects.clear();
  answer = (request, response, body) => {
    if (request.method === 'PUT') {
      objects.set(request.url!, { text: body, type: request.headers['content-type'] });
      return response.end();
    }
    const found = objects.get(request.url!.replace('?x-id=GetObject', '?x-id=PutObject'));
    response.statusCode = found ? 200 : 404;
    return response.end(found?.text ?? '<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>');
  };
});

// a bucket with dots is part of the path, so that no name has to be resolved
const files = (limits = LIMITS) => new S3JobFiles('my.jobs.bucket', limits, async () => s3);
const KEY = 'drawings/hash-of_owner/jobs/job_1/payload-abc';

test('what is put is got, with one call each', async () => {
  const store = files();
  const text = JSON.stringify({ text: 'ångström 漢 "quoted" \u0000', many: 'x'.repeat(100_000) });
  await store.put(KEY, text);
  expect(await store.get(KEY)).toBe(text);
  expect(calls).toEqual([`PUT /my.jobs.bucket/${KEY}`, `GET /my.jobs.bucket/${KEY}`]);
  expect([...objects.values()]).toMatchObject([{ type: 'application/json' }]);
});

test('what is not there is an error', async () => {
  await expect(files().get(KEY)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('what is longer than is asked for is not read', async () => {
  let closed = Promise.resolve();
  answer = (_request, response) => {
    closed = new Promise((resolve) => response.on('close', resolve));
    response.setHeader('Content-Length', 64 * 1024 * 1024);
    response.write('"'); // and the rest never comes
  };
  await expect(files().get(KEY, 1_000_000)).rejects.toMatchObject({ name: 'FileTooLong', message: expect.stringContaining('67108864') });
  await closed; // its connection is not kept for what nobody reads
  expect(calls).toHaveLength(1);
});

test('what is just as long is', async () => {
  await files().put(KEY, 'x'.repeat(1_000));
  expect(await files().get(KEY, 1_000)).toHaveLength(1_000);
  await expect(files().get(KEY, 999)).rejects.toMatchObject({ name: 'FileTooLong' });
});

test('a bucket that does not answer is given up soon', async () => {
  answer = () => {};
  const started = Date.now();
  const outcomes = await Promise.allSettled([files().put(KEY, '1'), files().get(KEY)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(calls).toHaveLength(4);
  expect(Date.now() - started).toBeLessThan(2_000);
});

test('a long text has time that a short one has not', async () => {
  const slow = answer;
  answer = (...given) => setTimeout(() => slow(...given), 400);
  const once = { ...LIMITS, attempts: 1 };
  await expect(files(once).put(KEY, '1')).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(files(once).put(KEY, 'x'.repeat(4 * 1024 * 1024))).resolves.toBeUndefined();
});

test('an object whose rest does not come is given up', async () => {
  answer = (_request, response) => {
    response.setHeader('Content-Length', '1000');
    response.write('{"half":');
  };
  await expect(files().get(KEY)).rejects.toThrow('the object did not arrive within 201 ms');
});

test('the client is loaded with the first text, and once; an unlucky load does not spoil the next', async () => {
  const load = jest.fn(async () => s3).mockRejectedValueOnce(new Error('no such file'));
  const store = new S3JobFiles('my.jobs.bucket', LIMITS, load);
  expect(load).not.toHaveBeenCalled();
  await expect(store.put(KEY, '1')).rejects.toThrow('no such file');
  await Promise.all([store.put(KEY, '1'), store.put(`${KEY}-2`, '2')]);
  expect(load).toHaveBeenCalledTimes(2);
});
