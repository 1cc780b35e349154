import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, BatchWriteItemCommand, DynamoDBClient, GetItemCommand, QueryCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetEventSourceMappingCommand, InvokeCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { fireSchedule, handlerProcesses, inject, injected } from './control';
import { eventually } from './fixture/fixture';
import { useParts } from './fixture/parts';
import { readLedger } from './ledger';

/** What a whole pipeline relies on besides queue, table, functions and API. */
const parts = useParts();
const config = () => parts().cloud.clientConfig;
const output = (name: string) => parts().deployment.output(name);

const item = async (id: string): Promise<Record<string, AttributeValue> | undefined> =>
  (await new DynamoDBClient(config()).send(new GetItemCommand({ TableName: output('TableName'), Key: { id: { S: id } }, ConsistentRead: true }))).Item;
const written = (id: string, limitSeconds = 10) => eventually(`a call with ${id}`, limitSeconds, () => item(id));
const send = (message: object) =>
  new SQSClient(config()).send(new SendMessageCommand({ QueueUrl: output('QueueUrl'), MessageBody: JSON.stringify(message) }));

async function invoke(event: object): Promise<unknown> {
  const { Payload } = await new LambdaClient(config()).send(new InvokeCommand({ FunctionName: output('AliasArn'), Payload: JSON.stringify(event) }));
  return JSON.parse(Buffer.from(Payload!).toString());
}

test('every type became what the ledger promises', async () => {
  const { findings } = await readLedger(parts().cloud, parts().deployment.stacks);
  expect(findings).toStrictEqual([]);
});

test('a rule with a rate calls an alias when its time has come', async () => {
  await fireSchedule(parts().cloud, output('RuleName'));
  const { event, version } = await written('aws.events');
  expect(JSON.parse(event.S!)).toMatchObject({ 'detail-type': 'Scheduled Event', 'resources': [expect.stringContaining(output('RuleName'))] });
  expect(version.S).toBe('1');
  await expect(fireSchedule(parts().cloud, 'none')).rejects.toThrow('there are 0 rules called none');
});

test('a parameter can be read', async () => {
  const { Parameter } = await new SSMClient(config()).send(new GetParameterCommand({ Name: output('ParameterName') }));
  expect(JSON.parse(Parameter!.Value!)).toStrictEqual({ a: 1 });
});

test('a mapping calls an alias, and so does the version behind it', async () => {
  await send({ id: 'by-mapping' });
  expect(await written('by-mapping')).toMatchObject({ version: { S: '1' } });
  expect(await invoke({ id: 'by-invocation' })).toMatchObject({ version: '1', arn: expect.stringMatching(/:live$/) });
});

test('a disabled mapping takes nothing, and takes it all when it is enabled', async () => {
  const lambda = new LambdaClient(config());
  const UUID = output('MappingId');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  expect((await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Disabled');
  await send({ id: 'while-paused' });
  await sleep(2_500);
  expect(await item('while-paused')).toBeUndefined();
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  expect((await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Enabled');
  await written('while-paused');
});

describe('a queue', () => {
  const batch = (bytes: readonly number[]) => new SQSClient(config()).send(new SendMessageBatchCommand({
    QueueUrl: output('QueueUrl'),
    Entries: bytes.map((length, i) => ({ Id: `m${i}`, MessageBody: JSON.stringify({ id: `batch-${length}-${i}` }).padEnd(length) })),
  }));

  test('takes ten messages of a mebibyte together', async () => {
    const { Successful, Failed } = await batch(Array<number>(10).fill(104_857));
    expect([Successful?.length, Failed?.length ?? 0]).toStrictEqual([10, 0]);
    // All of them, in whatever order they come: one that is still on its way would meet the faults of a later test.
    await Promise.all(Array.from({ length: 10 }, (_, i) => written(`batch-104857-${i}`)));
  });

  test('takes one message of a mebibyte', async () => {
    await batch([1_048_576]);
    await written('batch-1048576-0');
  });

  test('refuses more', async () => {
    await expect(batch(Array<number>(10).fill(104_858))).rejects.toThrow(/longer than 1048576/);
    await expect(batch(Array<number>(11).fill(10))).rejects.toThrow();
  });
});

describe('an index', () => {
  const ids = Array.from({ length: 25 }, (_, i) => `indexed-${String(i).padStart(2, '0')}`);
  beforeAll(async () => {
    await new DynamoDBClient(config()).send(new BatchWriteItemCommand({
      RequestItems: {
        [output('TableName')]: ids.map((id, i) => ({
          PutRequest: { Item: { id: { S: id }, owner_shard: { S: `acme#${i % 2}` }, created_at: { N: String(1_000 + i) } } },
        })),
      },
    }));
  });

  test('is read in pages, from the newest on', async () => {
    const client = new DynamoDBClient(config());
    const found: string[] = [];
    const sizes: number[] = [];
    for (let start: Record<string, AttributeValue> | undefined; ;) {
      const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({
        TableName: output('TableName'),
        IndexName: 'owner',
        ScanIndexForward: false,
        Limit: 5,
        ExclusiveStartKey: start,
        KeyConditionExpression: 'owner_shard = :s AND created_at < :t',
        ExpressionAttributeValues: { ':s': { S: 'acme#0' }, ':t': { N: '1020' } },
      }));
      expect(Items.every((one) => Object.keys(one).sort().join() === 'created_at,id,owner_shard')).toBe(true);
      found.push(...Items.map(({ id }) => id.S!));
      sizes.push(Items.length);
      if (!LastEvaluatedKey) break;
      start = LastEvaluatedKey;
    }
    expect(found).toStrictEqual(ids.filter((_, i) => i % 2 === 0 && i < 20).reverse());
    expect(sizes.slice(0, 2)).toStrictEqual([5, 5]);
  });

  test('leads to records that are read together, and what is gone is left out', async () => {
    const client = new DynamoDBClient(config());
    const get = (names: readonly string[]) => client.send(new BatchGetItemCommand({
      RequestItems: { [output('TableName')]: { ConsistentRead: true, Keys: names.map((id) => ({ id: { S: id } })) } },
    }));
    const { Responses } = await get([ids[3], 'gone', ids[7]]);
    expect(Responses![output('TableName')].map(({ id }) => id.S).sort()).toStrictEqual([ids[3], ids[7]]);
    await expect(get(Array.from({ length: 101 }, (_, i) => `many-${i}`))).rejects.toThrow();
  });
});

describe('faults', () => {
  afterEach(async () => inject(parts().cloud, []));

  test('a throttled table refuses a handler and not the test, as long as the test wants it', async () => {
    await inject(parts().cloud, [{ service: 'dynamodb', operations: ['PutItem'], share: 1, error: 'ProvisionedThroughputExceededException' }]);
    expect(await invoke({ id: 'throttled' })).toStrictEqual({ error: 'ProvisionedThroughputExceededException' });
    expect(await item('throttled')).toBeUndefined();
    expect(await injected(parts().cloud)).toMatchObject({ 'dynamodb.PutItem: ProvisionedThroughputExceededException': 1 });
    await inject(parts().cloud, []);
    expect(await invoke({ id: 'throttled' })).toMatchObject({ id: 'throttled' });
  });

  test('another service, or another operation, is left alone', async () => {
    await inject(parts().cloud, [
      { service: 'sqs', share: 1, error: 'RequestThrottled' },
      { service: 'dynamodb', operations: ['UpdateItem'], share: 1, error: 'ThrottlingException' },
    ]);
    expect(await invoke({ id: 'left-alone' })).toMatchObject({ id: 'left-alone' });
  });

  test('an answer can be lost although the call was done', async () => {
    await inject(parts().cloud, [{ service: 'dynamodb', share: 1, error: 'InternalServerError', status: 500, done: true }]);
    expect(await invoke({ id: 'answer-lost' })).toStrictEqual({ error: 'InternalServerError' });
    expect(await item('answer-lost')).toBeDefined();
  });

  test('an answer can be late', async () => {
    await inject(parts().cloud, [{ service: 'dynamodb', share: 1, hang_seconds: 1 }]);
    const started = Date.now();
    expect(await invoke({ id: 'late' })).toMatchObject({ id: 'late' });
    expect(Date.now() - started).toBeGreaterThan(1_000);
  });

  test('a share of the calls fails', async () => {
    await inject(parts().cloud, [{ service: 'dynamodb', share: 0.5, error: 'ThrottlingException' }], 7);
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await invoke({ id: `share-${i}` }) as { error?: string });
    const failed = answers.filter(({ error }) => error === 'ThrottlingException').length;
    expect(failed).toBeGreaterThan(3);
    expect(failed).toBeLessThan(17);
  });

  test.each([
    [{ service: 'dynamodb', share: 2, error: 'X' }, 'a fault has a service and a share from 0 to 1'],
    [{ service: 'dynamodb', share: 1 }, 'a fault has an error or hangs'],
  ])('a fault that makes no sense is refused: %j', async (fault, reason) => {
    await expect(inject(parts().cloud, [fault])).rejects.toThrow(reason);
  });

  test('a frozen process is left as it is at its timeout, and goes on when it is thawed', async () => {
    await send({ id: 'frozen', freeze: true });
    const frozen = await eventually('a process that works on it', 5, async () => (await handlerProcesses(parts().cloud)).find(({ busy }) => busy));
    await eventually('the end of its time', 10, async () => (await handlerProcesses(parts().cloud)).every(({ pid }) => pid !== frozen.pid) || undefined);
    expect(await item('frozen')).toBeUndefined();
    expect(await invoke({ id: 'meanwhile' })).toMatchObject({ id: 'meanwhile' });
    process.kill(frozen.pid, 'SIGCONT');
    await written('frozen', 5);
    await eventually('its end', 10, async () => isRunning(frozen.pid) ? undefined : true);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
