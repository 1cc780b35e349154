import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { useParts } from './fixture/parts';

/** What uploads and large results rely on in a bucket. Without `auth` a post's policy is checked and its signature is not. */
const parts = useParts({ auth: true });
const Bucket = () => parts().deployment.output('BucketName');
const s3 = () => new S3Client({ ...parts().cloud.clientConfig, forcePathStyle: true });
const LIMIT_BYTES = 1_000;
const KEY = 'parts/uploads/one';

interface Changes {
  readonly fields?: Record<string, string>;
  readonly bytes?: number;
  readonly seconds?: number;
  readonly waitMs?: number;
}

async function post(changes: Changes = {}): Promise<{ status: number; text: string }> {
  const { url, fields } = await createPresignedPost(s3(), {
    Bucket: Bucket(),
    Key: KEY,
    Expires: changes.seconds ?? 60,
    Conditions: [['content-length-range', 1, LIMIT_BYTES]],
    Fields: { 'Content-Type': 'text/plain' },
  });
  await new Promise((done) => setTimeout(done, changes.waitMs ?? 0));
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes.fields })) form.append(name, value);
  form.append('file', new Blob(['x'.repeat(changes.bytes ?? 10)]), 'file.txt');
  const response = await fetch(url, { method: 'POST', body: form });
  return { status: response.status, text: await response.text() };
}

const stored = async (Key: string) => (await s3().send(new GetObjectCommand({ Bucket: Bucket(), Key }))).Body!.transformToString();

describe('a presigned post', () => {
  test('uploads what fits', async () => {
    expect((await post({ bytes: LIMIT_BYTES })).status).toBe(204);
    expect(await stored(KEY)).toHaveLength(LIMIT_BYTES);
  });

  test.each([
    ['too much', { bytes: LIMIT_BYTES + 1 }, 400, 'EntityTooLarge'],
    ['nothing', { bytes: 0 }, 400, 'EntityTooSmall'],
    ['to another key', { fields: { key: 'parts/uploads/another' } }, 403, 'AccessDenied'],
    ['as another type', { fields: { 'Content-Type': 'text/html' } }, 403, 'AccessDenied'],
    ['with a field of its own', { fields: { acl: 'public-read' } }, 403, 'AccessDenied'],
    ['with another signature', { fields: { 'X-Amz-Signature': '0'.repeat(64) } }, 403, 'SignatureDoesNotMatch'],
    ['too late', { seconds: 1, waitMs: 1_200 }, 403, 'AccessDenied'],
  ])('refuses %s', async (_, changes, status, code) => {
    const answer = await post(changes);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(`<Code>${code}</Code>`) });
  });

  test('leaves nothing where it was refused', async () => {
    await expect(stored('parts/uploads/another')).rejects.toBeInstanceOf(NoSuchKey);
  });
});

describe('a presigned address', () => {
  const KEY_OF_RESULT = 'parts/results/one';
  const address = async (expiresIn = 60) => getSignedUrl(s3(), new GetObjectCommand({ Bucket: Bucket(), Key: KEY_OF_RESULT }), { expiresIn });
  beforeAll(async () => {
    await s3().send(new PutObjectCommand({ Bucket: Bucket(), Key: KEY_OF_RESULT, Body: '{"a":1}', ContentType: 'application/json' }));
  });

  test('gives the object to whoever has it', async () => {
    const response = await fetch(await address());
    expect([response.status, await response.json()]).toStrictEqual([200, { a: 1 }]);
  });

  test('gives no other object', async () => {
    expect((await fetch((await address()).replace('results/one', 'uploads/one'))).status).toBe(403);
  });

  test('ends', async () => {
    const url = await address(1);
    await new Promise((done) => setTimeout(done, 1_200));
    expect((await fetch(url)).status).toBe(403);
  });
});
