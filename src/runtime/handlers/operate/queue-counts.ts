import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** About how many messages a queue has: SQS counts no more exactly. */
export interface QueueCounts {
  readonly waiting: number;
  readonly in_flight: number;
  readonly delayed: number;
  /** How long a message is kept, from when it was sent. */
  readonly retention_seconds: number;
}

export type CountQueue = (queueUrl: string) => Promise<QueueCounts>;

export function countQueue(client: Pick<SQSClient, 'send'>): CountQueue {
  return async (queueUrl) => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed', 'MessageRetentionPeriod',
      ],
    }));
    return {
      waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
      in_flight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
      retention_seconds: Number(Attributes?.MessageRetentionPeriod ?? 0),
    };
  };
}
