import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Measure } from './measure';
import { deploy, type Deployment } from '../../e2e/local-cloud/deploy';
import type { LocalCloud } from '../../e2e/local-cloud/local-cloud';
import { freshRecord, type JobMessage } from '../../src/runtime/protocol/message';
import { toItem } from '../../src/runtime/store/dynamodb/item';
import type { PostgresStore } from '../../src/runtime/store/postgres/postgres-store';
import { ENVIRONMENT } from '../../src/runtime/wire/environment';
import { JobsDatabase } from '../../test/support/postgres/jobs-database';
import type { PostgresServer } from '../../test/support/postgres/server';
import { alternate } from '../alternate';
import { runChild, ROOT, SCRATCH } from '../child';
import { DelayingRelay } from '../delaying-relay';
import { withCloud } from '../deployed-pipeline';
import { jobMessage, tens } from '../job-messages';
import { trustingServer } from '../postgres';
import { rateRatio, type Row } from '../row';
import type { Sample } from '../stopwatch';

const JOBS = 60;
/** Connections are opened and code is compiled by these. */
const UNTIMED = 20;
/** As in the measure of jobs a second. */
const CALL_MS = 5;
const PIPELINE = 'bench';

const WORKER = join(ROOT, 'assets', 'layer-node', 'nodejs', 'node_modules', 'cdk-jobworks-worker', 'worker.mjs');
const POSTGRES_LAYER = join(ROOT, 'assets', 'layer-postgres', 'nodejs', 'node_modules');

type StoreName = 'PostgreSQL' | 'DynamoDB';
type Environment = Readonly<Record<string, string>>;

export const stores: Measure = {
  title: 'Jobs a second, with jobs in PostgreSQL',
  how: `${JOBS} jobs whose handler does nothing, in turn by the same worker (the bundles of both layers, in one process, message by message) on a PostgreSQL server and on a table of the `
    + 'local cloud, with the records put before; messages are hidden at a queue of the local cloud. PostgreSQL is a program of its own in C, and the local cloud one in Python that is the '
    + 'queue, too: at once they are compared with each other more than anything of AWS\'s. In the second row each call and each statement takes '
    + `${CALL_MS} ms longer. The function connects over TLS, to the server itself, without a proxy between.`,
  run: async ({ rounds, progress }) => withCloud('stores', progress, async cloud => trustingServer('stores', progress, async server => {
    const assembly = join(SCRATCH, 'cdk.out', 'stores');
    await runChild('store-app', [assembly]);
    const deployment = await deploy(cloud, assembly);
    const database = await JobsDatabase.on(server);
    const relays = [await DelayingRelay.start(Number(new URL(cloud.endpoint).port), CALL_MS), await DelayingRelay.start(server.port, CALL_MS)];
    try {
      const rows: Row[] = [];
      for (const [where, [cloudPort, databasePort]] of [
        ['', [Number(new URL(cloud.endpoint).port), server.port]],
        [`, calls ${CALL_MS} ms longer`, relays.map(({ port }) => port)],
      ] as const) {
        const rates = new Rates(cloud, deployment, database, { server, cloudPort, databasePort });
        const values = await alternate(rounds, { PostgreSQL: async () => rates.of('PostgreSQL'), DynamoDB: async () => rates.of('DynamoDB') },
          round => progress.at(`stores${where}`, round, rounds));
        rows.push(rateRatio({ metric: `jobs a second of a worker on PostgreSQL${where}`, unit: 'jobs/s' }, values.PostgreSQL,
          { name: 'the same worker on DynamoDB', values: values.DynamoDB }));
      }
      return rows;
    } finally {
      database.close();
      await Promise.all(relays.map(async relay => relay.stop()));
    }
  })),
};

/** Where a worker finds what it calls. */
interface Ways {
  readonly server: PostgresServer;
  readonly cloudPort: number;
  readonly databasePort: number;
}

class Rates {
  private readonly dynamodb: DynamoDBClient;
  private readonly sqs: SQSClient;
  private readonly queueUrl: string;
  private readonly table: string;
  private readonly postgres: PostgresStore;

  constructor(
    private readonly cloud: LocalCloud, private readonly deployment: Deployment, private readonly database: JobsDatabase, private readonly ways: Ways,
  ) {
    this.dynamodb = new DynamoDBClient(cloud.clientConfig);
    this.sqs = new SQSClient(cloud.clientConfig);
    this.queueUrl = deployment.output('QueueUrl');
    this.table = deployment.output('TableName');
    this.postgres = database.store(PIPELINE);
  }

  /** Jobs a second of a worker on this store. */
  async of(store: StoreName): Promise<number> {
    const messages = Array.from({ length: UNTIMED + JOBS }, jobMessage);
    await (store === 'PostgreSQL' ? this.putRows(messages) : this.putItems(messages));
    const received = await this.received(messages);
    const records = received.map(message => this.recordOf(message));
    const file = join(SCRATCH, 'records.json');
    writeFileSync(file, JSON.stringify({ untimed: records.slice(0, UNTIMED), timed: records.slice(UNTIMED) }));
    const { clock_ms } = await runChild<Sample>('work', [WORKER, file], { env: this.environment(store) });
    await this.forget(received);
    return JOBS / (clock_ms / 1000);
  }

  /** As the construct gives it to the user's function. */
  private environment(store: StoreName): Environment {
    const endpoint = `http://127.0.0.1:${this.ways.cloudPort}`;
    const { accessKeyId, secretAccessKey } = this.cloud.clientConfig.credentials;
    return {
      AWS_REGION: this.cloud.region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LAMBDA_TASK_ROOT: taskRoot(),
      NODE_PATH: POSTGRES_LAYER,
      [ENVIRONMENT.handler]: 'index.handler',
      [ENVIRONMENT.pipeline]: PIPELINE,
      [ENVIRONMENT.queueUrl]: `${endpoint}${new URL(this.queueUrl).pathname}`,
      [ENVIRONMENT.queueArn]: this.deployment.output('QueueArn'),
      [ENVIRONMENT.filesPrefix]: PIPELINE,
      [ENVIRONMENT.backoffFirstMs]: '1000',
      [ENVIRONMENT.backoffMaxMs]: '1000',
      [ENVIRONMENT.backoffJitter]: '0',
      [ENVIRONMENT.shutdownMs]: '1000',
      ...(store === 'PostgreSQL' ? this.databaseEnvironment() : { [ENVIRONMENT.table]: this.table }),
    };
  }

  private databaseEnvironment(): Environment {
    const { server, databasePort } = this.ways;
    return {
      [ENVIRONMENT.databaseHost]: server.host,
      [ENVIRONMENT.databasePort]: String(databasePort),
      [ENVIRONMENT.databaseName]: this.database.name,
      [ENVIRONMENT.databaseRole]: server.user,
      [ENVIRONMENT.databaseCa]: server.caFile,
      [ENVIRONMENT.databaseMaxConnections]: '1',
    };
  }

  private async putRows(messages: readonly JobMessage[]): Promise<void> {
    await Promise.all(messages.map(async message => this.postgres.store.write({ do: 'create', record: freshRecord(message), over_fresh: false }, Date.now())));
  }

  private async putItems(messages: readonly JobMessage[]): Promise<void> {
    await Promise.all(tens(messages).map(async ten => this.dynamodb.send(new BatchWriteItemCommand({
      RequestItems: { [this.table]: ten.map(message => ({ PutRequest: { Item: toItem(freshRecord(message)) } })) },
    }))));
  }

  /** All are sent, and then received as Lambda receives them. */
  private async received(messages: readonly JobMessage[]): Promise<Message[]> {
    await Promise.all(tens(messages).map(async ten => this.sqs.send(new SendMessageBatchCommand({
      QueueUrl: this.queueUrl,
      Entries: ten.map(message => ({ Id: message.job_id, MessageBody: JSON.stringify(message) })),
    }))));
    const received: Message[] = [];
    while (received.length < messages.length) {
      const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }));
      if (Messages.length === 0) throw new Error(`the queue gave ${received.length} of ${messages.length} messages\n${this.cloud.logTail()}`);
      received.push(...Messages);
    }
    return received;
  }

  private recordOf({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }: Message): SQSRecord {
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes as unknown as SQSRecord['attributes'],
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: this.deployment.output('QueueArn'),
      awsRegion: this.cloud.region,
    };
  }

  private async forget(messages: readonly Message[]): Promise<void> {
    await Promise.all(tens(messages).map(async ten => this.sqs.send(new DeleteMessageBatchCommand({
      QueueUrl: this.queueUrl, Entries: ten.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }))));
  }
}

function taskRoot(): string {
  const folder = join(SCRATCH, 'task');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => {};\n');
  return folder;
}
