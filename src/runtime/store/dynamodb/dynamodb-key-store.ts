import {
  ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand, UpdateItemCommand, type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { KEYS_TABLE } from '../../wire/keys';
import type { IssuedKey, KeyPage, KeyStore } from '../key-store';

type Item = Record<string, AttributeValue>;

/** Hashes of keys in a table of their own, which is asked by the hash alone. */
export class DynamoDbKeyStore implements KeyStore {
  constructor(private readonly client: Pick<DynamoDBClient, 'send'>, private readonly table: string) {}

  async find(key_hash: string): Promise<IssuedKey | undefined> {
    const { Item: item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: keyOf(key_hash), ConsistentRead: true }));
    return item && toKey(item);
  }

  async add({ key_hash, key_id, customer, created_at }: IssuedKey): Promise<boolean> {
    try {
      await this.client.send(new PutItemCommand({
        TableName: this.table,
        Item: { ...keyOf(key_hash), key_id: { S: key_id }, customer: { S: customer }, created_at: { N: String(created_at) } },
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': KEYS_TABLE.key },
      }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  }

  async page(from?: string): Promise<KeyPage> {
    const { Items = [], LastEvaluatedKey: last } = await this.client.send(new ScanCommand({
      TableName: this.table, ConsistentRead: true, ...(from !== undefined && { ExclusiveStartKey: keyOf(from) }),
    }));
    return { keys: Items.map(toKey), ...(last && { next: last[KEYS_TABLE.key].S }) };
  }

  async revoke(key_hash: string, revoked_at: number, forget_at: number): Promise<void> {
    await this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(key_hash),
      UpdateExpression: 'SET #revoked_at = if_not_exists(#revoked_at, :revoked_at), #expires_at = if_not_exists(#expires_at, :expires_at)',
      ConditionExpression: 'attribute_exists(#key)', // it may have expired meanwhile, and must not come back as half a key
      ExpressionAttributeNames: { '#key': KEYS_TABLE.key, '#revoked_at': 'revoked_at', '#expires_at': KEYS_TABLE.ttl },
      ExpressionAttributeValues: { ':revoked_at': { N: String(revoked_at) }, ':expires_at': { N: String(Math.ceil(forget_at / 1000)) } },
    }));
  }
}

function keyOf(key_hash: string): Item {
  return { [KEYS_TABLE.key]: { S: key_hash } };
}

function toKey(item: Item): IssuedKey {
  const text = (name: string) => item[name]?.S ?? '';
  return {
    key_hash: text(KEYS_TABLE.key),
    key_id: text('key_id'),
    customer: text('customer'),
    created_at: Number(item.created_at?.N),
    ...(item.revoked_at && { revoked_at: Number(item.revoked_at.N) }),
  };
}
