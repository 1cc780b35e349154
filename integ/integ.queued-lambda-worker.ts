import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Annotations, Duration, Size, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Alias, Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DeduplicationScope, FifoThroughputLimit, Queue } from 'aws-cdk-lib/aws-sqs';
import { EnvironmentProfile, QueuedLambdaWorker, RetryPolicy } from '../src';
import { integApp } from './app';

/** Workers with nothing but code, with everything that can be said, in order, and around resources that exist, here and in another stack. */
const app = integApp();
const stack = new Stack(app, 'QueuedLambdaWorkerStack');
const elsewhere = new Stack(app, 'QueuedLambdaWorkerElsewhereStack');

const code = Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');
const handler = 'index.handler';
Annotations.of(stack).acknowledgeWarning('cdk-jobworks:worker.defaultTimeout'); // functions as they are with the least that can be said
const functionIn = (scope: Stack, id: string) => new LambdaFunction(scope, id, { runtime: Runtime.NODEJS_24_X, code, handler });

new QueuedLambdaWorker(stack, 'Minimal', { code, handler });

new QueuedLambdaWorker(stack, 'Dev', { code, handler, profile: EnvironmentProfile.dev() });

const maximal = new QueuedLambdaWorker(stack, 'Maximal', {
  code,
  handler,
  architecture: Architecture.X86_64,
  memorySize: Size.gibibytes(1),
  ephemeralStorageSize: Size.gibibytes(2),
  timeout: Duration.minutes(5),
  environment: { COLOUR: 'red' },
  description: 'Everything there is to say',
  vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false }),
  vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  reservedConcurrency: 40,
  maximumConcurrency: 30,
  batchSize: 500,
  batchingWindow: Duration.seconds(20),
  visibilityTimeout: Duration.minutes(20),
  retentionPeriod: Duration.days(3),
  deadLetterRetentionPeriod: Duration.days(10),
  deliveryDelay: Duration.seconds(30),
  retryPolicy: RetryPolicy.attempts(5),
  logRetention: RetentionDays.THREE_MONTHS,
  alarms: {
    throttles: { enabled: false },
    errors: { threshold: 2, period: Duration.minutes(1), evaluationPeriods: 5, datapointsToAlarm: 3 },
  },
  label: 'The maximal worker',
});
maximal.addAlarmAction(new SnsAction(new Topic(stack, 'Topic', { enforceSSL: true })));
maximal.grantSendMessages(functionIn(stack, 'Sender'));

new QueuedLambdaWorker(stack, 'Fifo', {
  code,
  handler,
  fifo: true,
  contentBasedDeduplication: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  minimumPollers: 2,
  maximumPollers: 4,
});

new QueuedLambdaWorker(stack, 'ExistingAlias', {
  function: new Alias(stack, 'Live', { aliasName: 'live', version: functionIn(stack, 'Existing').currentVersion }),
  queue: new Queue(stack, 'Queue', { deadLetterQueue: { queue: new Queue(stack, 'DeadLetters'), maxReceiveCount: 3 } }),
});

new QueuedLambdaWorker(stack, 'ExistingElsewhere', { function: functionIn(elsewhere, 'Function') });

new IntegTest(app, 'QueuedLambdaWorker', { testCases: [stack] });
