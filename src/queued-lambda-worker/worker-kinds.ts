import { RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DeduplicationScope, FifoThroughputLimit } from 'aws-cdk-lib/aws-sqs';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import { EXPONENTIAL_KINDS, RetryPolicy } from './retry-policy';
import type { QueuedLambdaWorkerAlarmOptions } from './worker-alarms';
import { DEPLOYMENT } from '../gradual-deployment/deployment-prop';
import { ALARM, ENCRYPTION_KEY, PROFILE } from '../internal/common-kinds';
import {
  constructKind, DURATION, enumKind, FLAG, instanceKind, listKind, madeBy, mapKind, numberKind, SIZE, structKind, TEXT, type KindsOf, type ValueKind,
} from '../internal/value-kinds';

export const RETRY_POLICY = retryPolicyKind('RetryPolicy.attempts(', ')', 'or what its other factories make');

export const WORKER_ALARMS = structKind<QueuedLambdaWorkerAlarmOptions>('{ throttles: { enabled: false } }', {
  firstDeadLetter: ALARM,
  deadLetters: ALARM,
  oldestMessageAge: ALARM,
  errors: ALARM,
  throttles: ALARM,
  duration: ALARM,
  reservedConcurrency: ALARM,
}, 'alarm by alarm');

const QUEUE = constructKind('sqs.IQueue', 'queueArn', 'queue', 'with const queue = new sqs.Queue(…) or sqs.Queue.fromQueueArn(…)');

/** What kind of value each prop of a worker takes. */
export const WORKER_KINDS: KindsOf<QueuedLambdaWorkerProps> = {
  function: constructKind('lambda.IFunction', 'functionArn', 'fn', 'with const fn = new lambda.Function(…)'),
  code: instanceKind('lambda.Code', () => Code, "lambda.Code.fromAsset('path')"),
  handler: TEXT,
  runtime: instanceKind('lambda.Runtime', () => Runtime, 'lambda.Runtime.NODEJS_24_X'),
  architecture: instanceKind('lambda.Architecture', () => Architecture, 'lambda.Architecture.ARM_64'),
  memorySize: SIZE,
  ephemeralStorageSize: SIZE,
  timeout: DURATION,
  environment: mapKind("{ NAME: 'value' }", TEXT),
  layers: listKind(constructKind('lambda.ILayerVersion', 'layerVersionArn', 'lambda.LayerVersion.fromLayerVersionArn(…)')),
  description: TEXT,
  vpc: constructKind('ec2.IVpc', 'selectSubnets', 'vpc', 'with const vpc = new ec2.Vpc(…) or ec2.Vpc.fromLookup(…)'),
  vpcSubnets: structKind('{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }', {}),
  securityGroups: listKind(constructKind('ec2.ISecurityGroup', 'securityGroupId', 'ec2.SecurityGroup.fromSecurityGroupId(…)')),
  reservedConcurrency: numberKind(10),
  queue: QUEUE,
  deadLetterQueue: QUEUE,
  fifo: FLAG,
  contentBasedDeduplication: FLAG,
  deduplicationScope: enumKind('sqs.DeduplicationScope', () => DeduplicationScope, 'MESSAGE_GROUP'),
  fifoThroughputLimit: enumKind('sqs.FifoThroughputLimit', () => FifoThroughputLimit, 'PER_MESSAGE_GROUP_ID'),
  visibilityTimeout: DURATION,
  retentionPeriod: DURATION,
  deadLetterRetentionPeriod: DURATION,
  deliveryDelay: DURATION,
  batchSize: numberKind(10),
  batchingWindow: DURATION,
  maximumConcurrency: numberKind(10),
  minimumPollers: numberKind(2),
  maximumPollers: numberKind(10),
  enabled: FLAG,
  retryPolicy: RETRY_POLICY,
  maxReceiveCount: numberKind(3),
  profile: PROFILE,
  encryptionKey: ENCRYPTION_KEY,
  logRetention: enumKind('logs.RetentionDays', () => RetentionDays, 'ONE_MONTH'),
  removalPolicy: enumKind('RemovalPolicy', () => RemovalPolicy, 'RETAIN'),
  deployment: DEPLOYMENT,
  alarms: WORKER_ALARMS,
  label: TEXT,
};

/** A policy, of which the number of attempts may be all that was given. */
export function retryPolicyKind(before: string, after: string, note: string): ValueKind {
  const kind = madeBy(instanceKind('RetryPolicy', () => RetryPolicy, `${before}3${after}`, note), ({ _exponential }: RetryPolicy) => [
    [': exponential()', _exponential, structKind('RetryPolicy.exponential({ maxAttempts: 3 })', EXPONENTIAL_KINDS)],
  ]);
  return { ...kind, rewrite: (value) => (typeof value === 'number' ? `${before}${value}${after}` : kind.rewrite?.(value)) };
}
