import { createHash } from 'node:crypto';
import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';
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
    ...delayed(delay_ms),
    MessageAttributes: { [MESSAGE_ATTRIBUTE.correlationId]: { DataType: 'String', StringValue: message.correlation_id } },
    ...traced(trace),
  };
}

/** A message as it came, with its group and its trace: of what is in it nothing need be known. */
export function sameMessage({ body, attributes, messageAttributes }: ReceivedMessage, delay_ms: number): SqsMessage {
  const said = Object.entries(messageAttributes);
  return {
    MessageBody: body,
    ...(attributes.MessageGroupId && { MessageGroupId: attributes.MessageGroupId }),
    ...delayed(delay_ms),
    ...(said.length > 0 && { MessageAttributes: Object.fromEntries(said.map(([name, value]) => [name, sameAttribute(value)])) }),
    ...traced(attributes.AWSTraceHeader),
  };
}

/** What of a message is sent again. */
export type ReceivedMessage = Pick<SQSRecord, 'body' | 'attributes' | 'messageAttributes'>;

/** Lambda hands bytes over as base64. */
function sameAttribute({ dataType, stringValue, binaryValue }: SQSMessageAttribute): MessageAttributeValue {
  return {
    DataType: dataType,
    ...(typeof stringValue === 'string' ? { StringValue: stringValue } : { BinaryValue: Buffer.from(binaryValue ?? '', 'base64') }),
  };
}

/** Rounded up: a message that comes too early costs a delivery more. */
function delayed(delay_ms: number): Pick<SqsMessage, 'DelaySeconds'> {
  return delay_ms > 0 ? { DelaySeconds: Math.ceil(Math.min(delay_ms, MAX_DELAY_MS) / 1000) } : {};
}

function traced(trace: string | undefined): Pick<SqsMessage, 'MessageSystemAttributes'> {
  return trace ? { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } } : {};
}

/** SQS refuses the two noncharacters that JSON leaves as they are; escaped they mean the same. */
function bodyOf(message: JobMessage): string {
  return JSON.stringify(message).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A group's name has up to 128 letters, digits and marks; an owner that does not fit is known by its hash. */
function groupOf(owner: string): string {
  return /^[!-_a-z{|}~]{1,128}$/.test(owner) ? owner : createHash('sha256').update(owner).digest('base64url');
}
