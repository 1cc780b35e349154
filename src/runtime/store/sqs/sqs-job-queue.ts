import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type ReceivedMessage, sameMessage, sqsMessage } from './sqs-message';
import type { JobMessage } from '../../protocol/message';
import type { JobQueue } from '../job-queue';

/** A standard queue. Messages of one owner are one group: a fair queue keeps its flood from starving the others. */
export class SqsJobQueue implements JobQueue {
  constructor(
    protected readonly client: Pick<SQSClient, 'send'>,
    protected readonly queueUrl: string,
    protected readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  async send(message: JobMessage, delay_ms: number): Promise<void> {
    await this.client.send(new SendMessageCommand({ QueueUrl: this.queueUrl, ...sqsMessage(message, delay_ms, this.environment) }));
  }

  /** A message that was received, as it came. Whoever acknowledges it afterwards has put off what it says, without a receive of its own. */
  async sendAgain(received: ReceivedMessage, delay_ms: number): Promise<void> {
    await this.client.send(new SendMessageCommand({ QueueUrl: this.queueUrl, ...sameMessage(received, delay_ms) }));
  }
}
