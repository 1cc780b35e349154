import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PurgeQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AlarmWatch } from './alarm-watch';
import { OPERATIONS } from './names';
import { JobClient } from '../job-client/job-client';
import { awsCredentials } from '../job-client/signers';
import { deploy } from '../local-cloud/deploy';
import { LocalCloud } from '../local-cloud/local-cloud';
import { OnCall } from '../local-cloud/on-call';
import { Deployed } from '../support/deployed';
import { invoke } from '../support/invoke';
import { synthesise } from '../support/synthesise';
import { eventually } from '../support/use';

/** A minute of an alarm lasts half a second. */
export const ALARM_SPEED = 120;

export type PipelineName = 'Jobs' | 'Late' | 'Steps';

/** The system of `app.ts`, with whoever is on call for it, its callers and its operators. */
export class System {
  public static async start(): Promise<System> {
    const onCall = await OnCall.start();
    try {
      const assembly = await synthesise(__dirname, OPERATIONS.stack, { onCall: onCall.url });
      const cloud = await LocalCloud.start({ sampleSeconds: 0.1, alarmSpeed: ALARM_SPEED, trustedCertificates: onCall.certificateFile });
      try {
        const deployed = new Deployed(cloud, await deploy(cloud, assembly));
        return new System(onCall, cloud, deployed, await AlarmWatch.start(cloud));
      } catch (error) {
        await cloud.stop();
        throw error;
      }
    } catch (error) {
      await onCall.stop();
      throw error;
    }
  }

  public readonly client: JobClient;
  private readonly directory = mkdtempSync(join(tmpdir(), 'jobworks-provider-'));
  private readonly lambda: LambdaClient;
  private readonly sqs: SQSClient;

  private constructor(
    public readonly onCall: OnCall, public readonly cloud: LocalCloud, public readonly deployed: Deployed, public readonly watch: AlarmWatch,
  ) {
    this.client = new JobClient({ url: deployed.apiUrl(), signer: awsCredentials(cloud.clientConfig.credentials, cloud.region) });
    this.lambda = new LambdaClient({ ...cloud.clientConfig, maxAttempts: 1 });
    this.sqs = new SQSClient(cloud.clientConfig);
  }

  public async stop(): Promise<void> {
    await this.watch.stop();
    await this.cloud.stop();
    await this.onCall.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** By way of the function that submits, as whoever was granted it; what a busy machine refused is tried again. */
  public async submit(pipeline: PipelineName, ...payloads: readonly object[]): Promise<string[]> {
    const submitFunction = this.deployed.deployment.output(`${pipeline}Submit`);
    return Promise.all(payloads.map(async payload => eventually(() => `a job of ${pipeline}`, 30, async () => {
      const accepted = invoke<{ job_id: string }>(this.cloud, submitFunction, { payload, owner: 'inside' });
      return accepted.then(({ job_id }) => job_id, () => undefined);
    })));
  }

  public async operate(pipeline: PipelineName, action: 'pause' | 'resume' | 'cancel', job_id?: string): Promise<void> {
    await invoke(this.cloud, this.deployed.deployment.output(`${pipeline}Operate`), { action, job_id });
  }

  /** Calls a function at once so often, whatever comes of it. */
  public async call(functionName: string, times: number): Promise<void> {
    await Promise.allSettled(Array.from({ length: times }, async () => this.lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: '{}' }))));
  }

  public async send(queue: string, ...bodies: readonly string[]): Promise<void> {
    await this.sqs.send(new SendMessageBatchCommand({
      QueueUrl: this.deployed.deployment.output(queue), Entries: bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody })),
    }));
  }

  public async purge(queue: string): Promise<void> {
    await this.sqs.send(new PurgeQueueCommand({ QueueUrl: this.deployed.deployment.output(queue) }));
  }

  /** What jobs of a kind call: a file that says how long it takes. */
  public provider(name: string, milliseconds: number): string {
    const file = join(this.directory, name);
    writeFileSync(file, String(milliseconds));
    return file;
  }

  public async runningExecutions(): Promise<number> {
    const stateMachineArn = await this.physicalId('AWS::StepFunctions::StateMachine', 'Machine');
    const { executions = [] } = await new SFNClient(this.cloud.clientConfig).send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    return executions.length;
  }

  /** The body of the dashboard, as it was deployed. */
  public async dashboard(): Promise<{ readonly widgets: readonly unknown[] }> {
    const client = new CloudWatchClient(this.cloud.clientConfig);
    const DashboardName = await this.physicalId('AWS::CloudWatch::Dashboard', 'Dashboard');
    const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName }));
    return JSON.parse(DashboardBody!) as { widgets: readonly unknown[] };
  }

  /** Queries of the template; the local cloud keeps none, so that the names of their log groups are looked up. */
  public async savedQueries(): Promise<readonly { readonly title: string; readonly query: string; readonly groups: readonly string[] }[]> {
    const all = await this.deployedResources();
    const ids = new Map(all.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]));
    const resources = Object.values(this.deployed.deployment.stacks[0].resources ?? {}) as readonly { Type: string; Properties?: unknown }[];
    return resources.filter(({ Type }) => Type === 'AWS::Logs::QueryDefinition').map(({ Properties }) => {
      const { Name, QueryString, LogGroupNames = [] } = Properties as { Name: string; QueryString: string; LogGroupNames?: { Ref: string }[] };
      return { title: Name, query: QueryString, groups: LogGroupNames.map(({ Ref }) => ids.get(Ref)!) };
    });
  }

  /** Names of what is deployed, by type. */
  public async resources(): Promise<ReadonlyMap<string, readonly string[]>> {
    const names = new Map<string, string[]>();
    for (const { ResourceType: type = '', PhysicalResourceId: id = '' } of await this.deployedResources()) {
      names.set(type, [...names.get(type) ?? [], type === 'AWS::SQS::Queue' ? id.split('/').at(-1)! : id]);
    }
    return names;
  }

  private async deployedResources(): Promise<readonly StackResourceSummary[]> {
    const client = new CloudFormationClient(this.cloud.clientConfig);
    const resources: StackResourceSummary[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: OPERATIONS.stack })) {
      resources.push(...StackResourceSummaries);
    }
    return resources;
  }

  public physicalId(type: string, logicalId: string): Promise<string> {
    return this.deployed.physicalId(OPERATIONS.stack, type, logicalId);
  }
}
