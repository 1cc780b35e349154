import { dynamoDbClientAskingOnce } from './dynamodb-client';
import { COUNT_LIMITS, DynamoDbCounter } from './dynamodb-counter';

/** Counts in a jobs table, with a client of their own. */
export function countsIn(table: string): () => DynamoDbCounter {
  return () => new DynamoDbCounter(dynamoDbClientAskingOnce(COUNT_LIMITS), table);
}
