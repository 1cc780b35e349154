import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messageOf } from '../../src/runtime/protocol/message';
import type { JobRecord } from '../../src/runtime/protocol/record';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** Puts on a pipeline's queue what does not belong there: the same again, the same but different, and what is no job. */
export class Disturber {
  private readonly sqs: SQSClient;
  /** So many messages are no jobs at all, and each of them becomes a record of its own. */
  public garbage = 0;

  constructor(cloud: LocalCloud, private readonly queueUrl: string) {
    this.sqs = new SQSClient(cloud.clientConfig);
  }

  /** Queues deliver twice, and in any order: the same message comes again, perhaps when its job is long over. */
  public async again(record: JobRecord, delaySeconds: number): Promise<void> {
    await this.send(JSON.stringify(messageOf(record)), delaySeconds);
  }

  /** Somebody who may send pretends to be another owner, or gives the job another payload. */
  public async forge(record: JobRecord, changes: Partial<JobRecord>): Promise<void> {
    await this.send(JSON.stringify({ ...messageOf(record), ...changes }));
  }

  public async rubbish(i: number): Promise<void> {
    const bodies = ['no JSON', '{"job_id": 1}', '[]', 'null', JSON.stringify({ version: 1, job_id: 'job_x', payload: '{' })];
    this.garbage += 1;
    await this.send(`${bodies[i % bodies.length]}`);
  }

  private async send(body: string, delaySeconds = 0): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: body, DelaySeconds: delaySeconds, MessageGroupId: 'disturber' }));
  }
}
