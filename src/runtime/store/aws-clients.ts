import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * A call that hangs must not use up the time its handler has: what takes longer than this is given up and tried again.
 * Connections are kept alive by the SDK's own default.
 */
const IN_LAMBDA = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    throwOnRequestTimeout: true, // else the SDK only warns
  },
};

export function dynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient(IN_LAMBDA);
}

export function sqsClient(): SQSClient {
  return new SQSClient(IN_LAMBDA);
}
