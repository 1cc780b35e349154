import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Measure } from './measure';
import { deploy, type Deployment } from '../../e2e/local-cloud/deploy';
import type { LocalCloud } from '../../e2e/local-cloud/local-cloud';
import { freshRecord, type JobMessage } from '../../src/runtime/protocol/message';
import { payloadHash } from '../../src/runtime/protocol/payload';
import { toItem } from '../../src/runtime/store/dynamodb/item';
import { newMessage } from '../../src/runtime/store/job-messages';
import { alternate } from '../alternate';
import { bundleByHand } from '../bundle-by-hand';
import { runChild, SCRATCH } from '../child';
import { withCloud } from '../deployed-pipeline';
import { rateRatio, type Row } from '../row';

const JOBS = 120;
const LIMIT_MS = 60_000;
const POLL_MS = 20;
const STACKS = ['Pipeline', 'SameWrites', 'AsyncJob'] as const;
type StackName = typeof STACKS[number];

/** The least that the library's share of the other's rate may be. */
const GOALS = { SameWrites: 0.9, AsyncJob: 1.2 };

export const throughput: Measure = {
  title: 'Jobs a second',
  how: `${JOBS} jobs whose handler does nothing, in turn by three workers on one local cloud, two processes each, message by message: from the first message `
    + 'sent to the last job ended, with the records put before. Same writes: a worker by hand that hides, claims and finishes with the calls that the library makes, and '
    + 'has no lease, retry, checkpoint or metric, and one line of log. AsyncJob: one by hand that reads and puts the record before and after, as AsyncJob of AWS Blocks does.',
  run: async ({ rounds, progress }) => withCloud('throughput', progress, async cloud => {
    const assembly = join(SCRATCH, 'cdk.out', 'throughput');
    await runChild('throughput-app', [assembly, await bundleByHand('worker')]);
    const rates = new Rates(cloud, await deploy(cloud, assembly));
    const values = await alternate(rounds, {
      Pipeline: () => rates.of('Pipeline'), SameWrites: () => rates.of('SameWrites'), AsyncJob: () => rates.of('AsyncJob'),
    }, round => progress.at('throughput', round, rounds));
    return rows(values);
  }),
};

function rows({ Pipeline: ours, SameWrites, AsyncJob }: Record<StackName, number[]>): Row[] {
  const label = { metric: 'jobs a second of a pipeline\'s worker', unit: 'jobs/s' };
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
    const before = await this.ended(table);
    const messages = Array.from({ length: JOBS }, jobMessage);
    await this.put(table, messages);
    const started = performance.now();
    await this.send(this.deployment.output(`${stack}Queue`), messages);
    while (await this.ended(table) < before + JOBS) {
      if (performance.now() - started > LIMIT_MS) throw new Error(`${stack}: not all jobs ended within ${LIMIT_MS / 1000} s\n${this.cloud.logTail()}`);
      await sleep(POLL_MS);
    }
    return JOBS / ((performance.now() - started) / 1000);
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

  private async ended(table: string): Promise<number> {
    const pages = paginateScan({ client: this.dynamodb }, { TableName: table, FilterExpression: 'attribute_exists(finished_at)', Select: 'COUNT' });
    let count = 0;
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  }
}

function jobMessage(): JobMessage {
  const payload = { text: 'x'.repeat(200) };
  return newMessage(
    { owner: 'internal', payload: JSON.stringify(payload), payload_hash: payloadHash(payload), correlation_id: 'bench' },
    { maxAttempts: 3, deadlineSeconds: 3600, retentionSeconds: 3600 }, Date.now(),
  );
}

function tens<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: Math.ceil(values.length / 10) }, (_, index) => values.slice(index * 10, index * 10 + 10));
}
