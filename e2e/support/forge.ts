import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { newJobId } from '../../src/runtime/protocol/job-id';
import { freshRecord, type JobMessage } from '../../src/runtime/protocol/message';
import { payloadHash } from '../../src/runtime/protocol/payload';
import { toItem } from '../../src/runtime/store/dynamodb/item';
import { shardOf } from '../../src/runtime/store/shard';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** A job's message as the pipeline would make it. */
export function messageFor(owner: string, payload: unknown, changes: Partial<JobMessage> = {}): JobMessage {
  const now = Date.now();
  return {
    version: 1,
    job_id: newJobId(now),
    owner,
    generation: 0,
    payload: JSON.stringify(payload),
    payload_hash: payloadHash(payload),
    max_attempts: 3,
    created_at: now,
    deadline_at: now + 600_000,
    retention_seconds: 86_400,
    correlation_id: 'forged',
    ...changes,
  };
}

export async function send(cloud: LocalCloud, queueUrl: string, message: JobMessage): Promise<void> {
  await new SQSClient(cloud.clientConfig).send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
}

/** A queued job whose message is nowhere. */
export async function put(cloud: LocalCloud, table: string, message: JobMessage): Promise<void> {
  const shard = shardOf(message.job_id);
  const indexes = { owner_shard: { S: `${message.owner}#${shard}` }, deadline_shard: { S: String(shard) } };
  await new DynamoDBClient(cloud.clientConfig).send(new PutItemCommand({ TableName: table, Item: { ...toItem(freshRecord(message)), ...indexes } }));
}
