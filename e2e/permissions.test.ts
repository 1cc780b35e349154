import { readFileSync } from 'node:fs';
import type { JobClient, JobStatus } from './job-client/job-client';
import { fireSchedule } from './local-cloud/control';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { WHOLE } from './pipelines/names';
import { messageFor, put, send } from './support/forge';
import { invoke } from './support/invoke';
import { allLogLines, linesWith } from './support/logs';
import { customer, ended, eventually, PIPELINES, useStack } from './support/use';

/** With every role enforced, each function of a pipeline does all that it is for: a permission that is missing shows here. */
const subject = useStack({ app: PIPELINES, stack: WHOLE.stack, auth: true });
const output = (name: string) => subject().deployed.deployment.output(name);
const call = <T>(name: string, event: unknown) => invoke<T>(subject().cloud, output(name), event);

/** Stands in payloads, checkpoints, results and files, and in no log. */
const SECRET = `canary-${Date.now()}`;
const KEY_SECRET = `idempotency-canary-${Date.now()}`;
/** The customer whose key is used. */
const OWNER = 'customer:acme';
const LONG = 'x'.repeat(70_000);
const payload = (plan: readonly string[], more: object = {}) => ({ plan, secret: SECRET, ...more });

let client: JobClient;
beforeAll(async () => {
  client = await customer(subject(), 'Keyacme');
});

async function accepted(sent: unknown, idempotencyKey?: string): Promise<string> {
  const { status, body } = await client.submit(sent, { idempotencyKey });
  expect([status, body]).toStrictEqual([202, expect.anything()]);
  return body.job_id;
}

describe('over the API', () => {
  test('a job is submitted, done and read', async () => {
    const id = await accepted(payload(['succeed']), KEY_SECRET);
    expect(await ended(client, id)).toMatchObject({ status: 'succeeded', result: { secret: SECRET } });
    expect((await client.submit(payload(['throw']), { idempotencyKey: KEY_SECRET })).status).toBe(409);
  });

  test('several are submitted at once, and each has its own answer', async () => {
    const { status, body } = await client.submitBatch([{ payload: payload(['succeed']) }, { payload: {} }, { payload: payload(['give-up']) }]);
    expect(status).toBe(202);
    expect(body.jobs).toMatchObject([{ job_id: expect.stringMatching(/^job_/) }, { error: { code: 'InvalidPayload' } }, { job_id: expect.stringMatching(/^job_/) }]);
    expect(await ended(client, body.jobs[2].job_id)).toMatchObject({ status: 'failed', error: { type: 'GivenUp' } });
  });

  test('jobs are listed, also by status', async () => {
    await ended(client, await accepted(payload(['give-up'])));
    const all = await client.list('limit=2');
    expect(all).toMatchObject({ status: 200, body: { jobs: [{}, {}], next_token: expect.any(String) } });
    const failed = await client.list('status=failed');
    expect(failed.body.jobs.length).toBeGreaterThan(0);
    expect(failed.body.jobs.filter(({ status }) => status !== 'failed')).toStrictEqual([]);
  });

  test('a job is cancelled', async () => {
    const id = await accepted(payload(['wait', 'slow']));
    expect((await client.cancel(id)).status).toBe(202);
    expect(await ended(client, id)).toMatchObject({ status: 'cancelled' });
  });

  test('a failed job is retried', async () => {
    const id = await accepted(payload(['give-up']));
    await ended(client, id);
    expect(await client.retry(id)).toMatchObject({ status: 202, body: { job_id: id, status: 'queued' } });
    expect(await ended(client, id)).toMatchObject({ status: 'failed', error: { type: 'GivenUp' } });
  });

  test('a file is uploaded and read by its job, whose long payload, checkpoint and result are in the bucket', async () => {
    const { status, body: { upload_id, url, fields, max_bytes } } = await client.upload({ content_type: 'text/plain' });
    expect([status, max_bytes]).toStrictEqual([201, WHOLE.maxUploadKibibytes * 1_024]);
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    form.append('file', new Blob([`${SECRET}.`.repeat(3)]), 'file.txt');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204);

    const id = await accepted(payload(['files'], { upload: upload_id, filler: LONG }));
    const job = await ended(client, id);
    expect(job).toMatchObject({ status: 'succeeded', result_url: expect.stringMatching(/^http/) });
    expect(job.result).toBeUndefined();
    const result = await (await fetch(job.result_url!)).json() as { bytes: number; location: { bucket: string }; secret: string };
    expect(result).toMatchObject({ bytes: 3 * (SECRET.length + 1), location: { bucket: output('BucketName') }, secret: SECRET });
  });
});

describe('without a caller', () => {
  test('a dead letter ends its job', async () => {
    const message = messageFor(OWNER, payload(['succeed']));
    await send(subject().cloud, output('DeadLetterQueueUrl'), message);
    expect(await ended(client, message.job_id)).toMatchObject({ status: 'failed', error: { type: 'DeadLettered' } });
  });

  test('what is overdue is failed by the sweeper', async () => {
    const { cloud, deployed } = subject();
    const message = messageFor(OWNER, payload(['succeed']), { deadline_at: Date.now() - 1_000 });
    await put(cloud, output('TableName'), message);
    await fireSchedule(cloud, await deployed.physicalId(WHOLE.stack, 'AWS::Events::Rule', 'Jobs'));
    expect(await ended(client, message.job_id)).toMatchObject({ status: 'failed', error: { type: 'DeadlineExceeded' } });
  });
});

describe('an operator', () => {
  interface Listed { readonly jobs: readonly { job_id: string; status: string; owner: string }[] }

  test('describes the pipeline, and finds its jobs', async () => {
    expect(await call('OperateName', { action: 'describe' })).toBeTruthy();
    const id = await accepted(payload(['give-up']));
    await ended(client, id);
    const { jobs } = await call<Listed>('OperateName', { action: 'list', failed_since: Date.now() - 60_000 });
    expect(jobs.map(({ job_id }) => job_id)).toContain(id);
    expect((await call<Listed>('OperateName', { action: 'list', owner: OWNER })).jobs.length).toBeGreaterThan(0);
    expect((await call<Listed>('OperateName', { action: 'list' })).jobs).toBeInstanceOf(Array);
    const { job } = await call<{ job: Record<string, unknown> }>('OperateName', { action: 'show', job_id: id });
    expect(job).toMatchObject({ job_id: id, owner: OWNER, generation: 0 });
    expect(job).not.toHaveProperty('payload');
  });

  test('retries one job, and all that failed since a time', async () => {
    const since = Date.now();
    const id = await accepted(payload(['give-up']));
    await ended(client, id);
    expect(await call('OperateName', { action: 'retry', job_id: id })).toMatchObject({ job_id: id, generation: 1 });
    await eventually(() => 'the second failure', 20, async () => (await shown(id)).generation === 1 && (await shown(id)).status === 'failed' || undefined);
    expect(await call('OperateName', { action: 'retry', failed_since: since })).toMatchObject({ retried: expect.any(Number) });
    await eventually(() => 'the third failure', 20, async () => (await shown(id)).generation === 2 && (await shown(id)).status === 'failed' || undefined);
  });

  test('pauses the pipeline, cancels what waits, and resumes it', async () => {
    await call('OperateName', { action: 'pause' });
    const [waiting, cancelled] = [await accepted(payload(['succeed'])), await accepted(payload(['succeed']))];
    expect(await call('OperateName', { action: 'cancel', job_id: cancelled })).toMatchObject({ job_id: cancelled });
    expect((await client.status(cancelled)).body.status).toBe('cancelled');
    await new Promise((done) => setTimeout(done, 2_000));
    expect((await client.status(waiting)).body.status).toBe('queued');
    await call('OperateName', { action: 'resume' });
    expect(await ended(client, waiting)).toMatchObject({ status: 'succeeded' });
  });

  async function shown(job_id: string): Promise<Record<string, unknown>> {
    return (await call<{ job: Record<string, unknown> }>('OperateName', { action: 'show', job_id })).job;
  }
});

test('past the API a job is submitted and read by who may invoke the functions, and a function is called for it', async () => {
  const { job_id, status } = await call<JobStatus>('CallsSubmitName', { payload: payload(['throw', 'succeed'], { filler: LONG }), owner: 'inside' });
  expect(status).toMatch(/queued|processing/);
  const read = () => call<JobStatus>('CallsStatusName', { job_id });
  const job = await eventually(() => `the end of ${job_id}`, 30, async () => {
    const found = await read();
    return found.status === 'succeeded' || found.status === 'failed' ? found : undefined;
  });
  expect(job).toMatchObject({ status: 'succeeded', attempt: 2, result: { secret: SECRET } });
  const { jobs } = await call<{ jobs: JobStatus[] }>('CallsStatusName', { owner: 'inside' });
  expect(jobs.map((one) => one.job_id)).toStrictEqual([job_id]);
  await expect(call('CallsStatusName', { job_id: 'job_00000000000000000000000000' })).rejects.toMatchObject({ type: 'NotFound' });
});

describe('in the end', () => {
  test('nothing was refused for want of a permission', () => {
    const lines = readFileSync(subject().cloud.logFile, 'utf8').split('\n');
    expect(lines.filter((line) => /AccessDenied|not authorized to perform/.test(line))).toStrictEqual([]);
  });

  test('no log line holds a payload, a result, a checkpoint, a file or a key', async () => {
    const { cloud, deployed } = subject();
    const keys = await Promise.all(WHOLE.customers.map((name) => deployed.apiKey(`Key${name}`)));
    const lines = await eventually(() => 'lines of every function', 10, async () => {
      const found = await allLogLines(cloud);
      return new Set(found.map(({ group }) => group)).size > 10 ? found : undefined;
    });
    expect(linesWith(lines, [SECRET, KEY_SECRET, LONG.slice(0, 100), 'X-Amz-Signature', ...keys])).toStrictEqual([]);
    expect(lines.length).toBeGreaterThan(100);
  });

  test('every resource became what the ledger promises', async () => {
    const { cloud, deployed: { deployment } } = subject();
    const ledger = await readLedger(cloud, deployment.stacks);
    assertLedger(ledger);
    expect(ledger.entries.length).toBeGreaterThan(150);
    expect(ledger.counts.skipped).toBe(0);
  });
});
