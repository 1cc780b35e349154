import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { signal } from './fault-run/frozen';
import { fireSchedule, inject } from './local-cloud/control';
import { LOAD } from './pipelines/names';
import { messageFor, put, send } from './support/forge';
import { Records } from './support/records';
import { changesOf } from './support/stream';
import { accepted, administrator, ended, eventually, PIPELINES, useStack } from './support/use';
import { messageOf } from '../src/runtime/protocol/message';
import type { JobRecord } from '../src/runtime/protocol/record';

/** What is asked of jobs while they live, and messages that come when they should not. */
const subject = useStack({ app: PIPELINES, stack: LOAD.stack });
const client = () => administrator(subject());
const output = (name: string) => subject().deployed.deployment.output(name);
const records = () => new Records(subject().cloud, output('TableName'));
const read = async (id: string) => (await records().read(id))!;
const entries = (id: string, event: string) => subject().journal.entries(id).filter((entry) => entry.event === event);
const submit = (...plan: string[]) => accepted(client(), { plan, journal: subject().journal.file });

/** As queues may: again, and in any order. */
const again = async (record: JobRecord, changes: object = {}) => send(subject().cloud, output('QueueUrl'), { ...messageOf(record), ...changes });

const started = (id: string, times = 1) => eventually(() => `start ${times} of ${id}`, 30, async () => entries(id, 'start').length >= times || undefined);

/** Time enough for a message that does nothing to have done it. */
const SETTLED_MS = 2_500;

describe('a cancelled job', () => {
  test('that waits ends at once', async () => {
    const id = await submit('wait-long');
    await eventually(() => 'the wait', 20, async () => (await read(id)).not_before);
    expect(await client().cancel(id)).toMatchObject({ status: 202, body: { job_id: id, status: 'cancelled' } });
    expect(await read(id)).toMatchObject({ status: 'cancelled', attempt: 0 });
  });

  test('that is at work ends at its next progress', async () => {
    const id = await submit('slow');
    await started(id);
    expect(await client().cancel(id)).toMatchObject({ status: 202, body: { status: 'processing', cancel_requested: true } });
    expect(await ended(client(), id)).toMatchObject({ status: 'cancelled' });
    expect(entries(id, 'succeed')).toStrictEqual([]);
  });

  test('has succeeded when its handler was done before it heard of it', async () => {
    const id = await submit('deaf');
    await started(id);
    await client().cancel(id);
    expect(await ended(client(), id)).toMatchObject({ status: 'succeeded' });
    expect((await client().cancel(id)).status).toBe(409);
  });

  test.each(['deaf-throw', 'hang'])('is not tried again after an attempt that failed: %s', async (action) => {
    const id = await submit(action, 'succeed');
    await started(id);
    await client().cancel(id);
    expect(await ended(client(), id)).toMatchObject({ status: 'cancelled' });
    expect(entries(id, 'start')).toHaveLength(1);
  });
});

describe('a job that has ended', () => {
  test('is retried when it is asked for, and only when it failed or was cancelled', async () => {
    const [bad, good] = [await submit('give-up'), await submit('succeed')];
    await Promise.all([ended(client(), bad), ended(client(), good)]);
    expect(await client().retry(bad)).toMatchObject({ status: 202, body: { job_id: bad, status: 'queued' } });
    await eventually(() => 'the second end', 20, async () => (await read(bad)).generation === 1 && (await read(bad)).status === 'failed' || undefined);
    expect(entries(bad, 'start')).toHaveLength(2);
    expect((await client().retry(good)).status).toBe(409);
  });

  test('is left alone by messages that come late', async () => {
    const id = await submit('give-up');
    await ended(client(), id);
    const first = await read(id);
    await client().retry(id);
    await eventually(() => 'the second end', 20, async () => (await read(id)).generation === 1 && (await read(id)).status === 'failed' || undefined);
    const second = await read(id);
    for (const record of [first, second, first]) await again(record);
    await sleep(SETTLED_MS);
    expect(await read(id)).toStrictEqual(second);
    expect(entries(id, 'start')).toHaveLength(2);
  });

  test('is taken up again by the message of a retry whose own write was lost', async () => {
    const id = await submit('give-up');
    await ended(client(), id);
    await again(await read(id), { generation: 1 });
    await eventually(() => 'the second end', 20, async () => (await read(id)).generation === 1 && (await read(id)).status === 'failed' || undefined);
    expect(entries(id, 'start')).toHaveLength(2);
  });
});

describe('one live attempt', () => {
  test('is left alone by copies of its message', async () => {
    const id = await submit('deaf');
    await started(id);
    const record = await read(id);
    await Promise.all([again(record), again(record), again(record)]);
    expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1 });
    await sleep(SETTLED_MS);
    expect(entries(id, 'start')).toHaveLength(1);
  });

  test('is the one that holds the lease: another that was frozen past its own changes nothing', async () => {
    const id = await submit('freeze', 'deaf');
    await started(id, 2);
    const [{ pid }] = entries(id, 'freeze');
    signal(pid, 'SIGCONT');
    await eventually(() => 'the thaw', 10, async () => entries(id, 'fenced').length > 0 || undefined);
    expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 2, result: { attempt: 2 } });
    await sleep(SETTLED_MS);
    const changes = (await changesOf(subject().cloud, output('TableName'))).filter(({ job_id }) => job_id === id);
    expect(changes.map(({ run }) => run)).toStrictEqual([...changes.map(({ run }) => run)].sort()); // no write of run 1 after one of run 2
    expect(entries(id, 'unfenced')).toStrictEqual([]);
  });
});

test('what was accepted is done, also when its record could not be put', async () => {
  await inject(subject().cloud, [{ service: 'dynamodb', operations: ['PutItem'], share: 1, error: 'ThrottlingException' }]);
  const id = await submit('succeed');
  expect(await records().read(id)).toBeUndefined();
  await inject(subject().cloud, []);
  expect(await ended(client(), id, 60)).toMatchObject({ status: 'succeeded' });
}, 90_000);

test('an attempt near its timeout is told so, and the next one goes on from the checkpoint', async () => {
  const id = await submit('save-and-work', 'succeed');
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1, result: { step: 2 } });
  expect(entries(id, 'start')).toHaveLength(2);
});

test('a wait longer than the queue delays is a chain of messages', async () => {
  const delayed = async () => Number((await new SQSClient(subject().cloud.clientConfig).send(new GetQueueAttributesCommand({
    QueueUrl: output('QueueUrl'), AttributeNames: ['ApproximateNumberOfMessagesDelayed'],
  }))).Attributes!.ApproximateNumberOfMessagesDelayed);
  const before = await delayed();
  const id = await submit('wait-long');
  const not_before = await eventually(() => 'the wait', 20, async () => (await read(id)).not_before);
  expect(not_before - Date.now()).toBeGreaterThan(1_900_000);
  expect(await read(id)).toMatchObject({ status: 'queued', attempt: 0 });
  await eventually(() => 'the delayed message', 5, async () => await delayed() === before + 1 || undefined);

  await again(await read(id)); // the first link of the chain has come: there are eighteen minutes left
  await eventually(() => 'the next link', 10, async () => await delayed() === before + 2 || undefined);
  expect(entries(id, 'start')).toHaveLength(1);
});

test('a job that nobody works on is failed when it is overdue, and only then it expires', async () => {
  const { cloud, deployed } = subject();
  const message = messageFor('nobody', { plan: ['succeed'] }, { deadline_at: Date.now() - 1_000 });
  const waiting = messageFor('nobody', { plan: ['succeed'] });
  await Promise.all([message, waiting].map((one) => put(cloud, output('TableName'), one)));
  expect((await read(message.job_id)).expires_at).toBeUndefined();
  await fireSchedule(cloud, await deployed.physicalId(LOAD.stack, 'AWS::Events::Rule'));
  const record = await eventually(() => 'the end', 20, async () => (await read(message.job_id)).status === 'failed' ? read(message.job_id) : undefined);
  expect(record).toMatchObject({ error: { type: 'DeadlineExceeded' }, expires_at: expect.any(Number) });
  expect(await read(waiting.job_id)).toMatchObject({ status: 'queued' });
});

describe('without a bucket', () => {
  test('a payload over 64 KiB is refused, with the limit', async () => {
    const answer = await client().submit({ plan: ['succeed'], filler: 'x'.repeat(65_536) });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'PayloadTooLarge', message: expect.stringMatching(/65[ ,]?536|64 KiB/) } } });
  });

  test('a result over 64 KiB fails its job, with the limit', async () => {
    expect(await ended(client(), await submit('long-result'))).toMatchObject({
      status: 'failed', error: { message: expect.stringMatching(/65[ ,]?536|64 KiB/) },
    });
  });
});
