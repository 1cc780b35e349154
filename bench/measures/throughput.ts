import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Measure } from './measure';
import { inject } from '../../e2e/local-cloud/control';
import { deploy, type Deployment } from '../../e2e/local-cloud/deploy';
import type { LocalCloud } from '../../e2e/local-cloud/local-cloud';
import { freshRecord, type JobMessage } from '../../src/runtime/protocol/message';
import { toItem } from '../../src/runtime/store/dynamodb/item';
import { alternate } from '../alternate';
import { bundleByHand } from '../bundle-by-hand';
import { runChild, SCRATCH } from '../child';
import { withCloud } from '../deployed-pipeline';
import { jobMessage, tens } from '../job-messages';
import { rateRatio, type Row } from '../row';

const JOBS = 120;
const LIMIT_MS = 60_000;
const POLL_MS = 50;
const STACKS = ['Pipeline', 'SameWrites', 'AsyncJob'] as const;
type StackName = typeof STACKS[number];

/** The least that the library's share of the other's rate may be. */
const GOALS = { SameWrites: 0.9, AsyncJob: 1.2 };

/** About what DynamoDB takes; SQS takes longer. The local cloud answers within a millisecond or two, and takes them from the workers. */
const CALL_MS = 5;

export const throughput: Measure = {
  title: 'Jobs a second',
  how: `${JOBS} jobs whose handler does nothing, in turn by three workers on one local cloud, two processes each, message by message: from the first message `
    + 'sent to the time that the last job was ended at, with the records put before. Same writes: a worker by hand that hides, claims and finishes with the calls that the library '
    + 'makes, one after the other (the library hides and claims at the same time), and has no lease, retry, checkpoint or metric, and one line of log. AsyncJob: one by hand that '
    + 'reads and puts the record before and after, as AsyncJob of AWS Blocks does: four calls where the library makes three. On a local cloud a call costs little but the '
    + 'processor\'s time, which the workers need as well: that is all that the first two rows compare. In the others each call takes '
    + `${CALL_MS} ms longer, as it does on AWS (where SQS takes longer still, which AsyncJob's worker does not call), and a worker waits.`,
  run: async ({ rounds, progress }) => withCloud('throughput', progress, async cloud => {
    const assembly = join(SCRATCH, 'cdk.out', 'throughput');
    await runChild('throughput-app', [assembly, await bundleByHand('worker')]);
    const rates = new Rates(cloud, await deploy(cloud, assembly));
    const ofAll = async (note: string) => alternate(rounds, {
      Pipeline: () => rates.of('Pipeline'), SameWrites: () => rates.of('SameWrites'), AsyncJob: () => rates.of('AsyncJob'),
    }, round => progress.at(`throughput${note}`, round, rounds));
    const atOnce = await ofAll('');
    await inject(cloud, ['dynamodb', 'sqs'].map(service => ({ service, share: 1, hang_seconds: CALL_MS / 1000 })));
    return [...rows('', atOnce), ...rows(`, calls ${CALL_MS} ms longer`, await ofAll(`, calls ${CALL_MS} ms longer`))];
  }),
};

function rows(where: string, { Pipeline: ours, SameWrites, AsyncJob }: Record<StackName, number[]>): Row[] {
  const label = { metric: `jobs a second of a pipeline's worker${where}`, unit: 'jobs/s' };
  return [
    rateRatio({ ...label, goal: GOALS.SameWrites }, ours, { name: 'by hand, same writes', values: SameWrites }),
    rateRatio({ ...label, goal: GOALS.AsyncJob }, ours, { name: 'by hand, AsyncJob\'s calls', values: AsyncJob }),
  ];
}

class Rates {
  private readonly dynamodb: DynamoDBClient;
  private readonly sqs: SQSClient;

  constructor(private readonly cloud: LocalCloud, private readonly deployment: Deployment) {
    this.dynamodb = new DynamoDBClient(cloud.clientConfig);
    this.sqs = new SQSClient(cloud.clientConfig);
  }

  /** Jobs a second of one of the workers. */
  async of(stack: StackName): Promise<number> {
    const table = this.deployment.output(`${stack}Table`);
    const queue = this.deployment.output(`${stack}Queue`);
    const messages = Array.from({ length: JOBS }, jobMessage);
    await this.put(table, messages);
    const started = Date.now();
    await this.send(queue, messages);
    while (await this.waiting(queue) > 0) {
      if (Date.now() - started > LIMIT_MS) throw new Error(`${stack}: not all jobs ended within ${LIMIT_MS / 1000} s\n${this.cloud.logTail()}`);
      await sleep(POLL_MS);
    }
    return JOBS / ((await this.lastEnd(table, messages) - started) / 1000);
  }

  private async put(table: string, messages: readonly JobMessage[]): Promise<void> {
    await Promise.all(tens(messages).map(ten => this.dynamodb.send(new BatchWriteItemCommand({
      RequestItems: { [table]: ten.map(message => ({ PutRequest: { Item: toItem(freshRecord(message)) } })) },
    }))));
  }

  private async send(queue: string, messages: readonly JobMessage[]): Promise<void> {
    await Promise.all(tens(messages).map(ten => this.sqs.send(new SendMessageBatchCommand({
      QueueUrl: queue,
      Entries: ten.map(message => ({ Id: message.job_id, MessageBody: JSON.stringify(message) })),
    }))));
  }

  /** Messages that are not deleted yet. Cheap to ask: whatever the local cloud does for the benchmark it does not do for a worker meanwhile. */
  private async waiting(queue: string): Promise<number> {
    const { Attributes = {} } = await this.sqs.send(new GetQueueAttributesCommand({
      QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }));
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  /** When the last of the jobs ended, as its worker wrote it. Epoch milliseconds. */
  private async lastEnd(table: string, messages: readonly JobMessage[]): Promise<number> {
    const ends = await Promise.all(tens(messages).map(async ten => {
      const { Responses = {} } = await this.dynamodb.send(new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: ten.map(({ job_id }) => ({ job_id: { S: job_id } })), ProjectionExpression: 'finished_at' } },
      }));
      return Responses[table].map(({ finished_at }) => Number(finished_at?.N));
    }));
    const all = ends.flat();
    if (all.length !== JOBS || !all.every(Number.isFinite)) throw new Error(`a job was taken from the queue and did not end\n${this.cloud.logTail()}`);
    return Math.max(...all);
  }
}
