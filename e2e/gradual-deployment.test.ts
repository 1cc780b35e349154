import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DEPLOYED } from './gradual-deployment/names';
import { invoke } from './support/invoke';
import { accepted, administrator, ended, useStack } from './support/use';

/*
 * Jobs run through the aliases of a pipeline whose versions are deployed, and the hooks do what CodeDeploy would have them do. CodeDeploy itself
 * is not here: a stand-in takes what it would be told.
 */
const subject = useStack({ app: join(__dirname, 'gradual-deployment'), stack: DEPLOYED.stack, auth: true });
const told: Record<string, unknown>[] = [];
let codeDeploy: Server;

beforeAll(async () => {
  codeDeploy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ operation: request.headers['x-amz-target'], ...JSON.parse(Buffer.concat(chunks).toString()) as object });
      response.setHeader('content-type', 'application/x-amz-json-1.1').end('{}');
    });
  });
  await new Promise<void>((resolve) => codeDeploy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => codeDeploy.close(resolve)));

/** Calls a hook as CodeDeploy does, where it is to tell the stand-in. @returns what it told */
async function hook(pipeline: string, name: 'AfterTraffic' | 'BeforeTraffic', environment: Record<string, string> = {}): Promise<unknown> {
  const { cloud, deployed } = subject();
  const client = new LambdaClient(cloud.clientConfig);
  const FunctionName = await deployed.physicalId(DEPLOYED.stack, 'AWS::Lambda::Function', `${pipeline}Deployment${name}`);
  const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { port } = codeDeploy.address() as AddressInfo;
  await client.send(new UpdateFunctionConfigurationCommand({
    FunctionName, Environment: { Variables: { ...Environment!.Variables, AWS_ENDPOINT_URL_CODEDEPLOY: `http://127.0.0.1:${port}`, ...environment } },
  }));
  told.length = 0;
  await invoke(cloud, FunctionName, { DeploymentId: 'd-1', LifecycleEventHookExecutionId: `${pipeline}-${Object.keys(environment).length}` });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ operation: 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus', deploymentId: 'd-1' });
  return told[0].status;
}

test('a job that comes by the API is run by a version', async () => {
  const client = administrator(subject());
  expect(await ended(client, await accepted(client, { page: 7 }))).toMatchObject({ status: 'succeeded', result: { got: { page: 7 }, version: '1' } });
}, 60_000);

test('versions that work pass before they get traffic, called by a role that may call them and nothing else', async () => {
  expect(await hook('Good', 'BeforeTraffic')).toBe('Succeeded');
}, 60_000);

test('one whose handler cannot be loaded does not', async () => {
  expect(await hook('Broken', 'BeforeTraffic')).toBe('Failed');
}, 60_000);

test('the job of the smoke test goes through queue and worker as any other, under an owner of its own', async () => {
  expect(await hook('Good', 'AfterTraffic')).toBe('Succeeded');
  const { Items: items = [] } = await new DynamoDBClient(subject().cloud.clientConfig)
    .send(new ScanCommand({ TableName: subject().deployed.deployment.output('TableName') }));
  expect(items.filter(({ owner }) => owner?.S === 'smoke-test').map(({ status }) => status.S)).toEqual(['succeeded']);
}, 60_000);

test('one that fails has the deployment rolled back', async () => {
  expect(await hook('Good', 'AfterTraffic', { JOBWORKS_SMOKE_JOB: JSON.stringify({ payload: { fail: true }, timeout_seconds: 20 }) })).toBe('Failed');
}, 60_000);
