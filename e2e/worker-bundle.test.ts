import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LocalCloud } from './local-cloud/local-cloud';
import { newJobId } from '../src/runtime/protocol/job-id';
import { payloadHash } from '../src/runtime/protocol/payload';
import { JobRecord } from '../src/runtime/protocol/record';
import { DynamoDbJobStore } from '../src/runtime/store/dynamodb/dynamodb-job-store';
import { jobKey, uploadKey } from '../src/runtime/store/files/keys';
import { referenceTo } from '../src/runtime/store/files/stored-text';
import { newMessage } from '../src/runtime/store/job-messages';
import { SqsJobQueue } from '../src/runtime/store/sqs/sqs-job-queue';

/*
 * The layer as it is shipped, in a process of its own as Lambda starts it: handlers of every kind of module, on a real queue and table.
 */

const LAYER = resolve(__dirname, '../assets/layer-node/nodejs/node_modules/cdk-jobworks-worker');
const SETTINGS = { maxAttempts: 2, deadlineSeconds: 600, retentionSeconds: 600 };

let cloud: LocalCloud;
let dynamoDb: DynamoDBClient;
let sqs: SQSClient;
let store: DynamoDbJobStore;
let queueUrl: string;
let queueArn: string;
let code: string;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  dynamoDb = new DynamoDBClient(cloud.clientConfig);
  sqs = new SQSClient(cloud.clientConfig);
  store = new DynamoDbJobStore(dynamoDb, 'jobs');
  await dynamoDb.send(new CreateTableCommand({
    TableName: 'jobs',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'job_id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'job_id', KeyType: 'HASH' }],
  }));
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '600' } }))).QueueUrl!;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }));
  queueArn = Attributes!.QueueArn!;
});

afterAll(async () => {
  dynamoDb?.destroy();
  sqs?.destroy();
  await cloud?.stop();
});

beforeEach(() => {
  // not under the project, whose package.json and node_modules a handler must not find
  code = mkdtempSync(join(tmpdir(), 'jobworks-worker-'));
  cpSync(LAYER, join(code, 'layer'), { recursive: true });
});

afterEach(() => rmSync(code, { recursive: true }));

interface Invocation {
  readonly output: string;
  readonly exit: number | null;
  readonly answer?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

async function invoke(event: unknown, { handler = 'index.handler', remainingMs = 20_000, environment = {} } = {}): Promise<Invocation> {
  const child = spawn(process.execPath, ['--no-warnings', join(__dirname, 'worker-bundle', 'invoke.mjs')], {
    cwd: code,
    env: {
      PATH: process.env.PATH,
      ...cloud.env,
      LAMBDA_TASK_ROOT: code,
      JOBWORKS_PIPELINE: 'drawings',
      JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
      JOBWORKS_TABLE_NAME: 'jobs',
      JOBWORKS_QUEUE_URL: queueUrl,
      JOBWORKS_QUEUE_ARN: queueArn,
      JOBWORKS_HANDLER: handler,
      JOBWORKS_BACKOFF_FIRST_MS: '0',
      JOBWORKS_BACKOFF_MAX_MS: '0',
      JOBWORKS_BACKOFF_JITTER: '0',
      JOBWORKS_SHUTDOWN_MS: '1000',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; });
  child.stderr.on('data', (chunk) => { output += chunk; });
  child.stdin.end(JSON.stringify({ worker: pathToFileURL(join(code, 'layer/worker.mjs')).href, event, remainingMs }));
  const exit = await new Promise<number | null>((ended) => child.on('close', ended));
  const said = /^ANSWER (.*)$/m.exec(output)?.[1];
  return { output, exit, ...(said === undefined ? {} : JSON.parse(said) as object) };
}

interface Submitted {
  readonly job_id: string;
  /** The event of its next delivery. */
  readonly deliver: () => Promise<unknown>;
  readonly record: () => Promise<JobRecord | undefined>;
}

async function submitted(payload: unknown): Promise<Submitted> {
  const now = Date.now();
  const message = newMessage({
    job_id: newJobId(now), owner: 'public', payload: JSON.stringify(payload), payload_hash: payloadHash(payload), correlation_id: 'c-1',
  }, SETTINGS, now);
  await new SqsJobQueue(sqs, queueUrl).send(message, 0);
  return { job_id: message.job_id, deliver: async () => eventOf(await receive(message.job_id)), record: async () => store.read(message.job_id) };
}

async function receive(job_id: string): Promise<Message> {
  for (let tries = 0; tries < 20; tries++) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({
      QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, MessageSystemAttributeNames: ['All'],
    }));
    const found = Messages.find(({ Body }) => Body!.includes(job_id));
    if (found) return found;
  }
  throw new Error(`${job_id} was not delivered`);
}

function eventOf({ MessageId, ReceiptHandle, Body, Attributes }: Message): unknown {
  return {
    Records: [{
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: cloud.region,
    }],
  };
}

function write(file: string, text: string): void {
  writeFileSync(join(code, file), text);
}

const ACKNOWLEDGED = { batchItemFailures: [] };

test.each([
  ['index.mjs', 'export const handler = async (job) => ({ doubled: job.payload.n * 2 });'],
  ['index.js', 'exports.handler = async (job) => ({ doubled: job.payload.n * 2 });'],
  ['index.cjs', 'module.exports = { handler: (job) => ({ doubled: job.payload.n * 2 }) };'],
  // what a bundler makes of a CommonJS module: exports that nobody can see without running it
  ['index.js', 'const make = () => ({ handler: async (job) => ({ doubled: job.payload.n * 2 }) }); module.exports = make();'],
])('a handler in %s is run as a job', async (file, text) => {
  write(file, text);
  const { deliver, record, job_id } = await submitted({ n: 21 });
  const { answer, output } = await invoke(await deliver());
  expect(answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'succeeded', result: '{"doubled":42}', attempt: 1 });
  const lines = output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(expect.objectContaining({ message: 'attempt ended', service: 'drawings', job_id, outcome: 'succeeded' }));
  expect(lines).toContainEqual(expect.objectContaining({ Pipeline: 'drawings', JobsSucceeded: 1 }));
});

test('an attempt that fails comes back, and goes on from its checkpoint', async () => {
  write('index.mjs', `export const handler = async (job) => {
    if (job.checkpoint) return { from: job.checkpoint, attempt: job.attempt };
    await job.saveCheckpoint({ page: 7 }, { stage: 'read' });
    throw job.retryLater(0);
  };`);
  const { deliver, record } = await submitted({});
  expect((await invoke(await deliver())).answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'queued', current_stage: 'read', attempt: 0 });
  expect((await invoke(await deliver())).answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'succeeded', result: '{"from":{"page":7},"attempt":1}', run: 2 });
});

test.each([
  ['a rejection that nobody handles', 'Promise.reject(new RangeError("lost")); await new Promise(() => {});', 'RangeError'],
  ['an exception out of a callback', 'setImmediate(() => { throw new RangeError("lost"); }); await new Promise(() => {});', 'RangeError'],
  ['a signal that nobody listens to, and then a checkpoint', 'await new Promise((resolve) => setTimeout(resolve, 1500)); await job.saveCheckpoint(1);', 'TimeoutNear'],
])('%s is recorded, and tried again', async (_, body, type) => {
  write('index.mjs', `export const handler = async (job) => { ${body} };`);
  const { deliver, record } = await submitted({});
  const first = await invoke(await deliver(), { remainingMs: 2_000 });
  expect(await record()).toMatchObject({ status: 'queued', error: { type } });
  expect(first.exit).toBe(type === 'TimeoutNear' ? 0 : 1);

  write('index.mjs', 'export const handler = async (job) => job.checkpoint ?? "again";');
  expect((await invoke(await deliver())).answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'succeeded' });
});

test.each<[string, string, object]>([
  ['that the job failed', 'throw job.failed("no drawing", "Unreadable")', { status: 'failed', error: { type: 'Unreadable', message: 'no drawing' } }],
  ['that the job was cancelled', 'throw job.cancelled()', { status: 'cancelled' }],
  ['by an error of its own that the job failed', 'throw Object.assign(new Error("no"), { name: "JobFailed" })', { status: 'failed' }],
  ['nothing, aborted by the signal', 'await (await import("node:timers/promises")).setTimeout(9000, 0, { signal: job.signal })', {
    status: 'queued', error: { type: 'TimeoutNear' },
  }],
])('a handler says %s', async (_, body, expected) => {
  write('index.mjs', `export const handler = async (job) => { ${body}; };`);
  const { deliver, record } = await submitted({});
  await invoke(await deliver(), { remainingMs: 2_000 });
  expect(await record()).toMatchObject(expected);
});

test('a process that is killed is made good soon after its own time', async () => {
  write('index.mjs', 'export const handler = async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); };');
  const { deliver, record } = await submitted({});
  const started = Date.now();
  expect((await invoke(await deliver(), { remainingMs: 1_000 })).answer).toBeUndefined();
  expect(await record()).toMatchObject({ status: 'processing', attempt: 1 });

  write('index.mjs', 'export const handler = async (job) => job.attempt;');
  const again = await deliver(); // hidden for the second that was left and the margin, not for the queue's ten minutes
  expect(Date.now() - started).toBeLessThan(15_000);
  expect((await invoke(again)).answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'succeeded', result: '2' });
});

test('what is large goes to the bucket and comes back, and an upload is read: the client of S3 is loaded when it is needed', async () => {
  const s3 = new S3Client({ ...cloud.clientConfig, forcePathStyle: true });
  const upload_id = 'upl_01KDVDNB00ABCDEFGHJKMNPQRS';
  await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: uploadKey('Jobs-1A2B3C', 'public', upload_id), Body: 'a drawing' }));
  write('index.mjs', `export const handler = async (job) => {
    if (!job.checkpoint) {
      await job.saveCheckpoint({ text: 'c'.repeat(70_000) });
      throw job.retryLater('0');
    }
    return { upload: (await job.readUpload(job.payload.upload_id)).toString(), ...job.checkpoint };
  };`);
  const environment = { JOBWORKS_BUCKET: 'files' };
  const { deliver, record, job_id } = await submitted({ upload_id });
  expect((await invoke(await deliver(), { environment })).answer).toEqual(ACKNOWLEDGED);
  const key = (name: string) => jobKey('Jobs-1A2B3C', 'public', job_id, name);
  expect(await record()).toMatchObject({ status: 'queued', checkpoint: referenceTo(key('checkpoint-0-1-1')) });
  expect((await invoke(await deliver(), { environment })).answer).toEqual(ACKNOWLEDGED);
  expect(await record()).toMatchObject({ status: 'succeeded', result: referenceTo(key('result-0-2')) });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: key('result-0-2') }));
  expect(JSON.parse(await Body!.transformToString())).toEqual({ upload: 'a drawing', text: 'c'.repeat(70_000) });
  s3.destroy();
});

test('an event of another source reaches the handler as it came', async () => {
  write('index.mjs', 'export const handler = async (event) => ({ event });');
  expect((await invoke({ detail: { a: 1 } })).answer).toEqual({ event: { detail: { a: 1 } } });
});

test.each([
  ['index.missing', {}, 'HandlerExportNotFound'],
  ['nowhere.handler', {}, 'HandlerModuleNotFound'],
  ['index', {}, 'HandlerStringInvalid'],
  ['index.handler', { JOBWORKS_TABLE_NAME: '' }, 'ConfigurationError'],
  ['broken.handler', {}, 'SyntaxError'],
])('%s %j does not start: %s', async (handler, environment, name) => {
  write('index.mjs', 'export const handler = async () => {};');
  write('broken.mjs', 'export const handler = async () => {');
  expect((await invoke({}, { handler, environment })).error).toMatchObject({ name });
});
