import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDbKeyStore } from '../../../src/runtime/store/dynamodb/dynamodb-key-store';

/* The end-to-end test makes, finds, lists and revokes keys against a server; here is what a server is asked. */

const sent: { readonly input: object }[] = [];
let answer: () => object;
const store = new DynamoDbKeyStore({ send: (async (command: { input: object }) => { sent.push(command); return answer(); }) as never }, 'keys');
beforeEach(() => {
  sent.length = 0;
  answer = () => ({});
});

const ITEM = { key_hash: { S: 'h' }, key_id: { S: 'jw_aaaaaaaa' }, customer: { S: 'acme' }, created_at: { N: '7' } };

test('a key is looked up as it is at this moment', async () => {
  answer = () => ({ Item: { ...ITEM, revoked_at: { N: '8' } } });
  expect(await store.find('h')).toEqual({ key_hash: 'h', key_id: 'jw_aaaaaaaa', customer: 'acme', created_at: 7, revoked_at: 8 });
  expect(sent[0]).toBeInstanceOf(GetItemCommand);
  expect(sent[0].input).toEqual({ TableName: 'keys', Key: { key_hash: { S: 'h' } }, ConsistentRead: true });
  answer = () => ({});
  expect(await store.find('h')).toBeUndefined();
});

test('one is put over nothing alone', async () => {
  const key = { key_hash: 'h', key_id: 'jw_aaaaaaaa', customer: 'acme', created_at: 7 };
  expect(await store.add(key)).toBe(true);
  expect(sent[0]).toBeInstanceOf(PutItemCommand);
  expect(sent[0].input).toMatchObject({ Item: ITEM, ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': 'key_hash' } });
  answer = () => { throw new ConditionalCheckFailedException({ message: 'no', $metadata: {} }); };
  expect(await store.add(key)).toBe(false);
  answer = () => { throw new Error('no answer'); };
  await expect(store.add(key)).rejects.toThrow('no answer');
});

test('pages begin where the last one ended', async () => {
  answer = () => ({ Items: [ITEM], LastEvaluatedKey: { key_hash: { S: 'h' } } });
  expect(await store.page()).toEqual({ keys: [expect.objectContaining({ key_hash: 'h' })], next: 'h' });
  answer = () => ({ Items: [] });
  expect(await store.page('h')).toEqual({ keys: [] });
  expect(sent[1]).toBeInstanceOf(ScanCommand);
  expect(sent.map(({ input }) => input)).toEqual([
    { TableName: 'keys', ConsistentRead: true }, { TableName: 'keys', ConsistentRead: true, ExclusiveStartKey: { key_hash: { S: 'h' } } },
  ]);
});

test('what is revoked stays so, is deleted some day, and never comes back', async () => {
  await store.revoke('h', 1_000, 2_001);
  expect(sent[0]).toBeInstanceOf(UpdateItemCommand);
  expect(sent[0].input).toMatchObject({
    ConditionExpression: 'attribute_exists(#key)',
    UpdateExpression: 'SET #revoked_at = if_not_exists(#revoked_at, :revoked_at), #expires_at = if_not_exists(#expires_at, :expires_at)',
    ExpressionAttributeValues: { ':revoked_at': { N: '1000' }, ':expires_at': { N: '3' } },
  });
});
