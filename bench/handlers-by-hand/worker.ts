/**
 * What one would write without the library: no lease, no retry, no checkpoint, one line of log. With `FLAVOUR=same-writes` it makes the calls
 * that the library's worker makes; with `FLAVOUR=async-job` those of AsyncJob's: a read and a put of the whole record, before and after.
 */
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

type Item = Record<string, AttributeValue>;

const { FLAVOUR, TABLE_NAME: TableName, QUEUE_URL: QueueUrl } = process.env;
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

export async function handler({ Records: records }: SQSEvent): Promise<{ batchItemFailures: never[] }> {
  if (FLAVOUR === 'same-writes') {
    await sqs.send(new ChangeMessageVisibilityBatchCommand({
      QueueUrl, Entries: records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 30 })),
    }));
  }
  for (const record of records) {
    await (FLAVOUR === 'same-writes' ? claimAndFinish(record) : readAndPut(record));
    console.log(JSON.stringify({ message: 'job ended', message_id: record.messageId })); // nobody runs a worker without a word
  }
  return { batchItemFailures: [] };
}

async function claimAndFinish({ body }: SQSRecord): Promise<void> {
  const job = JSON.parse(body) as { job_id: string };
  await dynamodb.send(new PutItemCommand({
    TableName,
    Item: item({ ...job, status: 'processing' }),
    ConditionExpression: 'attribute_not_exists(job_id) OR #status = :queued',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':queued': { S: 'queued' } },
  }));
  await dynamodb.send(new UpdateItemCommand({
    TableName,
    Key: { job_id: { S: job.job_id } },
    UpdateExpression: 'SET #status = :succeeded, finished_at = :now REMOVE deadline_shard',
    ConditionExpression: '#status = :processing',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':succeeded': { S: 'succeeded' }, ':processing': { S: 'processing' }, ':now': { N: String(Date.now()) } },
  }));
}

async function readAndPut({ body }: SQSRecord): Promise<void> {
  const { job_id } = JSON.parse(body) as { job_id: string };
  for (const status of ['processing', 'succeeded']) {
    const { Item: stored = {} } = await dynamodb.send(new GetItemCommand({ TableName, Key: { job_id: { S: job_id } } }));
    const finished: Item = status === 'succeeded' ? { finished_at: { N: String(Date.now()) } } : {};
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...stored, status: { S: status }, ...finished } }));
  }
}

/** The message's fields, with the keys of the indexes as the library writes them. */
function item(job: Readonly<Record<string, unknown>>): Item {
  const fields = Object.entries(job).filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, AttributeValue] => [name, typeof value === 'number' ? { N: String(value) } : { S: String(value) }]);
  return { ...Object.fromEntries(fields), owner_shard: { S: `${String(job.owner)}#0` }, deadline_shard: { S: '0' } };
}
