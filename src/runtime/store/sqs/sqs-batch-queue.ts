import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { SqsJobQueue } from './sqs-job-queue';
import { SqsMessage, sqsMessage } from './sqs-message';
import type { BatchQueue, Outgoing } from '../batch-queue';

/**
 * What one call takes: so many messages, of so many bytes together with their attributes.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
const MOST_MESSAGES = 10;
const MOST_BYTES = 1_048_576;

/** A queue that also takes many messages with one call. A class of its own, because a worker never does. */
export class SqsBatchQueue extends SqsJobQueue implements BatchQueue {
  async sendAll(messages: readonly Outgoing[]): Promise<(Error | undefined)[]> {
    const calls = split(messages.map(({ message, delay_ms }) => sqsMessage(message, delay_ms, this.environment)));
    return (await Promise.all(calls.map(async (call) => this.sendTogether(call)))).flat();
  }

  /** Throttling and transport errors hit the whole call; else each message has an answer of its own. */
  private async sendTogether(messages: readonly SqsMessage[]): Promise<(Error | undefined)[]> {
    try {
      const { Successful: sent = [], Failed: failed = [] } = await this.client.send(new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: messages.map((message, index) => ({ Id: String(index), ...message })),
      }));
      return messages.map((_, index) => {
        const Id = String(index);
        return sent.some((entry) => entry.Id === Id) ? undefined : refusal(failed.find((entry) => entry.Id === Id));
      });
    } catch (error) {
      return messages.map(() => error as Error);
    }
  }
}

function refusal({ Code = 'NoAnswer', Message = 'the queue did not say what became of the message' } = {}): Error {
  return Object.assign(new Error(Message), { name: Code });
}

/** In their order, as many to a call as it takes. */
function split(messages: readonly SqsMessage[]): SqsMessage[][] {
  const calls: SqsMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > MOST_BYTES || calls[calls.length - 1].length === MOST_MESSAGES) {
      calls.push([]);
      bytes = 0;
    }
    calls[calls.length - 1].push(message);
    bytes += size;
  }
  return calls;
}

/** The trace is not counted. */
function sizeOf({ MessageBody, MessageAttributes = {} }: SqsMessage): number {
  const texts = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [name, DataType ?? '', StringValue ?? '']);
  return [MessageBody, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
