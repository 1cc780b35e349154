import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Architecture, Code, IFunction, ILayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DeduplicationScope, FifoThroughputLimit, IQueue } from 'aws-cdk-lib/aws-sqs';
import type { RetryPolicy } from './retry-policy';
import type { QueuedLambdaWorkerAlarmOptions } from './worker-alarms';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { GradualDeployment } from '../gradual-deployment/gradual-deployment';

/**
 * What a `QueuedLambdaWorker` is made of. Either `function`, or `code` and `handler`; the rest has defaults.
 */
export interface QueuedLambdaWorkerProps {
  // --- the function -----------------------------------------------------------------------------------------------------------

  /**
   * An existing function, version or alias to work with, instead of a new one. An imported one needs its `timeout` stated. One of
   * this app without a timeout has Lambda's default of 3 seconds, and gets a warning (`cdk-jobworks:worker.defaultTimeout`).
   *
   * @default - a new function from `code` and `handler`
   */
  readonly function?: IFunction;

  /**
   * The code of the new function.
   *
   * @default - required, unless `function` is given
   */
  readonly code?: Code;

  /**
   * The handler within the code, such as `index.handler`. It must return a partial batch response (`{ batchItemFailures: [] }`).
   *
   * @default - required, unless `function` is given
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
   */
  readonly handler?: string;

  /**
   * The runtime of the new function.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;

  /**
   * The processor of the new function.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The memory of the new function, 128 to 10,240 MiB. Processing power grows with it.
   *
   * @default Size.mebibytes(512)
   */
  readonly memorySize?: Size;

  /**
   * The space under `/tmp` of the new function, 512 to 10,240 MiB.
   *
   * @default Size.mebibytes(512)
   */
  readonly ephemeralStorageSize?: Size;

  /**
   * How long one invocation (one batch) may take, 1 second to 15 minutes. For an imported function: the timeout that it has.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * Environment variables of the new function.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Layers of the new function, 5 at most.
   *
   * @default - none
   */
  readonly layers?: ILayerVersion[];

  /**
   * What the new function is for, shown in the console.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * The network of the new function.
   *
   * @default - none: the function reaches AWS and the internet, and nothing private
   */
  readonly vpc?: IVpc;

  /**
   * Where in `vpc` the new function is placed.
   *
   * @default - private subnets with a way out
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the new function in `vpc`.
   *
   * @default - a new one that lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * How many invocations of the new function are set aside for it, and its upper limit. For an imported function: what it has.
   *
   * @default - none: the function shares the account's concurrency
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;

  // --- the queue --------------------------------------------------------------------------------------------------------------

  /**
   * An existing queue to take messages from, instead of a new one. One of this app must have a dead-letter queue.
   *
   * @default - a new queue with a dead-letter queue
   */
  readonly queue?: IQueue;

  /**
   * An existing dead-letter queue for the new queue, or the one that an imported `queue` has (for the alarms).
   *
   * @default - a new one beside a new queue; not known beside an imported one
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * Whether the new queue keeps the order of messages within their group.
   *
   * A FIFO queue takes batches of 10 at most and no batching window, and messages cannot be delayed one by one.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html
   */
  readonly fifo?: boolean;

  /**
   * Whether two messages with the same body within 5 minutes are taken for one. FIFO only.
   *
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether messages are compared within their group or within the queue. FIFO only.
   *
   * @default DeduplicationScope.QUEUE
   */
  readonly deduplicationScope?: DeduplicationScope;

  /**
   * Whether the throughput is limited for each group or for the queue. FIFO only; for each group only with
   * `DeduplicationScope.MESSAGE_GROUP`.
   *
   * @default FifoThroughputLimit.PER_QUEUE
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly fifoThroughputLimit?: FifoThroughputLimit;

  /**
   * How long a received message is hidden from others, up to 12 hours; at least the timeout and the batching window together.
   * For an imported queue: what it has, to be checked.
   *
   * @default - 6 times the timeout, plus the batching window
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How long an unprocessed message is kept, 1 minute to 14 days. More than 4 days gets a warning: on a standard queue they count against
   * the dead-letter queue's retention.
   *
   * @default Duration.days(4)
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
   */
  readonly retentionPeriod?: Duration;

  /**
   * How long a dead letter is kept, up to 14 days, and not less than `retentionPeriod`.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetentionPeriod?: Duration;

  /**
   * How long every message is held back after it was sent, up to 15 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly deliveryDelay?: Duration;

  // --- between the two --------------------------------------------------------------------------------------------------------

  /**
   * How many messages one invocation gets at most: 1 to 10, or to 10,000 with a batching window; 1 to 10 with FIFO.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
   */
  readonly batchSize?: number;

  /**
   * How long messages are gathered for a batch, up to 5 minutes. Not with FIFO.
   *
   * @default - none; 1 second if `batchSize` is over 10
   */
  readonly batchingWindow?: Duration;

  /**
   * How many invocations the queue may cause at the same time: 2 to 1,000, and not more than `reservedConcurrency`, unless
   * that is less than 2.
   *
   * @default - the reserved concurrency if there is any, 2 at least, else no limit but the account's, with a warning where one takes a minute or more
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maximumConcurrency?: number;

  /**
   * How many pollers stand ready all the time (provisioned mode, billed by the hour): 2 to 200. Instead of `maximumConcurrency`.
   *
   * @default - 2 if `maximumPollers` is given, else no provisioned pollers
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly minimumPollers?: number;

  /**
   * How many pollers there may be under load (provisioned mode, billed by the hour): 2 to 2,000. Each can cause 10 invocations at a time.
   *
   * @default - 200 if `minimumPollers` is given, else no provisioned pollers
   */
  readonly maximumPollers?: number;

  /**
   * Whether messages are taken from the queue. Off, they wait.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How often a message is tried before it becomes a dead letter: `RetryPolicy.attempts(n)` or `RetryPolicy.none()`.
   *
   * A message that failed comes back when its visibility timeout ends; for pauses between attempts use a `JobProcessingPipeline`.
   *
   * @default RetryPolicy.attempts(3)
   */
  readonly retryPolicy?: RetryPolicy;

  /**
   * How often a message is received before it becomes a dead letter, 1 to 1,000, where this is not the number of attempts: whoever counts
   * attempts elsewhere needs a higher one. Instead of `retryPolicy`.
   *
   * @default - the attempts of `retryPolicy`
   */
  readonly maxReceiveCount?: number;

  // --- all of it --------------------------------------------------------------------------------------------------------------

  /**
   * The environment that the defaults are for.
   *
   * @default - that of the construct around it, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * The key that new queues, logs and environment variables are encrypted with. CloudWatch Logs is let in by its policy; the policy of an
   * imported key must do so already.
   *
   * @default - a new key where the profile says so (staging, prod), else encryption that SQS and CloudWatch manage
   */
  readonly encryptionKey?: IKey;

  /**
   * How long the logs of the new function are kept.
   *
   * @default - by the profile: one week in dev, two in staging, one month in prod
   */
  readonly logRetention?: RetentionDays;

  /**
   * What happens to the queues, the key and the logs when they leave the stack.
   *
   * @default - by the profile: retained in prod
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How new versions of the function take over from old ones. It has an alias then, which the queue calls. A `function` that is given must be one of
   * this stack, without an alias `live`.
   *
   * @default - at once, as CloudFormation does it: whoever deploys to try something should not have to wait
   */
  readonly deployment?: GradualDeployment;

  /**
   * Tunes or removes alarms. All of them are created otherwise; give them something to do with `addAlarmAction`.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: QueuedLambdaWorkerAlarmOptions;

  /**
   * What the worker is called where people read of it, as in the descriptions of its alarms.
   *
   * @default - the path of the construct
   */
  readonly label?: string;
}
