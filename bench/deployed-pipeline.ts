import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { runChild, SCRATCH } from './child';
import type { Progress } from './progress';
import { isEnded, JobClient, type ApiResponse } from '../e2e/job-client/job-client';
import { apiKey } from '../e2e/job-client/signers';
import { deploy } from '../e2e/local-cloud/deploy';
import { LocalCloud } from '../e2e/local-cloud/local-cloud';
import { Deployed } from '../e2e/support/deployed';
import type { JobRecord, JobStatus } from '../src/runtime/protocol/record';
import { toRecord } from '../src/runtime/store/dynamodb/item';

const JOB_LIMIT_MS = 30_000;
const POLL_MS = 50;

/** What `children/pipeline-app.ts` makes the handler do. */
export type Plan = 'succeed' | 'checkpoint' | 'fail first' | 'fail always' | 'give up' | 'wait' | 'die first';

/** Where functions of the pipeline call AWS, if not at the local cloud itself. */
export type Endpoints = Readonly<Partial<Record<'submit' | 'status' | 'change' | 'worker', string>>>;

/** A local cloud as long as it is used. */
export async function withCloud<Result>(what: string, progress: Progress, use: (cloud: LocalCloud) => Promise<Result>): Promise<Result> {
  const cloud = await LocalCloud.start({ onProgress: text => progress.at(`${what}: ${text}`) });
  try {
    return await use(cloud);
  } finally {
    await cloud.stop();
  }
}

/** A pipeline on a local cloud, deployed as it is, and what a customer and a curious operator see of it. */
export class DeployedPipeline {
  /** @param name of the folder that it is synthesised into */
  public static async on(cloud: LocalCloud, name: string, endpoints: Endpoints = {}): Promise<DeployedPipeline> {
    const assembly = join(SCRATCH, 'cdk.out', name);
    await runChild('pipeline-app', [assembly, JSON.stringify(endpoints)]);
    const deployed = new Deployed(cloud, await deploy(cloud, assembly));
    return new DeployedPipeline(assembly, deployed, new JobClient({ url: deployed.apiUrl(), signer: apiKey(await deployed.apiKey()) }));
  }

  private readonly dynamodb: DynamoDBClient;

  private constructor(public readonly assembly: string, public readonly deployed: Deployed, public readonly client: JobClient) {
    this.dynamodb = new DynamoDBClient(deployed.cloud.clientConfig);
  }

  /** Submits a job. @returns its id */
  public async submit(plan: Plan): Promise<string> {
    return (await this.answered(202, this.client.submit({ plan }))).job_id;
  }

  /** What was answered, if it is this. */
  public async answered<Body>(expected: number, response: Promise<ApiResponse<Body>>): Promise<Body> {
    const { status, body } = await response;
    if (status !== expected) throw this.failed(`it was answered with ${status} and not ${expected}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The record, read past the handlers, as soon as it is as it should be. */
  public async record(job_id: string, is: (record: JobRecord) => boolean): Promise<JobRecord> {
    const deadline = Date.now() + JOB_LIMIT_MS;
    for (;;) {
      const { Item } = await this.dynamodb.send(new GetItemCommand({
        TableName: this.deployed.deployment.output('TableName'), Key: { job_id: { S: job_id } }, ConsistentRead: true,
      }));
      const record = Item && toRecord(Item);
      if (record && is(record)) return record;
      if (Date.now() > deadline) throw this.failed(`${job_id} is still ${record?.status} after ${JOB_LIMIT_MS / 1000} s`);
      await sleep(POLL_MS);
    }
  }

  /** The record of a job that has ended as it should. */
  public async ended(job_id: string, expected: JobStatus): Promise<JobRecord> {
    const record = await this.record(job_id, isEnded);
    if (record.status !== expected) throw this.failed(`${job_id} ended as ${record.status}, not ${expected}`);
    return record;
  }

  public failed(problem: string): Error {
    return new Error(`${problem}\n${this.deployed.cloud.logTail()}`);
  }
}
