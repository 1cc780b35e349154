import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inject } from './local-cloud/control';
import { FUSE } from './pipelines/names';
import { messageFor, send } from './support/forge';
import { Records } from './support/records';
import { changesOf } from './support/stream';
import { accepted, administrator, ended, eventually, PIPELINES, useStack } from './support/use';

/** Messages that the queue gave up, because no worker came so far as to begin. */
const subject = useStack({ app: PIPELINES, stack: FUSE.stack });
const client = () => administrator(subject());
const output = (name: string) => subject().deployed.deployment.output(name);
const records = () => new Records(subject().cloud, output('TableName'));

/** Messages that wait there, or are in somebody's hands. */
async function count(queue: string): Promise<number> {
  const { Attributes = {} } = await new SQSClient(subject().cloud.clientConfig).send(new GetQueueAttributesCommand({
    QueueUrl: output(queue), AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  }));
  return Object.values(Attributes).reduce((sum, number) => sum + Number(number), 0);
}

afterEach(() => inject(subject().cloud, []));

test('a job whose worker never came to begin is failed, once, and can be retried', async () => {
  const { cloud, journal } = subject();
  // a worker that waits for the table until its time is over
  await inject(cloud, [{ service: 'dynamodb', share: 1, hang_seconds: FUSE.timeoutSeconds + 0.4, error: 'InternalServerError', status: 500 }]);
  const id = await accepted(client(), { plan: ['succeed'], journal: journal.file });
  await eventually(() => 'the job among the dead letters', 60, async () => await count('DeadLetterQueueUrl') > 0 || undefined);
  await inject(cloud, []);

  expect(await ended(client(), id, 60)).toMatchObject({ status: 'failed', attempt: 0, error: { type: 'DeadLettered', attempt: 0 } });
  expect(journal.entries(id)).toStrictEqual([]);
  await eventually(() => 'an empty dead-letter queue', 20, async () => await count('DeadLetterQueueUrl') === 0 || undefined);
  const ends = (await changesOf(cloud, output('TableName'))).filter(({ job_id, to }) => job_id === id && to === 'failed');
  expect(ends).toHaveLength(1);

  expect((await client().retry(id)).status).toBe(202);
  await eventually(() => 'the success of the next generation', 30, async () => (await records().read(id))?.status === 'succeeded' || undefined);
}, 120_000);

test('a dead letter of a job that is alive or over changes nothing', async () => {
  const { cloud, journal } = subject();
  const id = await accepted(client(), { plan: ['succeed'], journal: journal.file });
  await ended(client(), id);
  const over = (await records().read(id))!;
  await send(cloud, output('DeadLetterQueueUrl'), messageFor(over.owner, JSON.parse(over.payload), { job_id: id }));
  await eventually(() => 'an empty dead-letter queue', 20, async () => await count('DeadLetterQueueUrl') === 0 || undefined);
  expect(await records().read(id)).toStrictEqual(over);
});

test('a dead letter that is no job is kept, as a failed record of the system', async () => {
  const { cloud } = subject();
  await new SQSClient(cloud.clientConfig).send(new SendMessageCommand({ QueueUrl: output('DeadLetterQueueUrl'), MessageBody: 'nobody knows' }));
  const record = await eventually(() => 'the record', 20, async () => (await records().all()).find(({ owner }) => owner === 'system'));
  expect(record).toMatchObject({ status: 'failed', payload: expect.stringContaining('nobody knows') });
});
