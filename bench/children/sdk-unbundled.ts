/** The clients that handlers use, as a function would have them that is not bundled. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

export const clients = [new DynamoDBClient(), new SQSClient()];
