import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { OnceLimits } from './dynamodb-client';
import { TABLE } from '../../wire/table';
import { Counter, CounterThrottled } from '../counter';

const COUNT = 'count';

/**
 * What is not counted in time is let through. So a connection has the time for a packet to be lost and sent again, which is a second; a table
 * that is connected and silent is not waited for as long, and both fit into the time of a function beside the calls that follow.
 */
export const COUNT_LIMITS: OnceLimits = { connectMs: 1_500, answerMs: 1_000 };

/** Names of errors with which DynamoDB says that it is asked too often. */
const THROTTLES: readonly string[] = ['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'];

/** What a connection fails with that was closed at its other end. Its request may have been counted: seldom, and then by one too many. */
const BROKEN_CONNECTION = /\b(?:ECONNRESET|EPIPE)\b/;

/**
 * Counts in the jobs table, beside the records: an item for each count, which the table's TTL deletes. No id of a job begins as
 * its key does, and it has no attribute that an index is made of.
 */
export class DynamoDbCounter implements Counter {
  /**
   * @param client it should ask only once: an addition whose answer is late would be made again, and a wait between two attempts would outlast
   *   what a count is worth
   */
  constructor(private readonly client: Pick<DynamoDBClient, 'send'>, private readonly table: string) {}

  async add(name: string, amount: number, limit: number, expires_at: number): Promise<boolean> {
    try {
      await this.send(new UpdateItemCommand({
        TableName: this.table,
        Key: { [TABLE.key]: { S: `limit#${name}` } },
        UpdateExpression: 'SET #expires_at = :expires_at ADD #count :amount',
        ConditionExpression: 'attribute_not_exists(#count) OR #count <= :most',
        ExpressionAttributeNames: { '#count': COUNT, '#expires_at': TABLE.ttl },
        ExpressionAttributeValues: {
          ':amount': { N: String(amount) },
          ':most': { N: String(limit - amount) },
          ':expires_at': { N: String(expires_at) },
        },
      }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw THROTTLES.includes((error as Error).name) ? new CounterThrottled(error) : error;
    }
  }

  /** A connection that was open for a while may have been closed at its other end: that shows at once, and the next one is new. */
  private async send(command: UpdateItemCommand): Promise<void> {
    try {
      await this.client.send(command);
    } catch (error) {
      if (!BROKEN_CONNECTION.test(causeOf(error))) {
        throw error;
      }
      await this.client.send(command);
    }
  }
}

/** As Node says it: the client gives it another name. */
function causeOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return `${code} ${message}`;
}
