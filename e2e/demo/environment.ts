import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Steps } from './steps';
import { JobClient } from '../job-client/job-client';
import { apiKey } from '../job-client/signers';
import { deploy } from '../local-cloud/deploy';
import { readLedger, type Ledger } from '../local-cloud/ledger';
import { LocalCloud } from '../local-cloud/local-cloud';
import { Deployed } from '../support/deployed';
import { EXAMPLE, synthesise } from '../support/synthesise';

const ROOT = resolve(__dirname, '../..');
const BUNDLE_LIMIT_MS = 60_000;
const run = promisify(execFile);

/** The example, deployed and ready to be used. */
export interface DemoEnvironment {
  readonly url: string;
  readonly key: string;
  readonly client: JobClient;
  readonly cloud: LocalCloud;
  /** How often a worker started a job. */
  runsOf(jobId: string): Promise<number>;
  ledger(): Promise<Ledger>;
}

/** Bundles, starts, synthesises and deploys. Whoever calls stops the cloud, which is handed over as soon as it runs. */
export async function prepare(steps: Steps, started: (cloud: LocalCloud) => void): Promise<DemoEnvironment> {
  await steps.step('bundle handlers and layer', () => run(process.execPath, ['--import', 'tsx', 'projenrc/tools/bundle.ts'], {
    cwd: ROOT, timeout: BUNDLE_LIMIT_MS,
  }));
  const cloud = await steps.step('start the local cloud', (report) => LocalCloud.start({ onProgress: report }));
  started(cloud);
  const assembly = await steps.step(`synthesise the example (${EXAMPLE.stack})`, () => synthesise(EXAMPLE.folder, 'demo', EXAMPLE.shortTimeouts));
  const deployment = await steps.step('deploy its template', (report) => deploy(cloud, assembly, { onProgress: report }));

  const deployed = new Deployed(cloud, deployment);
  const [url, key] = [deployed.apiUrl(), await deployed.apiKey()];
  const table = await deployed.physicalId(EXAMPLE.stack, 'AWS::DynamoDB::Table');
  const dynamoDb = new DynamoDBClient(cloud.clientConfig);
  return {
    url,
    key,
    cloud,
    client: new JobClient({ url, signer: apiKey(key), submitPath: EXAMPLE.submitPath, statusPath: EXAMPLE.statusPath }),
    async runsOf(jobId) {
      const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: table, Key: { job_id: { S: jobId } }, ConsistentRead: true }));
      return Number(Item?.run?.N ?? 0);
    },
    ledger: () => readLedger(cloud, deployment.stacks),
  };
}
