import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SubmitLimit, submitsPerMinute } from './submit-limit';
import { onceBy } from '../../store/dynamodb/dynamodb-client';
import { DynamoDbCounter } from '../../store/dynamodb/dynamodb-counter';
import type { Environment } from '../../store/settings';

/** The exact limit as the environment has it, counted in the jobs table; undefined where nobody counts. */
export function exactLimit(environment: Environment, client: DynamoDBClient, table: string): SubmitLimit | undefined {
  const limit = submitsPerMinute(environment);
  return limit === undefined ? undefined : new SubmitLimit(new DynamoDbCounter(onceBy(client), table), limit, Date.now);
}
