import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Measure } from './measure';
import { JobClient } from '../../e2e/job-client/job-client';
import { apiKey } from '../../e2e/job-client/signers';
import { deploy } from '../../e2e/local-cloud/deploy';
import { LocalCloud } from '../../e2e/local-cloud/local-cloud';
import { runChild, SCRATCH } from '../child';
import { CountingProxy } from '../counting-proxy';
import { counted, type Label, type Row } from '../row';

/** Send, put, claim, finish; and hiding the batch, which is one job as long as nobody asks for more. */
const CALLS_OF_A_SUCCESS = 4 + 1;
/** How long nothing must be called until a job counts as over. */
const QUIET_MS = 700;
const JOB_LIMIT_MS = 30_000;

/** What the handler is told to do, how its job must end, and what that is called. */
const PLANS: readonly { plan: string; status: 'succeeded' | 'failed'; label: Omit<Label, 'unit' | 'note'> }[] = [
  { plan: 'succeed', status: 'succeeded', label: { metric: 'AWS calls of a job that succeeds', goal: CALLS_OF_A_SUCCESS } },
  { plan: 'checkpoint', status: 'succeeded', label: { metric: 'AWS calls of a job that saves one checkpoint' } },
  { plan: 'fail first', status: 'succeeded', label: { metric: 'AWS calls of a job that fails once and then succeeds' } },
  { plan: 'die first', status: 'succeeded', label: { metric: 'AWS calls of a job whose first process dies' } },
  { plan: 'give up', status: 'failed', label: { metric: 'AWS calls of a job that fails for good at once' } },
  { plan: 'fail always', status: 'failed', label: { metric: 'AWS calls of a job that fails in 3 of 3 attempts' } },
];

interface Proxies {
  readonly submit: CountingProxy;
  readonly status: CountingProxy;
  readonly worker: CountingProxy;
}

export const calls: Measure = {
  title: 'Calls of AWS for a job',
  how: 'Counted by a proxy between the handlers and a local cloud, on which the templates and bundles of a pipeline are deployed as they are: whatever is sent '
    + 'is counted, repetitions by the SDK too. What Lambda itself does to poll and delete messages comes on top, as with any queue.',
  run: async ({ progress }) => {
    progress.at('calls: starting a local cloud');
    const cloud = await LocalCloud.start({ onProgress: text => progress.at(`calls: ${text}`) });
    try {
      return await withProxies(cloud.endpoint, async proxies => {
        const pipeline = await deployed(cloud, proxies);
        const rows: Row[] = [];
        for (const { plan, status, label } of PLANS) {
          progress.at(`calls: ${plan}`);
          rows.push(await pipeline.runJob(plan, status, label));
        }
        return [...rows, await pipeline.readStatus()];
      });
    } finally {
      await cloud.stop();
    }
  },
};

async function withProxies<Result>(target: string, use: (proxies: Proxies) => Promise<Result>): Promise<Result> {
  const [submit, status, worker] = await Promise.all([1, 2, 3].map(() => CountingProxy.start(target)));
  try {
    return await use({ submit, status, worker });
  } finally {
    await Promise.all([submit, status, worker].map(proxy => proxy.stop()));
  }
}

async function deployed(cloud: LocalCloud, proxies: Proxies): Promise<CountedPipeline> {
  const assembly = join(SCRATCH, 'cdk.out', 'calls');
  await runChild('calls-app', [assembly, proxies.submit.endpoint, proxies.status.endpoint, proxies.worker.endpoint]);
  const deployment = await deploy(cloud, assembly);

  const { value } = await new APIGatewayClient(cloud.clientConfig)
    .send(new GetApiKeyCommand({ apiKey: deployment.output('ApiKeyId'), includeValue: true }));
  const { hostname, pathname } = new URL(deployment.output('ApiUrl')); // the host name of AWS does not exist here
  const client = new JobClient({ url: `${cloud.endpoint}/_aws/execute-api/${hostname.split('.')[0]}${pathname}`, signer: apiKey(value!) });
  return new CountedPipeline(cloud, proxies, client, deployment.output('TableName'));
}

class CountedPipeline {
  private readonly dynamodb: DynamoDBClient;
  private lastJob = '';

  constructor(
    private readonly cloud: LocalCloud, private readonly proxies: Proxies, private readonly client: JobClient, private readonly table: string,
  ) {
    this.dynamodb = new DynamoDBClient(cloud.clientConfig);
  }

  /** The calls of one job, from its submission to its end. */
  async runJob(plan: string, expected: string, label: Omit<Label, 'unit' | 'note'>): Promise<Row> {
    const { submit, worker } = this.proxies;
    submit.calls.length = worker.calls.length = 0;
    const { status, body } = await this.client.submit({ plan });
    if (status !== 202) throw new Error(`"${plan}" was answered with ${status}: ${JSON.stringify(body)}\n${this.cloud.logTail()}`);
    const ended = await this.endOf(body.job_id);
    if (ended !== expected) throw new Error(`"${plan}" ended as ${ended}, not ${expected}\n${this.cloud.logTail()}`);
    this.lastJob = body.job_id;
    if (!submit.calls.includes('SendMessage') || !worker.calls.some(operation => operation.startsWith('ChangeMessageVisibility'))) {
      throw new Error(`Calls went past the proxies: ${summed([...submit.calls, ...worker.calls])}`);
    }
    return counted({ ...label, unit: 'calls', note: `submit: ${summed(submit.calls)}; worker: ${summed(worker.calls)}` },
      submit.calls.length + worker.calls.length);
  }

  /** The calls of reading the status of the last job. */
  async readStatus(): Promise<Row> {
    const { status, body } = await this.client.status(this.lastJob);
    if (status !== 200) throw new Error(`Reading a status was answered with ${status}: ${JSON.stringify(body)}\n${this.cloud.logTail()}`);
    const { calls: called } = this.proxies.status;
    return counted({ metric: 'AWS calls to read a status', unit: 'calls', note: summed(called) }, called.length);
  }

  /** Waits until the record says that the job has ended and nothing is called any more. The record is read past the proxies. */
  private async endOf(job_id: string): Promise<string> {
    const deadline = Date.now() + JOB_LIMIT_MS;
    for (;;) {
      const before = this.proxies.worker.calls.length;
      await sleep(QUIET_MS);
      const { Item } = await this.dynamodb.send(new GetItemCommand({ TableName: this.table, Key: { job_id: { S: job_id } }, ConsistentRead: true }));
      const status = Item?.status?.S;
      if ((status === 'succeeded' || status === 'failed') && this.proxies.worker.calls.length === before) return status;
      if (Date.now() > deadline) throw new Error(`${job_id} is still ${status} after ${JOB_LIMIT_MS / 1000} s\n${this.cloud.logTail()}`);
    }
  }
}

/** `SendMessage, UpdateItem ×2` */
function summed(operations: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const operation of operations) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([operation, count]) => count === 1 ? operation : `${operation} ×${count}`).join(', ') || 'none';
}
