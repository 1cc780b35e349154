/** What one would write without the library: no check of the payload, no owner, no idempotency. It makes the calls that the library makes. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const { TABLE_NAME: TableName, QUEUE_URL: QueueUrl } = process.env;
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

export async function submit({ body }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const job_id = randomUUID();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ job_id, payload: body }) }));
  await dynamodb.send(new PutItemCommand({
    TableName,
    Item: { job_id: { S: job_id }, status: { S: 'queued' }, payload: { S: body ?? '' }, created_at: { N: String(Date.now()) } },
    ConditionExpression: 'attribute_not_exists(job_id)',
  }));
  console.log(JSON.stringify({ message: 'accepted', job_id }));
  return { statusCode: 202, body: JSON.stringify({ job_id, status: 'queued' }) };
}

export async function status({ pathParameters }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { job_id: { S: pathParameters!.job_id! } }, ConsistentRead: true }));
  return Item ? { statusCode: 200, body: JSON.stringify({ job_id: Item.job_id.S, status: Item.status.S }) } : { statusCode: 404, body: '{}' };
}
