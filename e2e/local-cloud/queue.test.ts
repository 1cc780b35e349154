import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand, ListMessageMoveTasksCommand, ReceiveMessageCommand, SQSClient, SendMessageCommand, StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { eventually, useFixture } from './fixture/fixture';
import { MAX_CONCURRENCY, MAX_RECEIVES, QUEUE_VISIBILITY_SECONDS, WORKER_TIMEOUT_SECONDS } from './fixture/stack';

/** What the job protocol relies on in queues and event source mappings. */
const fixture = useFixture();
const sqs = () => new SQSClient(fixture().cloud.clientConfig);

/** Seconds between the first two deliveries of a message. */
async function pause(actions: Parameters<ReturnType<typeof fixture>['send']>[0]): Promise<number> {
  const [first, second] = await fixture().deliveries(await fixture().send(actions), 2);
  return (second.at - first.at) / 1000;
}

test('a message that the handler accepts is gone', async () => {
  const id = await fixture().send(['succeed']);
  await fixture().deliveries(id, 1);
  await sleep((QUEUE_VISIBILITY_SECONDS + 1) * 1000);
  expect(await fixture().deliveries(id, 1)).toHaveLength(1);
});

test('a partial batch response keeps a message until its visibility ends', async () => {
  const seconds = await pause(['fail', 'succeed']);
  expect(seconds).toBeGreaterThan(QUEUE_VISIBILITY_SECONDS - 0.1);
  expect(seconds).toBeLessThan(QUEUE_VISIBILITY_SECONDS + 2);
});

test.each([
  ['reports it as failed', 'hide-and-fail'],
  ['reports it as failed (batch call)', 'hide-batch-and-fail'],
  ['exits', 'hide-and-exit'],
  ['is killed', 'hide-and-kill'],
])('the visibility that the handler set holds when it %s', async (_, action) => {
  const seconds = await pause([[action, 1], 'succeed']);
  expect(seconds).toBeGreaterThan(0.9);
  expect(seconds).toBeLessThan(QUEUE_VISIBILITY_SECONDS - 0.5);
});

test('a handler is killed at its timeout, and the visibility it set holds', async () => {
  const [first, second] = await fixture().deliveries(await fixture().send([['hide-and-hang', 1], 'succeed']), 2);
  const seconds = (second.at - first.at) / 1000;
  // hidden for 1 s while it hangs for 2: the next delivery is in another process and need not wait for the end of this one
  expect(seconds).toBeGreaterThan(0.9);
  expect(seconds).toBeLessThan(WORKER_TIMEOUT_SECONDS + 1);
  expect(second.pid).not.toBe(first.pid);
  await eventually('the process is gone', 5, async () => isRunning(first.pid) ? undefined : true);
});

test('the handler knows the time it has left', async () => {
  const [first] = await fixture().deliveries(await fixture().send(['succeed']), 1);
  expect(first.remaining).toBeGreaterThan(WORKER_TIMEOUT_SECONDS * 1000 - 500);
  expect(first.remaining).toBeLessThanOrEqual(WORKER_TIMEOUT_SECONDS * 1000);
});

test('no more handlers run at once than the maximum concurrency', async () => {
  const ids = await Promise.all(Array.from({ length: 3 * MAX_CONCURRENCY }, () => fixture().send([['wait', 300]])));
  const starts = (await Promise.all(ids.map(id => fixture().deliveries(id, 1)))).map(([first]) => first.at).sort();
  const atOnce = starts.map(start => starts.filter(other => other <= start && start - other < 300).length);
  expect(Math.max(...atOnce)).toBe(MAX_CONCURRENCY);
});

test('a delayed message waits', async () => {
  const sent = Date.now();
  const [first] = await fixture().deliveries(await fixture().send(['succeed'], { delaySeconds: 1 }), 1);
  expect(first.at - sent).toBeGreaterThan(900);
});

test('a standard queue takes message groups (fair queues) and tells the handler', async () => {
  const [first] = await fixture().deliveries(await fixture().send(['succeed'], { group: 'owner-1' }), 1);
  expect(first.group).toBe('owner-1');
});

test('a message that was received too often goes to the dead-letter queue, and a move task brings it back', async () => {
  const id = await fixture().send([...Array<['hide-and-fail', number]>(MAX_RECEIVES).fill(['hide-and-fail', 0])]);
  await fixture().deliveries(id, MAX_RECEIVES);
  const dead = { QueueUrl: fixture().deployment.output('DeadLetterQueueUrl'), MessageSystemAttributeNames: ['All' as const], VisibilityTimeout: 0 };
  const message = await eventually('a dead letter', 5, async () => (await sqs().send(new ReceiveMessageCommand(dead))).Messages?.[0]);
  expect(JSON.parse(message.Body!)).toMatchObject({ id });
  expect(message.Attributes).toHaveProperty('DeadLetterQueueSourceArn');

  const SourceArn = fixture().deployment.output('DeadLetterQueueArn');
  await sqs().send(new StartMessageMoveTaskCommand({ SourceArn }));
  const { Results } = await sqs().send(new ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results?.[0]).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
  const back = await fixture().deliveries(id, MAX_RECEIVES + 1);
  expect(back[MAX_RECEIVES]).toMatchObject({ receives: 1 }); // a move makes a new message
});

test('the limits of delay and visibility are SQS\'s own', async () => {
  const QueueUrl = fixture().deployment.output('QueueUrl');
  await expect(sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 901 }))).rejects.toThrow(/DelaySeconds.*900/);
  await expect(sqs().send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: 'x', VisibilityTimeout: 43_201 })))
    .rejects.toThrow(/VisibilityTimeout.*43200/);
});

test('nothing is lost when messages are sent while others are taken', async () => {
  const ids = await Promise.all(Array.from({ length: 150 }, () => fixture().send(['succeed'])));
  const all = await Promise.all(ids.map(id => fixture().deliveries(id, 1, 60)));
  expect(all.filter(deliveries => deliveries.length === 1)).toHaveLength(ids.length);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
