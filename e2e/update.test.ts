import { rmSync } from 'node:fs';
import { CloudFormationClient, paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { deploy } from './local-cloud/deploy';
import { LocalCloud } from './local-cloud/local-cloud';
import { invoke } from './support/invoke';
import { Records } from './support/records';
import { currentAssembly, previousAssembly } from './support/snapshot-assembly';
import { eventually } from './support/use';
import { freshRecord } from '../src/runtime/protocol/message';
import { payloadHash } from '../src/runtime/protocol/payload';
import { toItem } from '../src/runtime/store/dynamodb/item';
import { newMessage } from '../src/runtime/store/job-messages';

const APP = ['job-processing-pipeline', 'JobProcessingPipelineStack'] as const;
const [, STACK] = APP;

/** What data is lost with, or what others know by its name. */
const KEPT = new Set([
  'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::KMS::Key', 'AWS::Logs::LogGroup',
  'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::ApiKey', 'AWS::ApiGateway::UsagePlan',
]);

let cloud: LocalCloud;
const folders: string[] = [];
let before: Map<string, string>;
let after: Map<string, string>;
const old = newMessage(
  { owner: 'internal', payload: '{"url":"https://example.com"}', payload_hash: payloadHash({ url: 'https://example.com' }), correlation_id: 'before-the-update' },
  { maxAttempts: 3, deadlineSeconds: 3600, retentionSeconds: 3600 }, Date.now(),
);

/** What stands behind each logical id. */
async function resources(): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  const pages = paginateListStackResources({ client: new CloudFormationClient(cloud.clientConfig) }, { StackName: STACK });
  for await (const { StackResourceSummaries = [] } of pages) found.push(...StackResourceSummaries);
  return found;
}

async function kept(): Promise<Map<string, string>> {
  return new Map((await resources()).filter(({ ResourceType }) => KEPT.has(ResourceType!))
    .map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]));
}

async function physicalId(logicalId: RegExp): Promise<string> {
  const found = (await resources()).find(({ LogicalResourceId }) => logicalId.test(LogicalResourceId!));
  if (!found) throw new Error(`no resource whose logical id matches ${logicalId}`);
  return found.PhysicalResourceId!;
}

/** The first pipeline that there was is deployed, holds a record, and becomes the one of today. */
beforeAll(async () => {
  cloud = await LocalCloud.start();
  folders.push(previousAssembly(...APP), currentAssembly(...APP));
  await deploy(cloud, folders[0], { stacks: [STACK] });
  before = await kept();
  await new DynamoDBClient(cloud.clientConfig).send(new PutItemCommand({ TableName: await physicalId(/^MinimalTable/), Item: toItem(freshRecord(old)) }));
  await deploy(cloud, folders[1], { stacks: [STACK] });
  after = await kept();
}, 180_000);

afterAll(async () => {
  await cloud?.stop();
  folders.forEach(folder => rmSync(folder, { recursive: true, force: true }));
});

test('what holds data, or is known to others, is what it was', () => {
  const named = (type: string) => [...before].filter(([logicalId]) => logicalId.includes(type)).length;
  expect([named('Table'), named('Queue'), named('Key')].every(count => count >= 2)).toBe(true);
  expect(Object.fromEntries([...before.keys()].map(logicalId => [logicalId, after.get(logicalId)]))).toStrictEqual(Object.fromEntries(before));
});

test('a job of before is read by the function of today', async () => {
  expect(await invoke(cloud, await physicalId(/^MinimalStatus[0-9A-F]{8}$/), { job_id: old.job_id })).toMatchObject({ job_id: old.job_id, status: 'queued' });
});

test('a job of today runs in the table and the queue of before', async () => {
  const { job_id } = await invoke<{ job_id: string }>(cloud, await physicalId(/^MinimalSubmit[0-9A-F]{8}$/), { payload: { url: 'https://example.com' } });
  const records = new Records(cloud, await physicalId(/^MinimalTable/));
  let last: unknown;
  const ended = await eventually(() => `the end of ${job_id}, last seen as ${JSON.stringify(last)}`, 40, async () => {
    const record = await records.read(job_id);
    last = record;
    return record?.status === 'succeeded' ? record : undefined;
  });
  expect(JSON.parse(ended.result!)).toStrictEqual({ got: { url: 'https://example.com' } });
});
