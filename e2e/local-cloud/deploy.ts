import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand, paginateDescribeStackEvents, UpdateStackCommand,
  type Parameter, type Stack, type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync, type Zippable } from 'fflate';
import { readAssembly, type AssemblyStack, type FileAsset } from './assembly';
import type { LocalCloud } from './local-cloud';

/** What CDK templates expect of an environment: a bucket for assets, and the version of the bootstrap stack. */
const BOOTSTRAP_STACK = 'CDKToolkit';
const BOOTSTRAP_VERSION = '30';
/** Larger templates are passed by their address in the bucket, as the CDK does. */
const TEMPLATE_BODY_LIMIT_BYTES = 51_200;
/** A fixed date, so that the same folder always gives the same archive. */
const ZIP_DATE = new Date('1980-01-02T00:00:00Z');

export interface DeployOptions {
  /** Names or ids of the stacks to deploy, with what they depend on. @default - all */
  readonly stacks?: readonly string[];
  /** Values of template parameters, by stack name. @default - the defaults of the templates */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Seconds to wait for one stack. @default 60 */
  readonly limitSeconds?: number;
  /** Told what is going on, one line each. @default - silent */
  readonly onProgress?: (text: string) => void;
}

export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of its template, by logical id. */
  readonly resources: AssemblyStack['template']['Resources'];
  readonly seconds: number;
}

export interface Deployment {
  readonly stacks: readonly DeployedStack[];
  readonly seconds: number;
  /** An output by its name, or by the end or beginning of its logical id (the CDK adds a hash). @throws when there is none, or more than one */
  output(name: string): string;
}

/** A stack did not reach the state it should; the message lists the resources that failed and why. */
export class DeploymentFailed extends Error {
  constructor(stack: string, status: string, readonly failures: readonly string[], cloud: LocalCloud) {
    const reasons = failures.length > 0 ? failures.map(line => `  ${line}`).join('\n') : `  no resource says why\n--- end of ${cloud.logFile}\n${cloud.logTail()}`;
    super(`Stack ${stack}: ${status}\n${reasons}`);
    this.name = 'DeploymentFailed';
  }
}

/**
 * Deploy a cloud assembly (`cdk synth`'s output folder), stack by stack in the order of their dependencies. A stack that exists is updated.
 * It does what `cdk deploy` does, without its 10–20 s of preparation: upload the assets, create or update, wait.
 */
export async function deploy(cloud: LocalCloud, directory: string, options: DeployOptions = {}): Promise<Deployment> {
  const started = Date.now();
  const report = options.onProgress ?? (() => {});
  const deployer = new Deployer(cloud, (options.limitSeconds ?? 60) * 1000);
  const wanted = select(readAssembly(directory, cloud.account, cloud.region), options.stacks);

  await deployer.bootstrap(wanted);
  const stacks: DeployedStack[] = [];
  for (const stack of wanted) {
    const began = Date.now();
    report(`deploying ${stack.name} (${Object.keys(stack.template.Resources ?? {}).length} resources)`);
    const outputs = await deployer.deploy(stack, options.parameters?.[stack.name] ?? {});
    stacks.push({ name: stack.name, outputs, resources: stack.template.Resources, seconds: (Date.now() - began) / 1000 });
  }
  return { stacks, seconds: (Date.now() - started) / 1000, output: name => findOutput(stacks, name) };
}

class Deployer {
  private readonly cloudFormation: CloudFormationClient;
  private readonly s3: S3Client;

  constructor(private readonly cloud: LocalCloud, private readonly limitMs: number) {
    this.cloudFormation = new CloudFormationClient(cloud.clientConfig);
    this.s3 = new S3Client({ ...cloud.clientConfig, forcePathStyle: true });
  }

  /** The bootstrap stack, with the buckets that the assets of these stacks name. */
  async bootstrap(stacks: readonly AssemblyStack[]): Promise<void> {
    if (await this.describe(BOOTSTRAP_STACK)) return;
    const buckets = [...new Set(stacks.flatMap(stack => stack.assets.map(asset => asset.bucket)))];
    const template = {
      Resources: {
        Version: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: BOOTSTRAP_VERSION } },
        ...Object.fromEntries(buckets.map((bucket, index) => [`Assets${index}`, { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } }])),
      },
    };
    await this.cloudFormation.send(new CreateStackCommand({ StackName: BOOTSTRAP_STACK, TemplateBody: JSON.stringify(template) }));
    await this.settled(BOOTSTRAP_STACK, 'CREATE_COMPLETE');
  }

  async deploy(stack: AssemblyStack, parameters: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    await Promise.all(stack.assets.map(asset => this.upload(asset)));
    let existing = await this.describe(stack.name);
    if (existing?.StackStatus === 'ROLLBACK_COMPLETE') { // it was never created; CloudFormation accepts nothing but a deletion
      await this.cloudFormation.send(new DeleteStackCommand({ StackName: stack.name }));
      await this.settled(stack.name, 'DELETE_COMPLETE');
      existing = undefined;
    }
    const request = {
      StackName: stack.name,
      ...this.template(stack),
      Parameters: toParameters({ ...stack.parameters, ...parameters }),
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const],
    };
    if (existing) {
      const changed = await this.update(request);
      return outputsOf(changed ? await this.settled(stack.name, 'UPDATE_COMPLETE') : existing);
    }
    await this.cloudFormation.send(new CreateStackCommand(request));
    return outputsOf(await this.settled(stack.name, 'CREATE_COMPLETE'));
  }

  /** Whether there was anything to update. */
  private async update(request: ConstructorParameters<typeof UpdateStackCommand>[0]): Promise<boolean> {
    try {
      await this.cloudFormation.send(new UpdateStackCommand(request));
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.includes('No updates are to be performed')) return false;
      throw error;
    }
  }

  private template(stack: AssemblyStack): { TemplateBody: string } | { TemplateURL: string } {
    const body = readFileSync(stack.templateFile, 'utf8');
    if (Buffer.byteLength(body) <= TEMPLATE_BODY_LIMIT_BYTES) return { TemplateBody: body };
    const asset = stack.assets.find(({ path }) => path === stack.templateFile);
    if (!asset) throw new Error(`${stack.templateFile} is too large for a request and is not among the assets.`);
    return { TemplateURL: `${this.cloud.endpoint}/${asset.bucket}/${asset.key}` };
  }

  /** Keys are hashes of the content, so what is there is current. */
  private async upload(asset: FileAsset): Promise<void> {
    const place = { Bucket: asset.bucket, Key: asset.key };
    try {
      await this.s3.send(new HeadObjectCommand(place));
      return;
    } catch (error) {
      if ((error as { name?: string }).name !== 'NotFound') throw error;
    }
    await this.s3.send(new PutObjectCommand({ ...place, Body: asset.zip ? zipFolder(asset.path) : readFileSync(asset.path) }));
  }

  /** Wait until a stack is in a state that does not change by itself; throw unless it is the wanted one. */
  private async settled(name: string, wanted: string): Promise<Stack> {
    const deadline = Date.now() + this.limitMs;
    for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
      const stack = await this.describe(name);
      const status = stack?.StackStatus ?? 'DELETE_COMPLETE';
      if (status === wanted) return stack ?? { StackName: name, CreationTime: undefined, StackStatus: 'DELETE_COMPLETE' };
      if (!status.endsWith('_IN_PROGRESS')) throw new DeploymentFailed(name, status, await this.failures(name), this.cloud);
      if (Date.now() > deadline) {
        throw new DeploymentFailed(name, `still ${status} after ${this.limitMs / 1000} s`, await this.failures(name), this.cloud);
      }
      await sleep(pause);
    }
  }

  private async describe(name: string): Promise<Stack | undefined> {
    try {
      const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
      return Stacks?.find(stack => stack.StackStatus !== 'DELETE_COMPLETE');
    } catch (error) {
      if (error instanceof Error && error.message.includes('does not exist')) return undefined;
      throw error;
    }
  }

  private async failures(name: string): Promise<string[]> {
    const events: StackEvent[] = [];
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: this.cloudFormation }, { StackName: name })) {
      events.push(...StackEvents);
    }
    return events.filter(isCause).map(event => `${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason}`).reverse();
  }
}

/** A cancelled resource, and the stack that reports its failed resources, are consequences. */
function isCause({ ResourceStatus, ResourceStatusReason, ResourceType }: StackEvent): boolean {
  return Boolean(ResourceStatus?.endsWith('_FAILED') && ResourceStatusReason)
    && !ResourceStatusReason!.includes('cancelled') && ResourceType !== 'AWS::CloudFormation::Stack';
}

function select(stacks: readonly AssemblyStack[], names?: readonly string[]): AssemblyStack[] {
  if (!names) return [...stacks];
  const unknown = names.filter(name => !stacks.some(stack => stack.name === name || stack.id === name));
  if (unknown.length > 0) throw new Error(`No stack ${unknown.join(', ')}; there are ${stacks.map(({ name }) => name).join(', ')}.`);
  const chosen = new Set<AssemblyStack>();
  const add = (stack: AssemblyStack) => {
    chosen.add(stack);
    stacks.filter(other => stack.dependsOn.includes(other.id)).forEach(add);
  };
  stacks.filter(stack => names.includes(stack.name) || names.includes(stack.id)).forEach(add);
  return stacks.filter(stack => chosen.has(stack));
}

function findOutput(stacks: readonly DeployedStack[], name: string): string {
  const outputs = stacks.flatMap(stack => Object.entries(stack.outputs));
  const exact = outputs.filter(([key]) => key === name);
  const found = exact.length > 0 ? exact : outputs.filter(([key]) => key.endsWith(name) || key.startsWith(name));
  if (found.length === 1) return found[0][1];
  const names = outputs.map(([key]) => key).join(', ') || 'none';
  throw new Error(`${found.length === 0 ? 'No output' : 'More than one output'} ${name}; there are: ${names}.`);
}

function outputsOf(stack: Stack): Record<string, string> {
  return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}

function toParameters(values: Readonly<Record<string, string>>): Parameter[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

function zipFolder(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const path of listFiles(folder)) {
    const { mode } = statSync(path);
    files[relative(folder, path).replaceAll('\\', '/')] = [readFileSync(path), { level: 1, mtime: ZIP_DATE, os: 3, attrs: mode * 2 ** 16 }];
  }
  return zipSync(files);
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))
    .flatMap(entry => entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]);
}
