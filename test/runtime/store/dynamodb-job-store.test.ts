import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { UpdateStep, WriteStep } from '../../../src/runtime/protocol/decision';
import { JobRecord, stampOf } from '../../../src/runtime/protocol/record';
import { apply } from '../../../src/runtime/protocol/write';
import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import { shardOf } from '../../../src/runtime/store/shard';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { ended, NOW, processing, record } from '../../support/job-fixtures';

const { job_id } = record();
const SHARD = String(shardOf(job_id));

let dynamoDb: FakeDynamoDb;
let store: DynamoDbJobStore;

beforeEach(() => {
  dynamoDb = new FakeDynamoDb();
  store = new DynamoDbJobStore(dynamoDb.client, 'jobs');
});

function item() {
  return dynamoDb.items.get(job_id)!;
}

async function create(what: JobRecord) {
  await store.write({ do: 'create', record: what, over_fresh: false }, NOW);
}

async function update(decidedOn: JobRecord, set: Partial<JobRecord>, remove: UpdateStep['remove'] = []) {
  return store.write({ do: 'update', job_id, expect: stampOf(decidedOn), set, remove }, NOW);
}

describe('one transition is one call', () => {
  test('a create is a put', async () => {
    await create(record());
    expect(dynamoDb.requests).toHaveLength(1);
    expect(dynamoDb.requests[0]).toBeInstanceOf(PutItemCommand);
    expect(dynamoDb.requests[0].input).toMatchObject({
      TableName: 'jobs',
      ConditionExpression: 'attribute_not_exists(#job_id) OR #expires_at <= :now',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('an update is an update', async () => {
    await create(processing());
    await update(processing(), { progress: 0.5, updated_at: NOW });
    expect(dynamoDb.requests).toHaveLength(2);
    expect(dynamoDb.requests[1]).toBeInstanceOf(UpdateItemCommand);
    expect(dynamoDb.requests[1].input).toMatchObject({
      Key: { job_id: { S: job_id } },
      UpdateExpression: 'SET #progress = :progress, #updated_at = :updated_at, #write_id = :write_id',
      ConditionExpression:
        '#status = :expected_status AND #generation = :expected_generation AND #run = :expected_run AND #cancel_requested = :expected_cancel_requested',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('a read is consistent', async () => {
    await store.read(job_id);
    expect(dynamoDb.requests).toHaveLength(1);
    expect(dynamoDb.requests[0]).toBeInstanceOf(GetItemCommand);
    expect(dynamoDb.requests[0].input).toEqual({ TableName: 'jobs', Key: { job_id: { S: job_id } }, ConsistentRead: true });
  });

  test('an update of what is not there changes nothing', async () => {
    expect(await update(processing(), { progress: 1 })).toEqual({ held: false, stored: undefined });
    expect(dynamoDb.items.size).toBe(0);
  });

  test('any other error is the caller\'s', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    const broken = new DynamoDbJobStore({ send: async () => { throw throttled; } }, 'jobs');
    await expect(broken.write({ do: 'create', record: record(), over_fresh: false }, NOW)).rejects.toBe(throttled);
    await expect(broken.read(job_id)).rejects.toBe(throttled);
  });
});

describe('where a record stands in the indexes', () => {
  test('queued: by its deadline and by its owner', async () => {
    await create(record());
    expect(item()).toMatchObject({ owner_shard: { S: `customer:acme#${SHARD}` }, deadline_shard: { S: SHARD } });
    expect(item()).not.toHaveProperty('failed_shard');
  });

  test('created as failed: by its owner and among the failed', async () => {
    await create(ended('failed'));
    expect(item()).toMatchObject({ owner_shard: { S: `customer:acme#${SHARD}` }, failed_shard: { S: SHARD } });
    expect(item()).not.toHaveProperty('deadline_shard');
  });

  test.each(['succeeded', 'cancelled'] as const)('%s: by its owner alone', async (status) => {
    await create(processing());
    await update(processing(), { status });
    expect(item()).toHaveProperty('owner_shard');
    expect(item()).not.toHaveProperty('deadline_shard');
    expect(item()).not.toHaveProperty('failed_shard');
  });

  test('failed, then retried', async () => {
    await create(processing());
    await update(processing(), { status: 'failed' });
    expect(item()).toMatchObject({ failed_shard: { S: SHARD } });
    expect(item()).not.toHaveProperty('deadline_shard');

    await update(ended('failed'), { status: 'queued', generation: 1 });
    expect(item()).toMatchObject({ deadline_shard: { S: SHARD } });
    expect(item()).not.toHaveProperty('failed_shard');
  });

  test('failed, then cancelled without having run again', async () => {
    await create(ended('failed'));
    await update(ended('failed'), { status: 'cancelled', generation: 1 });
    expect(item()).not.toHaveProperty('deadline_shard');
    expect(item()).not.toHaveProperty('failed_shard');
  });

  test.each<[string, JobRecord, Partial<JobRecord>]>([
    ['a claim', record(), { status: 'processing', run: 1 }],
    ['waiting', processing(), { status: 'queued', not_before: NOW + 5 }],
    ['a save', processing(), { checkpoint: '1' }],
  ])('%s touches none', async (_, decidedOn, set) => {
    await create(decidedOn);
    await update(decidedOn, set);
    expect(JSON.stringify(dynamoDb.requests[1].input)).not.toContain('_shard');
    expect(item()).toHaveProperty('deadline_shard');
  });
});

test('what another version wrote beside the record is neither read nor lost', async () => {
  await create(processing());
  dynamoDb.items.set(job_id, { ...item(), priority: { N: '7' } });
  expect(await store.read(job_id)).toEqual(processing());
  await update(processing(), { status: 'succeeded' });
  expect(item()).toMatchObject({ priority: { N: '7' }, status: { S: 'succeeded' } });
});

describe('a write whose answer is lost, and that the SDK sends again', () => {
  /** Each write is executed twice, and only the second answer arrives; in between comes whatever `between` does. */
  function lossy(between: () => Promise<unknown> = async () => {}): DynamoDbJobStore {
    const send = async (command: GetItemCommand): Promise<unknown> => {
      await dynamoDb.client.send(command);
      await between();
      return dynamoDb.client.send(command);
    };
    return new DynamoDbJobStore({ send } as typeof dynamoDb.client, 'jobs');
  }

  const claim: UpdateStep = { do: 'update', job_id, expect: stampOf(record()), set: { status: 'processing', run: 1 }, remove: [] };
  const end: UpdateStep = { do: 'update', job_id, expect: stampOf(processing()), set: { status: 'succeeded' }, remove: ['lease_expires_at'] };

  test.each<[string, JobRecord | undefined, WriteStep]>([
    ['a new record', undefined, { do: 'create', record: record(), over_fresh: false }],
    ['a claim by the first message', undefined, { do: 'create', record: processing(), over_fresh: true }],
    ['a claim', record(), claim],
    ['an end', processing(), end],
    ['a save, whose condition holds twice', processing(), { ...end, set: { progress: 0.5 }, remove: [] }],
  ])('holds: %s', async (_, stored, step) => {
    if (stored) await create(stored);
    expect(await lossy().write(step, NOW)).toEqual({ held: true });
    expect(await store.read(job_id)).toEqual(apply(step, stored));
  });

  test('does not hold when somebody else has written since', async () => {
    await create(record());
    const claimed = apply(claim, record());
    const cancel = async () => update(claimed, { cancel_requested: true });
    expect(await lossy(cancel).write(claim, NOW)).toEqual({ held: false, stored: { ...claimed, cancel_requested: true } });
  });

  test('is not mistaken for the same write by another worker in the same millisecond', async () => {
    const step: WriteStep = { do: 'create', record: processing(), over_fresh: true };
    expect(await store.write(step, NOW)).toEqual({ held: true });
    expect(await lossy().write(step, NOW)).toEqual({ held: false, stored: processing() });
  });
});
