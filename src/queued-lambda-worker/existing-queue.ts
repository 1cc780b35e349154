import { Duration, Token } from 'aws-cdk-lib';
import { Queue, type CfnQueue, type IQueue } from 'aws-cdk-lib/aws-sqs';

/** What can be read from a queue that already exists. */
export interface ExistingQueue {
  /** Whether it is defined in this app, so that its settings can be read. */
  readonly defined: boolean;
  readonly visibilityTimeout?: Duration;
  readonly deadLetterQueue?: IQueue;
  /** Whether it has a dead-letter queue at all, also one that was set on the resource itself. */
  readonly redrives: boolean;
}

/** SQS's default. */
const DEFAULT_VISIBILITY_SECONDS = 30;

/** Reads the settings of a queue. */
export function readQueue(given: IQueue): ExistingQueue {
  if (!(given instanceof Queue)) {
    return { defined: false, redrives: true };
  }
  const resource = given.node.defaultChild as CfnQueue;
  return {
    defined: true,
    visibilityTimeout: Duration.seconds(resource.visibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS),
    deadLetterQueue: given.deadLetterQueue?.queue,
    redrives: resource.redrivePolicy !== undefined,
  };
}

/** Whether the name of an imported queue says that it is not what is needed; a name that is a token says nothing. */
export function orderIsKnown(queue: IQueue): boolean {
  return queue instanceof Queue || !Token.isUnresolved(queue.queueName);
}
