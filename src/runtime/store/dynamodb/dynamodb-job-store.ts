import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { WriteStep } from '../../protocol/decision';
import type { JobRecord } from '../../protocol/record';
import { TABLE } from '../../wire/table';
import type { JobStore, WriteResult } from '../job-store';
import { toRecord } from './item';
import { putRequest, updateRequest } from './requests';

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

  async write(step: WriteStep, now: number): Promise<WriteResult> {
    try {
      await (step.do === 'create'
        ? this.client.send(new PutItemCommand(putRequest(this.table, step, now)))
        : this.client.send(new UpdateItemCommand(updateRequest(this.table, step))));
      return { held: true };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return { held: false, stored: error.Item && toRecord(error.Item) };
      }
      throw error;
    }
  }
}
