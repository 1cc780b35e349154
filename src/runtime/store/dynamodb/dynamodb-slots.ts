import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../wire/table';
import type { Slots } from '../slots';

const SLOTS = 'slots';
const NAMES = { '#slots': SLOTS };

/** No id of a job begins so, and the item has no attribute that an index is made of. */
const KEY = { [TABLE.key]: { S: 'slots#executions' } };

/**
 * A set of texts in an item of the jobs table. To add what is in it, or to delete what is not, changes nothing, so every call can be made twice.
 * The last one deleted takes the attribute with it.
 */
export class DynamoDbSlots implements Slots {
  constructor(private readonly client: Pick<DynamoDBClient, 'send'>, private readonly table: string) {}

  async take(name: string, most: number): Promise<boolean> {
    try {
      await this.client.send(new UpdateItemCommand({
        TableName: this.table,
        Key: KEY,
        UpdateExpression: 'ADD #slots :slot',
        ConditionExpression: 'attribute_not_exists(#slots) OR size(#slots) < :most OR contains(#slots, :name)',
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: { ':slot': { SS: [name] }, ':name': { S: name }, ':most': { N: String(most) } },
      }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  }

  async release(name: string): Promise<void> {
    await this.client.send(new UpdateItemCommand({
      TableName: this.table,
      Key: KEY,
      UpdateExpression: 'DELETE #slots :slot',
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: { ':slot': { SS: [name] } },
    }));
  }

  async names(): Promise<readonly string[]> {
    const { Item: item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: KEY, ConsistentRead: true }));
    return item?.[SLOTS]?.SS ?? [];
  }
}
