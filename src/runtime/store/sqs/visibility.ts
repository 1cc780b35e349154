import { ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';

/** No message is hidden for longer than 12 hours, counted from when it was received: a little less always fits. It is then hidden again. */
const LONGEST_SECONDS = 43_200 - 1_000;

const BATCH = 10;

export class SqsVisibility {
  constructor(private readonly client: Pick<SQSClient, 'send'>, private readonly queueUrl: string) {}

  async hide(receiptHandle: string, ms: number): Promise<void> {
    await this.client.send(new ChangeMessageVisibilityCommand({
      QueueUrl: this.queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds(ms),
    }));
  }

  /** All of a batch for the same time: one call for every ten. @returns how many could not be hidden: all of a call that failed */
  async hideAll(receiptHandles: readonly string[], ms: number): Promise<number> {
    const batches = Array.from({ length: Math.ceil(receiptHandles.length / BATCH) }, (_, index) =>
      receiptHandles.slice(index * BATCH, (index + 1) * BATCH));
    const answers = await Promise.allSettled(batches.map(async (batch) => this.client.send(new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.queueUrl,
      Entries: batch.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: seconds(ms) })),
    }))));
    return answers.reduce((count, answer, index) => (
      count + (answer.status === 'fulfilled' ? answer.value.Failed?.length ?? 0 : batches[index].length)
    ), 0);
  }
}

function seconds(ms: number): number {
  return Math.min(LONGEST_SECONDS, Math.max(0, Math.ceil(ms / 1000)));
}
