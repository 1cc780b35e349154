import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LocalCloud } from './local-cloud/local-cloud';
import { SubmitLimit } from '../src/runtime/handlers/limit/submit-limit';
import { signUpload } from '../src/runtime/handlers/uploads/sign-upload';
import { parseMessage } from '../src/runtime/protocol/message';
import { WORKER_LIMITS } from '../src/runtime/store/aws-clients';
import { DynamoDbCounter } from '../src/runtime/store/dynamodb/dynamodb-counter';
import * as s3 from '../src/runtime/store/files/s3-client';
import { S3JobFiles } from '../src/runtime/store/files/s3-job-files';
import { SqsBatchQueue } from '../src/runtime/store/sqs/sqs-batch-queue';
import { TABLE } from '../src/runtime/wire/table';
import { message, NOW } from '../test/support/job-fixtures';
import { MemoryLog } from '../test/support/worker-harness';

/* What submitting asks of AWS beside records, asked of a server: counts, batches of messages, long texts and uploads. */

let cloud: LocalCloud;
let dynamoDb: DynamoDBClient;
let sqs: SQSClient;
const saved = { ...process.env };

beforeAll(async () => {
  cloud = await LocalCloud.start();
  dynamoDb = new DynamoDBClient(cloud.clientConfig);
  sqs = new SQSClient(cloud.clientConfig);
  // as a function finds them
  Object.assign(process.env, { AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
});

afterAll(async () => {
  process.env = { ...saved };
  dynamoDb?.destroy();
  sqs?.destroy();
  await cloud?.stop();
});

describe('the exact limit', () => {
  beforeAll(async () => {
    await dynamoDb.send(new CreateTableCommand({
      TableName: 'counts',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: TABLE.key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: TABLE.key, KeyType: 'HASH' }],
    }));
  });

  test('is exact, however many ask at once', async () => {
    const limit = new SubmitLimit(new DynamoDbCounter(dynamoDb, 'counts'), 25, () => NOW);
    const log = new MemoryLog();
    const asked = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 3 : 1));
    const answers = await Promise.allSettled(asked.map(async (jobs) => limit.admit('customer:acme', jobs, log)));
    const admitted = asked.filter((_, index) => answers[index].status === 'fulfilled').reduce((sum, jobs) => sum + jobs, 0);
    expect(admitted).toBe(25);
    expect(answers.filter((answer) => answer.status === 'rejected').map(({ reason }: PromiseRejectedResult) => (reason as { status: number }).status))
      .toEqual(expect.arrayContaining([429]));
    expect(log.lines).toEqual([]);
    const { Item: item } = await dynamoDb.send(new GetItemCommand({ TableName: 'counts', Key: { [TABLE.key]: { S: `limit#customer:acme#${NOW / 60_000}` } } }));
    expect(item).toMatchObject({ count: { N: '25' }, [TABLE.ttl]: { N: String(NOW / 1000 + 60) } });
  });
});

test('ten messages, larger together than a call takes, all arrive', async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  const payload = JSON.stringify(`\uFFFE${'"'.repeat(32_700)}`);
  const jobs = Array.from({ length: 10 }, (_, index) => ({ message: message({ job_id: `job_${index}`, payload }), delay_ms: 0 }));
  expect(await new SqsBatchQueue(sqs, QueueUrl!).sendAll(jobs)).toEqual(Array(10).fill(undefined));

  const arrived = new Map<string, unknown>();
  for (let round = 0; round < 20 && arrived.size < 10; round++) {
    const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    messages.map(({ Body }) => parseMessage(Body!)).forEach((found) => arrived.set('job_id' in found ? found.job_id : 'none', found));
  }
  expect([...arrived.values()]).toEqual(expect.arrayContaining(jobs.map(({ message: sent }) => sent)));
  expect(arrived.size).toBe(10);
});

describe('a bucket', () => {
  beforeAll(async () => {
    await s3.s3Client(WORKER_LIMITS).send(new CreateBucketCommand({ Bucket: 'files' }));
  });

  test('gives back a long text as it was', async () => {
    const files = new S3JobFiles('files', WORKER_LIMITS, async () => s3);
    const text = JSON.stringify('ångström 漢 "\uFFFE" '.repeat(200_000));
    await files.put('drawings/owner/jobs/job_1/payload-x', text);
    expect(await files.get('drawings/owner/jobs/job_1/payload-x') === text).toBe(true);
    await expect(files.get('drawings/owner/jobs/job_1/payload-y')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('takes an upload by the form that is handed out, and nothing larger', async () => {
    const key = 'drawings/owner/uploads/upl_1';
    const { url, fields } = await signUpload(s3.s3Client(WORKER_LIMITS), 'files')({ key, contentType: 'text/plain', maxBytes: 10, seconds: 60 });
    const upload = async (text: string) => {
      const form = new FormData();
      Object.entries(fields).forEach(([name, value]) => form.append(name, value));
      form.append('file', new Blob([text]), 'any-name.exe');
      return (await fetch(url, { method: 'POST', body: form })).status;
    };
    expect(await upload('0123456789x')).toBe(400);
    expect(await upload('')).toBe(400);
    expect(await upload('0123456789')).toBe(204);
    expect(await new S3JobFiles('files', WORKER_LIMITS, async () => s3).get(key)).toBe('0123456789');
  });
});
