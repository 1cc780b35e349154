import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { WriteStep } from '../../protocol/decision';
import type { JobRecord } from '../../protocol/record';
import { TABLE } from '../../wire/table';
import type { JobStore, WriteResult } from '../job-store';
import { toRecord } from './item';
import { putRequest, updateRequest, WRITE_ID } from './requests';

/**
 * Records in a DynamoDB table. The low-level client: with the document client the bundles are 12 KB larger,
 * for a conversion that is a few lines here.
 */
export class DynamoDbJobStore implements JobStore {
  constructor(private readonly client: Pick<DynamoDBClient, 'send'>, private readonly table: string) {}

  async read(job_id: string): Promise<JobRecord | undefined> {
    const { Item: item } = await this.client.send(new GetItemCommand({
      TableName: this.table,
      Key: { [TABLE.key]: { S: job_id } },
      ConsistentRead: true,
    }));
    return item && toRecord(item);
  }

  /**
   * When an answer is lost, the SDK sends the write again, and then its condition fails on what it has written itself: a claim would
   * wait for its own lease, an end would not be counted. So each write leaves an id of its own in the item. What the record
   * looks like would not do: two workers with the same message can write the same one within a millisecond.
   */
  async write(step: WriteStep, now: number): Promise<WriteResult> {
    const write_id = randomBytes(12).toString('base64url');
    try {
      await (step.do === 'create'
        ? this.client.send(new PutItemCommand(putRequest(this.table, step, write_id, now)))
        : this.client.send(new UpdateItemCommand(updateRequest(this.table, step, write_id))));
      return { held: true };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return error.Item?.[WRITE_ID]?.S === write_id
          ? { held: true }
          : { held: false, stored: error.Item && toRecord(error.Item) };
      }
      throw error;
    }
  }
}
