import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CallLimits, clientSettings } from '../aws-clients';

export function dynamoDbClient(limits: CallLimits): DynamoDBClient {
  return new DynamoDBClient(clientSettings(limits));
}

/** A client that asks only once, over the connections of another one and within that one's times. */
export function onceBy(client: DynamoDBClient): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: 1, requestHandler: client.config.requestHandler });
}
