import type { Context } from 'aws-lambda';
import { manageKeys } from './keys/keys';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbKeyStore } from '../store/dynamodb/dynamodb-key-store';
import { text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { ENVIRONMENT } from '../wire/environment';

const parts = {
  keys: new DynamoDbKeyStore(dynamoDbClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.keysTable)),
  log: powertoolsLog(text(process.env, ENVIRONMENT.pipeline)),
  now: Date.now,
};

/** Creates, lists and revokes API keys, for whoever may invoke it. */
export async function handler(event: unknown, context: Context): Promise<object> {
  return manageKeys(event, context, parts);
}
