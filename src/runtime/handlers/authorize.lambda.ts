import { authorize, type AuthorizerAnswer, type AuthorizerEvent } from './authorize/authorize';
import { API_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbKeyStore } from '../store/dynamodb/dynamodb-key-store';
import { text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { ENVIRONMENT } from '../wire/environment';

const parts = {
  keys: new DynamoDbKeyStore(dynamoDbClient(API_LIMITS), text(process.env, ENVIRONMENT.keysTable)),
  log: powertoolsLog(text(process.env, ENVIRONMENT.pipeline)),
};

/** Tells an HTTP API whose key came with a request. */
export async function handler(event: AuthorizerEvent): Promise<AuthorizerAnswer> {
  return authorize(event, parts);
}
