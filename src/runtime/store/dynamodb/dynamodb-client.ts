import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CallLimits, clientSettings } from '../aws-clients';

export function dynamoDbClient(limits: CallLimits): DynamoDBClient {
  return new DynamoDBClient(clientSettings(limits));
}
