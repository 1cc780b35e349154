import { SubmitLimit, submitsPerMinute } from './submit-limit';
import { dynamoDbClientAskingOnce } from '../../store/dynamodb/dynamodb-client';
import { COUNT_LIMITS, DynamoDbCounter } from '../../store/dynamodb/dynamodb-counter';
import type { Environment } from '../../store/settings';

/** The exact limit as the environment has it, counted in the jobs table; undefined where nobody counts. */
export function exactLimit(environment: Environment, table: string): SubmitLimit | undefined {
  const limit = submitsPerMinute(environment);
  return limit === undefined ? undefined : new SubmitLimit(new DynamoDbCounter(dynamoDbClientAskingOnce(COUNT_LIMITS), table), limit, Date.now);
}
