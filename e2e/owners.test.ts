import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import type { ApiResponse, JobClient } from './job-client/job-client';
import { WHOLE } from './pipelines/names';
import { messageFor, send } from './support/forge';
import { Records } from './support/records';
import { accepted, customer, ended, eventually, PIPELINES, useStack } from './support/use';
import { jobKey, uploadKey } from '../src/runtime/store/files/keys';
import { referenceTo } from '../src/runtime/store/files/stored-text';

/** Two customers, and no way from one to what is the other's. */
const subject = useStack({ app: PIPELINES, stack: WHOLE.stack, auth: true });
const output = (name: string) => subject().deployed.deployment.output(name);
const records = () => new Records(subject().cloud, output('TableName'));

const ACME = 'customer:acme';
const GLOBEX = 'customer:globex';
const SECRET = "acme's secret";
const UNKNOWN = 'job_00000000000000000000000000';

let acme: JobClient;
let globex: JobClient;
/** A failed job of acme's, so that it could be retried. */
let failed: string;

beforeAll(async () => {
  acme = await customer(subject(), 'Keyacme');
  globex = await customer(subject(), 'Keyglobex');
  failed = await accepted(acme, { plan: ['give-up'], secret: SECRET });
  await ended(acme, failed);
});

/** The answer, without what is different in each. */
const answer = ({ status, body }: ApiResponse<object>) => JSON.stringify([status, body]).replace(/"correlation_id":"[^"]*"/, '');

describe("another's job is as if it did not exist", () => {
  test.each<[string, (client: JobClient, id: string) => Promise<ApiResponse<object>>]>([
    ['read', (client, id) => client.status(id)],
    ['cancelled', (client, id) => client.cancel(id)],
    ['retried', (client, id) => client.retry(id)],
  ])('when it is %s', async (_, ask) => {
    const before = await records().read(failed);
    const answered = await ask(globex, failed);
    expect(answered.status).toBe(404);
    expect(answer(answered)).toBe(answer(await ask(globex, UNKNOWN)));
    expect(await records().read(failed)).toStrictEqual(before);
  });

  test('when jobs are listed, whatever is asked for', async () => {
    const mine = await accepted(globex, { plan: ['give-up'] });
    await ended(globex, mine);
    for (const query of ['', 'status=failed', 'limit=100', 'owner=customer:acme', 'owner=customer%3Aacme&status=failed', `job_id=${failed}`]) {
      const { status, body } = await globex.list(query);
      const ids = status === 200 ? body.jobs.map(({ job_id }) => job_id) : [];
      expect(ids).not.toContain(failed);
      expect(JSON.stringify(body)).not.toContain(SECRET);
      expect([200, 400]).toContain(status);
    }
  });

  test("when a page is asked for with another's token", async () => {
    for (let i = 0; i < 3; i++) await ended(acme, await accepted(acme, { plan: ['give-up'] }));
    const { body: { next_token = '' } } = await acme.list('limit=1');
    expect(next_token).not.toBe('');
    const { status, body } = await globex.list(`limit=100&next_token=${encodeURIComponent(next_token)}`);
    expect([200, 400]).toContain(status);
    if (status === 200) {
      const owners = await Promise.all(body.jobs.map(async ({ job_id }) => (await records().read(job_id))?.owner));
      expect(owners.filter((owner) => owner !== GLOBEX)).toStrictEqual([]);
    }
    // and one that was made up
    for (const made of [ACME, JSON.stringify({ owner: ACME, job_id: failed }), `${ACME}#1`]) {
      const forged = await globex.list(`next_token=${Buffer.from(made).toString('base64url')}`);
      expect(JSON.stringify(forged.body)).not.toContain(failed);
    }
  });

  test('when both use the same idempotency key', async () => {
    const payload = { plan: ['succeed'], secret: SECRET };
    const [one, other] = await Promise.all([acme, globex].map((client) => client.submit(payload, { idempotencyKey: 'the-same' })));
    expect([one.status, other.status]).toStrictEqual([202, 202]);
    expect(one.body.job_id).not.toBe(other.body.job_id);
    expect((await globex.submit({ plan: ['give-up'] }, { idempotencyKey: 'the-same' })).status).toBe(409); // with its own
  });
});

describe("another's file", () => {
  let upload: string;
  let long: string;
  beforeAll(async () => {
    const { body: { upload_id, url, fields } } = await acme.upload();
    await post(url, fields);
    upload = upload_id;
    long = await accepted(acme, { plan: ['files'], upload, secret: SECRET });
    expect(await ended(acme, long)).toMatchObject({ status: 'succeeded' });
  });

  async function post(url: string, fields: Readonly<Record<string, string>>): Promise<number> {
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    form.append('file', new Blob([SECRET]), 'file.txt');
    return (await fetch(url, { method: 'POST', body: form })).status;
  }

  test.each([
    ['by its id', () => upload],
    ['by a path to it', () => `../../${uploadKey(output('FilesPrefix'), ACME, upload).split('/').slice(1).join('/')}`],
    ['by its key', () => uploadKey(output('FilesPrefix'), ACME, upload)],
  ])('cannot be read by a job: %s', async (_, name) => {
    const job = await ended(globex, await accepted(globex, { plan: ['files'], upload: name() }), 60);
    expect(job.status).toBe('failed');
    expect(JSON.stringify(job)).not.toContain(SECRET);
  });

  test('cannot be written by a presigned post', async () => {
    const { body: { url, fields } } = await globex.upload();
    expect(await post(url, { ...fields, key: uploadKey(output('FilesPrefix'), ACME, upload) })).toBe(403);
    expect(await post(url, { ...fields, key: fields.key.replace(/[^/]+$/, 'another') })).toBe(403);
    expect(await post(url, fields)).toBe(204);
  });

  test('cannot be fetched by the address of a result', async () => {
    const mine = await globex.upload();
    await post(mine.body.url, mine.body.fields);
    const job = await ended(globex, await accepted(globex, { plan: ['files'], upload: mine.body.upload_id }));
    const ofAcme = new URL((await acme.status(long)).body.result_url!);
    const ofGlobex = new URL(job.result_url!);
    expect((await fetch(ofGlobex)).status).toBe(200);
    ofGlobex.pathname = ofAcme.pathname;
    expect((await fetch(ofGlobex)).status).toBe(403);
  });

  test('is under a prefix of its owner, and who knows the bucket alone cannot read it', async () => {
    const stranger = new S3Client({
      ...subject().cloud.clientConfig, forcePathStyle: true, credentials: { accessKeyId: 'AKIASTRANGER00000000', secretAccessKey: 'none' },
    });
    const Key = uploadKey(output('FilesPrefix'), ACME, upload);
    await expect(stranger.send(new GetObjectCommand({ Bucket: output('BucketName'), Key }))).rejects.toThrow();
  });
});

describe('a forged message', () => {
  test("changes nothing of another's job", async () => {
    const before = (await records().read(failed))!;
    for (const changes of [{ owner: GLOBEX }, { owner: GLOBEX, generation: 1 }, { payload_hash: 'another', generation: 1 }]) {
      await send(subject().cloud, output('QueueUrl'), messageFor(ACME, JSON.parse(before.payload), { ...changes, job_id: failed }));
    }
    await new Promise((done) => setTimeout(done, 3_000));
    expect(await records().read(failed)).toStrictEqual(before);
    expect((await globex.status(failed)).status).toBe(404);
  });

  test("does not lead to another's payload in the bucket", async () => {
    const long = await accepted(acme, { plan: ['succeed'], secret: SECRET, filler: 'x'.repeat(70_000) });
    await ended(acme, long);
    const [name] = /[^/]+$/.exec((await records().read(long))!.payload)!;
    const reference = referenceTo(jobKey(output('FilesPrefix'), ACME, long, name));
    expect((await records().read(long))!.payload).toBe(reference);
    const message = { ...messageFor(GLOBEX, {}), payload: reference };
    await send(subject().cloud, output('QueueUrl'), message);
    const record = await eventually(() => 'an end of the forged job', 60, async () => {
      const found = (await records().all()).find((one) => one.job_id === message.job_id || one.payload.includes(message.job_id));
      return found && ['failed', 'succeeded', 'cancelled'].includes(found.status) ? found : undefined;
    }, 500);
    expect(record.status).toBe('failed');
    expect(JSON.stringify(record)).not.toContain(SECRET);
  }, 90_000);
});
