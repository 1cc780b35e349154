import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDbSlots } from '../../../src/runtime/store/dynamodb/dynamodb-slots';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { itKeepsTheSlotsContract } from '../../support/slots-contract';

let sent: { input: unknown }[];
const slots = (answer: object | Error = {}) => new DynamoDbSlots({
  send: (async (command: { input: unknown }) => {
    sent.push(command);
    if (answer instanceof Error) throw answer;
    return answer;
  }) as never,
}, 'jobs');

beforeEach(() => {
  sent = [];
});

test('a slot is taken while there are fewer than there may be, or it is taken already', async () => {
  expect(await slots().take('job-0-1', 10)).toBe(true);
  expect(sent[0]).toBeInstanceOf(UpdateItemCommand);
  expect(sent[0].input).toMatchObject({
    TableName: 'jobs',
    Key: { job_id: { S: 'slots#executions' } },
    UpdateExpression: 'ADD #slots :slot',
    ConditionExpression: 'attribute_not_exists(#slots) OR size(#slots) < :most OR contains(#slots, :name)',
    ExpressionAttributeValues: { ':slot': { SS: ['job-0-1'] }, ':name': { S: 'job-0-1' }, ':most': { N: '10' } },
  });
});

test('there is none', async () => {
  expect(await slots(new ConditionalCheckFailedException({ message: '', $metadata: {} })).take('job-0-1', 10)).toBe(false);
});

test('whether there is one could not be found out', async () => {
  await expect(slots(new Error('throttled')).take('job-0-1', 10)).rejects.toThrow('throttled');
});

test('it is given back, whether it was taken or not', async () => {
  await slots().release('job-0-1');
  expect(sent[0].input).toMatchObject({ UpdateExpression: 'DELETE #slots :slot', ExpressionAttributeValues: { ':slot': { SS: ['job-0-1'] } } });
  expect(sent[0].input).not.toHaveProperty('ConditionExpression');
});

test('they are read as of now', async () => {
  expect(await slots({ Item: { slots: { SS: ['a', 'b'] } } }).names()).toEqual(['a', 'b']);
  expect(await slots({}).names()).toEqual([]);
  expect(sent[0].input).toMatchObject({ ConsistentRead: true });
});

describe('the DynamoDB slots', () => {
  const tables = new Map<string, FakeDynamoDb>();
  itKeepsTheSlotsContract(async (pipeline) => {
    const table = tables.get(pipeline) ?? new FakeDynamoDb();
    tables.set(pipeline, table);
    return new DynamoDbSlots(table.client, pipeline);
  });
});
