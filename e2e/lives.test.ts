import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { LOAD } from './pipelines/names';
import { accepted, administrator, ended, eventually, logLines, PIPELINES, useStack } from './support/use';

/** Single jobs, looked at closely. */
const subject = useStack({ app: PIPELINES, stack: LOAD.stack });
const client = () => administrator(subject());
const entries = (job_id: string, event: string) => subject().journal.entries(job_id).filter((entry) => entry.event === event);

/** They live side by side; each test looks at one of them. */
const PLANS = {
  throwing: ['throw', 'succeed'],
  hopeless: ['throw'],
  givenUp: ['give-up'],
  killed: ['kill', 'succeed'],
  killedAlways: ['kill'],
  savedAndKilled: ['save-and-kill', 'succeed'],
  waiting: ['wait', 'succeed'],
};
const ids = {} as Record<keyof typeof PLANS, string>;
beforeAll(async () => {
  for (const [name, plan] of Object.entries(PLANS)) {
    ids[name as keyof typeof PLANS] = await accepted(client(), { plan, journal: subject().journal.file });
  }
});

/** After an attempt's deadline the message waits so much longer, and then the queue hands it out. */
const MARGIN_SECONDS = 4;
/** What a slow machine may take to start another process. */
const SLOWNESS_SECONDS = 5;

test('an attempt that throws is followed by another one, after a pause', async () => {
  const id = ids.throwing;
  const job = await ended(client(), id);
  expect(job).toMatchObject({ status: 'succeeded', attempt: 2, result: { attempt: 2, step: 2 } });
  expect(job.error).toBeUndefined();
  const [first, second] = entries(id, 'start');
  expect(second.at - first.at).toBeGreaterThan(450); // a second, half of it left to chance
});

test('with its attempts used up a job has failed, with the last error', async () => {
  const id = ids.hopeless;
  expect(await ended(client(), id)).toMatchObject({
    status: 'failed',
    attempt: LOAD.maxAttempts,
    error: { type: 'TypeError', message: `attempt ${LOAD.maxAttempts} throws, as planned`, attempt: LOAD.maxAttempts },
  });
  expect(entries(id, 'start')).toHaveLength(LOAD.maxAttempts);
});

test('a job whose handler gives up is not tried again', async () => {
  const id = ids.givenUp;
  expect(await ended(client(), id)).toMatchObject({ status: 'failed', attempt: 1, error: { type: 'GivenUp', attempt: 1 } });
  await sleep(2_000);
  expect(entries(id, 'start')).toHaveLength(1);
});

test('a handler whose process was killed is tried again at its own deadline', async () => {
  const id = ids.killed;
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 2 });
  const [killed] = entries(id, 'kill');
  const [, next] = entries(id, 'start');
  const seconds = (next.at - killed.at) / 1000;
  process.stdout.write(`${seconds.toFixed(1)} s from the kill of a handler to the next attempt (timeout ${LOAD.timeoutSeconds} s)\n`);
  // not before the attempt's deadline, and long before the queue by itself would hand the message out
  expect(seconds).toBeGreaterThan(LOAD.timeoutSeconds - 1);
  expect(seconds).toBeLessThan(LOAD.timeoutSeconds + MARGIN_SECONDS + SLOWNESS_SECONDS);
  expect(seconds).toBeLessThan(LOAD.queueVisibilitySeconds - 1);
  expect(next.pid).not.toBe(killed.pid);
});

test('a job whose process is killed again and again fails, and says so', async () => {
  const id = ids.killedAlways;
  expect(await ended(client(), id, 60)).toMatchObject({ status: 'failed', attempt: LOAD.maxAttempts, error: { type: 'WorkerLost' } });
  expect(entries(id, 'start')).toHaveLength(LOAD.maxAttempts);
}, 90_000);

test('an attempt that saved its work is not charged, and the next one goes on from there', async () => {
  const id = ids.savedAndKilled;
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1, result: { attempt: 1, step: 2 } });
  expect(entries(id, 'start')).toHaveLength(2);
});

test('a job that was asked to come back later does, and the attempt is not charged', async () => {
  const id = ids.waiting;
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1 });
  const [first, second] = entries(id, 'start');
  expect(second.at - first.at).toBeGreaterThan(1_900);
});

test('a correlation id goes from the request through to the log lines of the worker', async () => {
  const correlationId = `test.${Date.now()}`;
  const { status, headers, body } = await client().submit({ plan: ['throw', 'succeed'] }, { correlationId });
  expect(status).toBe(202);
  expect(headers.get('x-correlation-id')).toBe(correlationId);
  await ended(client(), body.job_id);

  const group = subject().deployed.deployment.output('HandlerLogs');
  const lines = await eventually(() => 'the log lines of both attempts', 10, async () => {
    const found = (await logLines(subject(), group, '"handling"')).filter((line) => line.correlation_id === correlationId);
    return found.length === 2 ? found : undefined;
  });
  expect(lines.map((line) => line.job_id)).toStrictEqual([body.job_id, body.job_id]);
});

test('an id that is none is replaced', async () => {
  const { headers } = await client().submit({ plan: ['succeed'] }, { correlationId: 'not an id' });
  expect(headers.get('x-correlation-id')).toMatch(/^[\w.-]{1,128}$/);
});

test('the same idempotency key gives one job, and another payload under it is a conflict', async () => {
  const payload = { plan: ['succeed'], journal: subject().journal.file };
  const idempotencyKey = `key-${Date.now()}`;
  const answers = await Promise.all([1, 2, 3].map(() => client().submit(payload, { idempotencyKey })));
  const same = new Set(answers.map(({ body }) => body.job_id));
  expect(answers.map(({ status }) => status)).toStrictEqual([202, 202, 202]);
  expect(same.size).toBe(1);

  const [id] = same;
  await ended(client(), id);
  expect((await client().submit(payload, { idempotencyKey })).body).toMatchObject({ job_id: id, status: 'succeeded' });
  const conflict = await client().submit({ plan: ['throw'] }, { idempotencyKey });
  expect(conflict).toMatchObject({ status: 409, body: { error: { code: 'Conflict' } } });
  await sleep(1_500);
  expect(entries(id, 'start')).toHaveLength(1);
});

test('what is no message of the pipeline is kept as a failed record of the system, and blocks nothing', async () => {
  const { cloud, deployed: { deployment } } = subject();
  await new SQSClient(cloud.clientConfig).send(new SendMessageCommand({ QueueUrl: deployment.output('QueueUrl'), MessageBody: 'no job at all' }));
  const record = await eventually(() => 'the record', 20, async () => {
    const { Items = [] } = await new DynamoDBClient(cloud.clientConfig).send(new ScanCommand({ TableName: deployment.output('TableName') }));
    return Items.find(({ owner }) => owner.S === 'system');
  });
  expect(record.status.S).toBe('failed');
  expect(record.payload.S).toContain('no job at all');
});
