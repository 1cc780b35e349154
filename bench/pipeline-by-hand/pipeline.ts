import { ArnFormat, Aws, Duration, Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Policy } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Code, EventSourceMapping, LayerVersion, RecursiveLoop, type CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { alarms } from './alarms';
import { createKey } from '../key-by-hand';
import { api } from './api';
import { firewall } from './firewall';
import { functions } from './functions';
import { KEPT, KEY_USE, type Shared } from './shared';

/**
 * What a default `JobProcessingPipeline` makes around a function, as somebody who knows all of it beforehand would write it for one app: no
 * options, no checks, no acknowledgements for cdk-nag. The benchmark asserts that both templates are equal, so names of constructs and texts are
 * the same, too.
 */
export function pipelineByHand(stack: Stack, id: string, fn: LambdaFunction): void {
  const scope = new Construct(stack, id);
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const key = createKey(scope, `Jobs of ${scope.node.path}`);
  const table = createTable(scope, key);
  const { queue, deadLetterQueue, mapping } = createWorker(scope, key, fn);
  const shared: Shared = { name, key, table, queue, deadLetterQueue, mapping, worker: fn };
  runJobsIn(fn, shared);

  const { submit, status, change, deadLetter, sweeper, operate } = functions(scope, shared);
  new StringParameter(new Construct(scope, 'Operators'), 'Parameter', {
    description: `Where operators of ${name} find what they call`,
    parameterName: `/cdk-jobworks/${name}`,
    simpleName: false,
    stringValue: stack.toJsonString({ operate_function: operate.functionName }),
  });
  const apiScope = new Construct(scope, 'Api');
  const restApi = api(apiScope, { name, key, submit, status, change });
  firewall(apiScope, restApi.deploymentStage, key);
  alarms(scope, { name, fn, queue, deadLetterQueue, api: restApi, deadLetter, sweeper });
}

function createTable(scope: Construct, key: Key): Table {
  const table = new Table(new Construct(scope, 'Table'), 'Default', {
    partitionKey: { name: 'job_id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires_at',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
  });
  for (const [indexName, partition, sort] of [
    ['deadline', 'deadline_shard', 'deadline_at'], ['owner', 'owner_shard', 'created_at'], ['failed', 'failed_shard', 'finished_at'],
  ]) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partition, type: AttributeType.STRING },
      sortKey: { name: sort, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
  return table;
}

function createWorker(pipeline: Construct, key: Key, fn: LambdaFunction): { queue: Queue; deadLetterQueue: Queue; mapping: EventSourceMapping } {
  const scope = new Construct(pipeline, 'Worker');
  const common = {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    removalPolicy: KEPT,
    receiveMessageWaitTime: Duration.seconds(20),
  };
  const prefix = Names.uniqueResourceName(scope, { maxLength: 38, separator: '-', allowedSpecialCharacters: '-' });
  const queueName = `${prefix}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', { ...common, retentionPeriod: Duration.days(14), visibilityTimeout: Duration.minutes(3) });
  (deadLetterQueue.node.defaultChild as CfnQueue).redriveAllowPolicy = {
    redrivePermission: 'byQueue',
    sourceQueueArns: [Stack.of(scope).formatArn({ service: 'sqs', resource: queueName, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
  };
  const queue = new Queue(scope, 'Queue', {
    ...common,
    queueName,
    visibilityTimeout: Duration.seconds(300),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 11 },
  });
  const mapping = new EventSourceMapping(scope, 'EventSourceMapping', {
    target: fn, eventSourceArn: queue.queueArn, batchSize: 1, reportBatchItemFailures: true,
  });
  queue.grantConsumeMessages(fn.role!).applyBefore(mapping);
  return { queue, deadLetterQueue, mapping };
}

/** A layer runs jobs by the function's own handler. */
function runJobsIn(fn: LambdaFunction, { name, key, table, queue }: Shared): void {
  const resource = fn.node.defaultChild as CfnFunction;
  const environment = {
    JOBWORKS_HANDLER: resource.handler!,
    JOBWORKS_PIPELINE: name,
    JOBWORKS_FILES_PREFIX: name,
    JOBWORKS_TABLE_NAME: table.tableName,
    JOBWORKS_QUEUE_URL: queue.queueUrl,
    JOBWORKS_QUEUE_ARN: queue.queueArn,
    JOBWORKS_BACKOFF_FIRST_MS: '10000',
    JOBWORKS_BACKOFF_MAX_MS: '900000',
    JOBWORKS_BACKOFF_JITTER: '0.5',
    JOBWORKS_SHUTDOWN_MS: '600',
  };
  for (const [variable, value] of Object.entries(environment)) fn.addEnvironment(variable, value);
  fn.addLayers(layerOf(Stack.of(fn)));
  resource.handler = '/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler';
  resource.recursiveLoop = RecursiveLoop.ALLOW;
  resource.tracingConfig = { mode: 'Active' };
  const tracing = new PolicyDocument({
    statements: [new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
  });
  fn.role!.attachInlinePolicy(new Policy(fn, 'JobWorksTracing', { document: tracing }));
  fn.addToRolePolicy(new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], resources: [table.tableArn],
  }));
  key.grant(fn, ...KEY_USE);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
}

/** One for all pipelines of a stack. */
function layerOf(stack: Stack): LayerVersion {
  return (stack.node.tryFindChild('JobWorksNodeLayer') as LayerVersion | undefined) ?? new LayerVersion(stack, 'JobWorksNodeLayer', {
    description: 'Runs a handler as a job: claims, checkpoints, retries (cdk-jobworks)',
    code: Code.fromAsset('assets/layer-node'),
    license: 'Apache-2.0',
  });
}
