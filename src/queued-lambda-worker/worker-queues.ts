import { ArnFormat, Aws, Duration, Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type CfnQueue, type IQueue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import type { WorkerSettings } from './worker-settings';
import { acknowledge } from '../internal/acknowledge';

/** SQS allows 80 characters; the stack's unique part takes 36 of them, `.fifo` and the dash the rest. */
const NAME_PREFIX_LENGTH = 80 - 36 - '-.fifo'.length;

/** Where a worker takes its messages from, and where they end. */
export interface WorkerQueues {
  readonly queue: IQueue;
  readonly deadLetterQueue?: IQueue;
}

/** The queues of a worker: those that are given, and new ones for the rest. */
export function workerQueues(
  scope: Construct, props: QueuedLambdaWorkerProps, settings: WorkerSettings, removalPolicy: RemovalPolicy, key?: IKey,
): WorkerQueues {
  if (props.queue) {
    return { queue: props.queue, deadLetterQueue: settings.existingQueue?.deadLetterQueue ?? props.deadLetterQueue };
  }
  const name = uniqueQueueName(scope, settings.fifo);
  const common: QueueProps = {
    fifo: settings.fifo || undefined,
    encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: key,
    enforceSSL: true,
    removalPolicy: forgiving(removalPolicy),
    receiveMessageWaitTime: Duration.seconds(20),
  };

  const deadLetterQueue = props.deadLetterQueue ?? createDeadLetterQueue(scope, name, {
    ...common,
    retentionPeriod: settings.deadLetterRetentionPeriod,
  });
  const queue = new Queue(scope, 'Queue', {
    ...common,
    queueName: name,
    contentBasedDeduplication: props.contentBasedDeduplication,
    deduplicationScope: props.deduplicationScope,
    fifoThroughputLimit: props.fifoThroughputLimit,
    visibilityTimeout: settings.visibilityTimeout,
    retentionPeriod: settings.retentionPeriod,
    deliveryDelay: props.deliveryDelay,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: settings.maxReceiveCount },
  });
  return { queue, deadLetterQueue };
}

/** Only the worker's own queue may send its dead letters there, which is also where the console redrives them to. */
function createDeadLetterQueue(scope: Construct, sourceName: string, props: QueueProps): Queue {
  const queue = new Queue(scope, 'DeadLetterQueue', props);
  const resource = queue.node.defaultChild as CfnQueue;
  resource.redriveAllowPolicy = {
    redrivePermission: 'byQueue',
    sourceQueueArns: [Stack.of(scope).formatArn({ service: 'sqs', resource: sourceName, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
  };
  acknowledge(
    queue,
    { id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue itself.' },
    { id: 'Serverless-SQSRedrivePolicy', reason: 'It is the dead-letter queue itself.' },
  );
  return queue;
}

/**
 * A name that no other deployment has: the unique part of the stack's id is in it.
 *
 * CloudFormation would make one, but only when the queue is there, and its dead-letter queue has to name it before: each needs the other.
 */
function uniqueQueueName(scope: Construct, fifo: boolean): string {
  const prefix = Names.uniqueResourceName(scope, { maxLength: NAME_PREFIX_LENGTH, separator: '-', allowedSpecialCharacters: '-' });
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${prefix}-${stackUuid}${fifo ? '.fifo' : ''}`;
}

/** Retained, except by a deployment that failed: what it leaves behind would take the name from the next one. */
function forgiving(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
