import { S3Client } from '@aws-sdk/client-s3';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ACME, request, said, type Said } from './api-harness';
import { route } from '../../../src/runtime/handlers/http/route';
import { signUpload } from '../../../src/runtime/handlers/uploads/sign-upload';
import { uploads, type UploadParts } from '../../../src/runtime/handlers/uploads/uploads';
import { ownerPrefix } from '../../../src/runtime/store/files/keys';
import { UPLOAD_ID_PATTERN } from '../../../src/runtime/store/files/upload-id';
import { NOW } from '../../support/job-fixtures';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

const MAX = 1_000_000;
let log: MemoryLog;
let client: S3Client;
let parts: UploadParts;

beforeEach(() => {
  log = new MemoryLog();
  client = new S3Client({ region: 'eu-central-1', credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' } });
  parts = { filesPrefix: 'Jobs-1A2B3C', ownerOf: ACME, sign: signUpload(client, 'files'), maxBytes: MAX, now: () => NOW };
});

async function ask(body?: unknown, more: Partial<APIGatewayProxyEvent> = {}): Promise<Said> {
  const handler = route(async (given) => uploads(given, parts), { log, metrics: new MemoryMetrics(), environment: {} });
  return said(await handler({ ...request('key1'), body: body === undefined ? null : JSON.stringify(body), ...more }));
}

type Form = { upload_id: string; url: string; fields: Record<string, string> };

function policyOf({ body }: Said): { expiration: string; conditions: unknown[] } {
  return JSON.parse(Buffer.from((body as unknown as Form).fields.Policy, 'base64').toString());
}

test('without a body a form comes back, for one file under a key that the caller has not chosen', async () => {
  const answer = await ask();
  expect(answer.status).toBe(201);
  const { upload_id, url, fields } = answer.body as unknown as Form;
  expect(upload_id).toMatch(UPLOAD_ID_PATTERN);
  expect(url).toBe('https://files.s3.eu-central-1.amazonaws.com/');
  expect(fields.key).toBe(`${ownerPrefix('Jobs-1A2B3C', 'customer:acme')}uploads/${upload_id}`);
  expect(answer.body).toEqual({ upload_id, url, fields, expires_at: new Date(NOW + 3_600_000).toISOString(), max_bytes: MAX });
});

test('the policy fixes everything that the form may say', async () => {
  const answer = await ask({ content_type: 'application/pdf', size_bytes: 5 });
  const { fields } = answer.body as unknown as Form;
  const { conditions, expiration } = policyOf(answer);
  const { Policy: _policy, 'X-Amz-Signature': signature, ...fixed } = fields;
  expect(conditions).toHaveLength(Object.keys(fixed).length + 1);
  expect(conditions).toEqual(expect.arrayContaining([['content-length-range', 1, MAX], ...Object.entries(fixed).map(([name, value]) => ({ [name]: value }))]));
  expect(Object.keys(fixed).sort()).toEqual([
    'Content-Type', 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Security-Token', 'bucket', 'key',
  ]);
  expect(fixed).toMatchObject({ 'bucket': 'files', 'Content-Type': 'application/pdf' });
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  const inAnHour = Date.now() + 3_600_000;
  expect(Math.abs(Date.parse(expiration) - inAnHour)).toBeLessThan(60_000);
});

test('without a type the form may not give one', async () => {
  expect(JSON.stringify(policyOf(await ask({})))).not.toMatch(/content-type/i);
});

test('each form is another upload, and each owner has a place of its own', async () => {
  const [one, two] = [await ask(), await ask()];
  const other = await ask(undefined, { requestContext: request('key2').requestContext });
  const keys = [one, two, other].map(({ body }) => (body as unknown as Form).fields.key);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2].startsWith(ownerPrefix('Jobs-1A2B3C', 'customer:other'))).toBe(true);
});

test('no call is made', async () => {
  const send = jest.spyOn(client, 'send');
  expect((await ask({ size_bytes: MAX })).status).toBe(201);
  expect(send).not.toHaveBeenCalled();
});

test.each<[string, unknown, number, string, string]>([
  ['a file that is too large', { size_bytes: MAX + 1 }, 413, 'PayloadTooLarge', 'an upload has at most 1000000 bytes, not 1000001'],
  ['an empty file', { size_bytes: 0 }, 400, 'BadRequest', '"size_bytes" must be a whole number from 1'],
  ['a part of a byte', { size_bytes: 1.5 }, 400, 'BadRequest', '"size_bytes" must be'],
  ['a size in words', { size_bytes: '5' }, 400, 'BadRequest', '"size_bytes" must be'],
  ['no media type', { content_type: 'pdf' }, 400, 'BadRequest', '"content_type" must be a media type'],
  ['a header in the type', { content_type: 'text/plain\r\nx-amz-acl: public-read' }, 400, 'BadRequest', '"content_type" must be'],
  ['a key of one\'s own', { key: 'customers/other/file' }, 400, 'BadRequest', '"key" is unknown: there are content_type, size_bytes'],
  ['a list', [], 400, 'BadRequest', 'it must be an object'],
  ['null', null, 400, 'BadRequest', 'it must be an object'],
  ['the file itself', 'x'.repeat(5_000), 413, 'PayloadTooLarge', 'the file itself goes to the address in the answer'],
])('%s is refused', async (_what, body, status, code, message) => {
  const answer = await ask(body);
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  expect(answer.body.error?.message).toContain(message);
});

test.each([
  ['no JSON', { body: '{' }, 400],
  ['another type', { body: '{}', headers: { 'Content-Type': 'application/pdf' } }, 415],
  ['nobody', { requestContext: request(null).requestContext }, 401],
])('%s is refused', async (_what, event, status) => {
  expect((await ask(undefined, event as Partial<APIGatewayProxyEvent>)).status).toBe(status);
});

test.each(['application/pdf', 'image/svg+xml', 'text/plain; charset=utf-8', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'])(
  '%s is a media type', async (content_type) => {
    expect((await ask({ content_type })).status).toBe(201);
  });

test('what cannot be signed is tried again later, and the log says why but not the form', async () => {
  parts = { ...parts, sign: async () => { throw new Error('no credentials'); } };
  const { status, body, headers } = await ask();
  expect([status, body.error?.code, headers['Retry-After']]).toEqual([503, 'ServiceUnavailable', '1']);
  expect(log.of('the upload could not be signed')).toMatchObject({ error: { message: 'no credentials' } });
});

test('no log line holds a signature', async () => {
  const { body } = await ask();
  const { fields } = body as unknown as Form;
  expect(JSON.stringify(log.lines)).not.toContain(fields['X-Amz-Signature']);
  expect(JSON.stringify(log.lines)).not.toContain(fields.Policy);
});
