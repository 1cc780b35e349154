import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { JobMessage } from '../../protocol/message';
import { MAX_DELAY_MS } from '../../protocol/record';
import { MESSAGE_ATTRIBUTE } from '../../wire/queue';

/** What is said of a message to the queue, alone or in a batch. */
export type SqsMessage = Omit<SendMessageBatchRequestEntry, 'Id' | 'MessageBody'> & { readonly MessageBody: string };

/** @param environment where Lambda says which trace goes on */
export function sqsMessage(message: JobMessage, delay_ms: number, environment: NodeJS.ProcessEnv): SqsMessage {
  const trace = environment._X_AMZN_TRACE_ID;
  return {
    MessageBody: bodyOf(message),
    MessageGroupId: groupOf(message.owner),
    // Rounded up: a message that comes too early costs a delivery more.
    ...(delay_ms > 0 && { DelaySeconds: Math.ceil(Math.min(delay_ms, MAX_DELAY_MS) / 1000) }),
    MessageAttributes: { [MESSAGE_ATTRIBUTE.correlationId]: { DataType: 'String', StringValue: message.correlation_id } },
    ...(trace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }),
  };
}

/** SQS refuses the two noncharacters that JSON leaves as they are; escaped they mean the same. */
function bodyOf(message: JobMessage): string {
  return JSON.stringify(message).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A group's name has up to 128 letters, digits and marks; an owner that does not fit is known by its hash. */
function groupOf(owner: string): string {
  return /^[!-_a-z{|}~]{1,128}$/.test(owner) ? owner : createHash('sha256').update(owner).digest('base64url');
}
