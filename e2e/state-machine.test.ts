import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { STEPS } from './state-machine/names';
import { awsJson } from './support/aws-json';
import { invoke } from './support/invoke';
import { accepted, administrator, ended, eventually, useStack } from './support/use';

/** Jobs that a state machine of three functions runs, as one execution an attempt. */
const subject = useStack({ app: join(__dirname, 'state-machine'), stack: STEPS.stack, auth: true });
const client = () => administrator(subject());
const physicalId = async (type: string, logicalId: string) => subject().deployed.physicalId(STEPS.stack, type, logicalId);

const submit = async (plan: string) => accepted(client(), { plan, journal: subject().journal.file });
const events = (job_id: string) => subject().journal.entries(job_id).map(({ event }) => event);

/** Names of executions, and how they stand. */
async function executions(job_id: string): Promise<string[]> {
  const stateMachineArn = await physicalId('AWS::StepFunctions::StateMachine', 'Steps');
  const { executions: all = [] } = await new SFNClient(subject().cloud.clientConfig)
    .send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }));
  return all.filter(({ name }) => name!.startsWith(job_id)).map(({ name, status }) => `${name!.slice(job_id.length + 1)} ${status}`).sort();
}

async function slots(): Promise<string[]> {
  const TableName = subject().deployed.deployment.output('TableName');
  const { Item } = await new DynamoDBClient(subject().cloud.clientConfig)
    .send(new GetItemCommand({ TableName, Key: { job_id: { S: 'slots#executions' } }, ConsistentRead: true }));
  return Item?.slots?.SS ?? [];
}

async function noSlots(): Promise<void> {
  await eventually(() => 'all slots to be free', 20, async () => (await slots()).length === 0 || undefined);
}

test('the output of the execution is the result', async () => {
  const id = await submit('succeed');
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', result: { lines: 1, attempt: 1 } });
  expect(events(id)).toEqual(['start', 'succeed']);
  expect(await executions(id)).toEqual(['0-1 SUCCEEDED']);
  await noSlots();
}, 60_000);

test('one that fails is followed by another, by the retry policy of the pipeline', async () => {
  const id = await submit('fail-once');
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 2, result: { lines: 1, attempt: 2 } });
  expect(await executions(id)).toEqual(['0-1 FAILED', '0-2 SUCCEEDED']);
  await noSlots();
}, 60_000);

test('the error of the last one is the job\'s', async () => {
  const id = await submit('fail');
  expect(await ended(client(), id)).toMatchObject({
    status: 'failed', attempt: 2, error: { attempt: 2, message: expect.stringContaining('attempt 2 fails, as planned') },
  });
  expect(await executions(id)).toEqual(['0-1 FAILED', '0-2 FAILED']);
  await noSlots();
}, 60_000);

test('a job that is cancelled has its execution stopped', async () => {
  const id = await submit('very-slow');
  await eventually(() => 'the execution to be at work', 20, async () => events(id).length > 0 || undefined);
  const started = Date.now();
  expect((await client().cancel(id)).status).toBe(202);
  expect(await ended(client(), id)).toMatchObject({ status: 'cancelled' });
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(await executions(id)).toEqual(['0-1 ABORTED']);
  await noSlots();
}, 60_000);

test('no more are under way than may be, and all of them come to their turn', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, async () => submit('slow')));
  let most = 0;
  for (const id of ids) {
    await eventually(() => `the end of ${id}`, 90, async () => {
      most = Math.max(most, (await slots()).length);
      const { status } = await ended(client(), id, 1).catch(() => ({ status: 'open' }));
      return status === 'succeeded' || undefined;
    });
  }
  expect(most).toBe(STEPS.maxConcurrency);
  expect(overlap(ids)).toBeLessThanOrEqual(STEPS.maxConcurrency);
  for (const id of ids) {
    expect((await client().status(id)).body).toMatchObject({ attempt: 1 }); // to wait is not charged
  }
  await noSlots();
}, 180_000);

test('an end that nobody was told of is found by the sweeper', async () => {
  const { cloud } = subject();
  const rule = await physicalId('AWS::Events::Rule', 'JobsExecutionEnds');
  await awsJson(cloud, 'events', 'AWSEvents')('DisableRule', { Name: rule });
  try {
    const id = await submit('succeed');
    await eventually(() => 'the end of the execution', 20, async () => (await executions(id)).includes('0-1 SUCCEEDED') || undefined);
    expect((await client().status(id)).body).toMatchObject({ status: 'processing' });
    expect(await slots()).toEqual([`${id}-0-1`]);
    await invoke(cloud, await physicalId('AWS::Lambda::Function', 'JobsSweeper'), {});
    expect((await client().status(id)).body).toMatchObject({ status: 'succeeded', result: { lines: 1, attempt: 1 } });
    await noSlots();
  } finally {
    await awsJson(cloud, 'events', 'AWSEvents')('EnableRule', { Name: rule });
  }
}, 60_000);

/** How many jobs were between their first and their last step at once. */
function overlap(ids: readonly string[]): number {
  const spans = ids.map((id) => subject().journal.entries(id).map(({ at }) => at)).map((times) => [Math.min(...times), Math.max(...times)] as const);
  return Math.max(...spans.map(([start]) => spans.filter(([from, to]) => from <= start && start < to).length));
}
