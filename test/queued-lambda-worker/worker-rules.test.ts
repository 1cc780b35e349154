import { Annotations as Acknowledging, CfnParameter, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CODE, functionOf, newStack, refusal, synthesise } from './support';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerProps } from '../../src/queued-lambda-worker/queued-lambda-worker-props';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';

type Given = QueuedLambdaWorkerProps | ((stack: Stack) => QueuedLambdaWorkerProps);

const imported = (stack: Stack) => lambda.Function.fromFunctionArn(stack, 'Theirs', 'arn:aws:lambda:us-east-1:123456789012:function:theirs');
const importedQueue = (stack: Stack) => sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:theirs');
const ownQueue = (stack: Stack, props: sqs.QueueProps = {}) => new sqs.Queue(stack, 'Queue', {
  deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead', { fifo: props.fifo }), maxReceiveCount: 3 },
  ...props,
});

/** What is given, and what is said of it. */
const REFUSED: Record<string, [given: Given, said: string]> = {
  // the function
  'no code': [{ handler: 'index.handler' }, 'code is required without function. Fix: give code and handler, or an existing function.'],
  'no handler': [() => ({ code: CODE.code }), 'handler is required without function. Fix: give code and handler, or an existing function.'],
  'a timeout that Lambda does not allow': [{ ...CODE, timeout: Duration.minutes(16) }, 'timeout must be from 1 second to 15 minutes, in whole seconds. Given: 16 minutes.'],
  'a timeout of a fraction': [{ ...CODE, timeout: Duration.millis(1500) }, 'timeout must be from 1 second to 15 minutes, in whole seconds.'],
  'too little memory': [{ ...CODE, memorySize: Size.mebibytes(64) }, 'memorySize must be from 128 to 10,240 MiB. Given: 64 MiB.'],
  'too little space': [{ ...CODE, ephemeralStorageSize: Size.mebibytes(100) }, 'ephemeralStorageSize must be from 512 to 10,240 MiB. Given: 100 MiB.'],
  'a sixth layer': [
    (stack) => ({ ...CODE, layers: Array<lambda.ILayerVersion>(6).fill(lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:us-east-1:123456789012:layer:x:1')) }),
    'layers must be 5 at most. Given: 6. Fix: put several layers into one.',
  ],
  'less than no concurrency': [{ ...CODE, reservedConcurrency: -1 }, 'reservedConcurrency must be a whole number from 0 to 1,000,000. Given: -1.'],
  'subnets without a network': [{ ...CODE, vpcSubnets: {} }, 'vpcSubnets cannot be given without vpc. Fix: give vpc, or remove vpcSubnets.'],
  'security groups without a network': [{ ...CODE, securityGroups: [] }, 'securityGroups cannot be given without vpc.'],
  'settings of a function that exists': [
    (stack) => ({ function: functionOf(stack), memorySize: Size.mebibytes(256) }),
    'memorySize cannot be given beside an existing function. Fix: set it on the function, or remove memorySize.',
  ],
  'log retention of a function that exists': [
    (stack) => ({ function: functionOf(stack), logRetention: RetentionDays.ONE_DAY }),
    'logRetention cannot be given beside an existing function.',
  ],
  'the timeout of a function that says its own': [
    (stack) => ({ function: functionOf(stack), timeout: Duration.seconds(3) }),
    'timeout cannot be given beside a function of this app. Fix: set it on the function, or remove timeout.',
  ],
  'the concurrency of a function that says its own': [
    (stack) => ({ function: functionOf(stack), reservedConcurrency: 3 }),
    'reservedConcurrency cannot be given beside a function of this app.',
  ],
  'an imported function without its timeout': [
    (stack) => ({ function: imported(stack) }),
    'timeout is required with an imported function, since it cannot be read from it. Fix: state the timeout that the function has.',
  ],

  // the queue
  'retention beyond SQS': [{ ...CODE, retentionPeriod: Duration.days(15) }, 'retentionPeriod must be from 1 minute to 14 days, in whole seconds. Given: 15 days.'],
  'dead letters beyond SQS': [{ ...CODE, deadLetterRetentionPeriod: Duration.days(15) }, 'deadLetterRetentionPeriod must be from 1 minute to 14 days'],
  'dead letters that go before the messages': [
    { ...CODE, deadLetterRetentionPeriod: Duration.days(3) },
    'deadLetterRetentionPeriod must not be shorter than retentionPeriod (4 days). Given: 3 days.',
  ],
  'a delay beyond SQS': [{ ...CODE, deliveryDelay: Duration.minutes(16) }, 'deliveryDelay must be from 0 seconds to 15 minutes, in whole seconds. Given: 16 minutes.'],
  'deduplication without order': [
    { ...CODE, contentBasedDeduplication: true },
    'contentBasedDeduplication cannot be given on a standard queue. Fix: set fifo to true, or remove contentBasedDeduplication.',
  ],
  'a deduplication scope without order': [
    () => ({ ...CODE, deduplicationScope: sqs.DeduplicationScope.QUEUE }),
    'deduplicationScope cannot be given on a standard queue.',
  ],
  'a throughput limit without order': [
    () => ({ ...CODE, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_QUEUE }),
    'fifoThroughputLimit cannot be given on a standard queue.',
  ],
  'throughput by group without deduplication by group': [
    () => ({ ...CODE, fifo: true, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID }),
    'fifoThroughputLimit can be PER_MESSAGE_GROUP_ID only with deduplicationScope MESSAGE_GROUP. Given: queue. Fix: set deduplicationScope to '
    + 'DeduplicationScope.MESSAGE_GROUP, or remove fifoThroughputLimit.',
  ],
  'a dead-letter queue of another kind': [
    (stack) => ({ ...CODE, fifo: true, deadLetterQueue: new sqs.Queue(stack, 'Dead') }),
    'deadLetterQueue must be a FIFO queue like the queue itself. Given: Stack/Dead.',
  ],
  'a FIFO dead-letter queue of a standard queue': [
    (stack) => ({ ...CODE, deadLetterQueue: new sqs.Queue(stack, 'Dead', { fifo: true }) }),
    'deadLetterQueue must be a standard queue like the queue itself. Given: Stack/Dead.',
  ],
  'the retention of a dead-letter queue that exists': [
    (stack) => ({ ...CODE, deadLetterQueue: new sqs.Queue(stack, 'Dead'), deadLetterRetentionPeriod: Duration.days(5) }),
    'deadLetterRetentionPeriod cannot be given beside an existing deadLetterQueue.',
  ],
  'settings of a queue that exists': [
    (stack) => ({ ...CODE, queue: importedQueue(stack), retentionPeriod: Duration.days(1), maxReceiveCount: 4 }),
    'maxReceiveCount cannot be given beside an existing queue. Fix: set it on the queue, or remove maxReceiveCount.',
  ],
  'the visibility timeout of a queue that says its own': [
    (stack) => ({ ...CODE, queue: ownQueue(stack), visibilityTimeout: Duration.minutes(1) }),
    'visibilityTimeout cannot be given beside a queue of this app.',
  ],
  'the dead-letter queue of a queue that says its own': [
    (stack) => ({ ...CODE, queue: ownQueue(stack), deadLetterQueue: new sqs.Queue(stack, 'Other') }),
    'deadLetterQueue cannot be given beside a queue of this app.',
  ],
  'a queue without a dead-letter queue': [
    (stack) => ({ ...CODE, queue: new sqs.Queue(stack, 'Queue') }),
    'queue must have a dead-letter queue, or a message that always fails is tried until it expires.',
  ],
  'a key with nothing to encrypt': [
    (stack) => ({ function: functionOf(stack), queue: ownQueue(stack), encryptionKey: new kms.Key(stack, 'Key') }),
    'encryptionKey has nothing to encrypt beside an existing function and an existing queue. Fix: remove encryptionKey.',
  ],

  // visibility and retries
  'a visibility timeout beyond SQS': [{ ...CODE, visibilityTimeout: Duration.hours(13) }, 'visibilityTimeout must be from 0 seconds to 12 hours, in whole seconds. Given: 13 hours.'],
  'a visibility timeout under timeout and window': [
    { ...CODE, timeout: Duration.seconds(20), batchingWindow: Duration.seconds(10), visibilityTimeout: Duration.seconds(29) },
    'visibilityTimeout must be at least the timeout of the function (20 seconds) and batchingWindow (10 seconds) together. Given: 29 seconds.'
    + ' Fix: remove it to get 6 times the timeout plus the window, or raise it, or lower the timeout.',
  ],
  'a queue of this app that is visible too early': [
    (stack) => ({ ...CODE, queue: ownQueue(stack), timeout: Duration.seconds(31) }),
    'queue: its visibilityTimeout must be at least the timeout of the function (31 seconds). Given: 30 seconds. Fix: raise it on the queue, or lower the timeout.',
  ],
  'an imported queue that is visible too early': [
    (stack) => ({ ...CODE, queue: importedQueue(stack), timeout: Duration.minutes(2), visibilityTimeout: Duration.minutes(1) }),
    'visibilityTimeout must be at least the timeout of the function (2 minutes). Given: 1 minute.',
  ],
  'no attempts': [() => ({ ...CODE, retryPolicy: RetryPolicy.attempts(0) }), 'retryPolicy.maxAttempts must be a whole number from 1 to 100. Given: 0.'],
  'pauses that nobody makes': [
    () => ({ ...CODE, retryPolicy: RetryPolicy.exponential() }),
    'retryPolicy cannot pause between attempts here: a failed message comes back when its visibility timeout ends.'
    + ' Fix: give RetryPolicy.attempts(3), or use a JobProcessingPipeline.',
  ],
  'too many receives': [{ ...CODE, maxReceiveCount: 1001 }, 'maxReceiveCount must be a whole number from 1 to 1,000. Given: 1,001.'],
  'attempts and receives': [
    () => ({ ...CODE, retryPolicy: RetryPolicy.none(), maxReceiveCount: 3 }),
    'retryPolicy and maxReceiveCount are alternatives. Fix: give one of them.',
  ],
  'messages that expire before they are dead letters': [
    { ...CODE, timeout: Duration.minutes(10), maxReceiveCount: 10, retentionPeriod: Duration.hours(9) },
    'retentionPeriod must leave time for 10 receives, each of which hides the message for 1 hour (visibilityTimeout, 6 times the timeout unless given).'
    + ' Given: 9 hours. Fix: raise it, or lower the number of attempts or the timeout: a message would expire before it is a dead letter.',
  ],
  'more receives than the usual retention has time for': [
    { ...CODE, timeout: Duration.minutes(10), maxReceiveCount: 100 },
    'retentionPeriod (4 days unless given) must leave time for 100 receives, each of which hides the message for 1 hour'
    + ' (visibilityTimeout, 6 times the timeout unless given). Fix: lower the number of attempts or the timeout: a message',
  ],
  'more receives than there is time for when they are hidden for as long': [
    { ...CODE, visibilityTimeout: Duration.hours(12), maxReceiveCount: 9 },
    'hides the message for 12 hours (visibilityTimeout). Fix: lower the number of attempts or visibilityTimeout: a message',
  ],

  // between the two
  'a large FIFO batch': [{ ...CODE, fifo: true, batchSize: 11 }, 'batchSize must be a whole number from 1 to 10. Given: 11. Fix: give 10 or less (a FIFO queue gives no more at once).'],
  'a FIFO window': [
    { ...CODE, fifo: true, batchingWindow: Duration.seconds(1) },
    'batchingWindow cannot be given with a FIFO queue. Fix: use a standard queue, or remove batchingWindow.',
  ],
  'a large batch of a FIFO queue that exists': [(stack) => ({ ...CODE, queue: ownQueue(stack, { fifo: true }), batchSize: 20 }), 'batchSize must be a whole number from 1 to 10.'],
  'an empty batch': [{ ...CODE, batchSize: 0 }, 'batchSize must be a whole number from 1 to 10,000. Given: 0.'],
  'half a message': [{ ...CODE, batchSize: 1.5 }, 'batchSize must be a whole number from 1 to 10,000. Given: 1.5.'],
  'a window beyond Lambda': [{ ...CODE, batchingWindow: Duration.minutes(6) }, 'batchingWindow must be from 0 seconds to 5 minutes, in whole seconds. Given: 6 minutes.'],
  'a large batch that may not wait': [
    { ...CODE, batchSize: 11, batchingWindow: Duration.seconds(0) },
    'batchingWindow must be 1 second or more if batchSize is over 10. Given: 0 seconds.',
  ],
  'concurrency of one': [{ ...CODE, maximumConcurrency: 1 }, 'maximumConcurrency must be a whole number from 2 to 1,000. Given: 1.'],
  'more concurrency than is reserved': [
    { ...CODE, reservedConcurrency: 5, maximumConcurrency: 6 },
    'maximumConcurrency must not be above the function\'s reserved concurrency (5). Given: 6.',
  ],
  'more concurrency than a function of this app has': [
    (stack) => ({ function: functionOf(stack, { reservedConcurrentExecutions: 3 }), maximumConcurrency: 4 }),
    'reserved concurrency (3). Given: 4.',
  ],
  'pollers and maximum concurrency': [
    { ...CODE, minimumPollers: 2, maximumConcurrency: 5 },
    'minimumPollers and maximumPollers (provisioned mode) are alternatives to maximumConcurrency. Fix: give one or the other.',
  ],
  'one poller': [{ ...CODE, minimumPollers: 1 }, 'minimumPollers must be a whole number from 2 to 200. Given: 1.'],
  'too many pollers': [{ ...CODE, maximumPollers: 2001 }, 'maximumPollers must be a whole number from 2 to 2,000. Given: 2,001.'],
  'fewest pollers above most': [{ ...CODE, minimumPollers: 5, maximumPollers: 4 }, 'minimumPollers must not be above maximumPollers (4). Given: 5.'],

  // alarms
  'an alarm over part of a minute': [
    { ...CODE, alarms: { errors: { period: Duration.seconds(90) } } },
    'alarms.errors.period must be a multiple of one minute. Given: 1 minute 30 seconds.',
  ],
  'more datapoints than the alarm looks at': [
    { ...CODE, alarms: { oldestMessageAge: { datapointsToAlarm: 4 } } },
    'alarms.oldestMessageAge.datapointsToAlarm must be a whole number from 1 to 3. Given: 4.',
  ],
  'more than a day of the alarm\'s own periods': [
    { ...CODE, alarms: { throttles: { evaluationPeriods: 289 } } },
    'alarms.throttles.period times alarms.throttles.evaluationPeriods must not exceed one day. Given: 300 s × 289.',
  ],
};

describe('fails on', () => {
  test.each(Object.entries(REFUSED))('%s', (_, [given, said]) => {
    const stack = newStack();
    const message = refusal(typeof given === 'function' ? given(stack) : given, stack);

    expect(message).toContain(said);
    expect(message.split('\n').filter((line) => line.includes(said))).toEqual([expect.stringMatching(/^ {2}\d\. Stack\/Worker: .* Fix: .+\.$/)]);
  });

  test('everything at once, each with path, value and fix', () => {
    expect(refusal({
      handler: 'index.handler',
      timeout: Duration.minutes(20),
      fifo: true,
      batchSize: 50,
      maximumConcurrency: 1,
      visibilityTimeout: Duration.seconds(5),
      retryPolicy: RetryPolicy.none(),
      maxReceiveCount: 2,
    })).toBe([
      'Stack/Worker: 5 rules are broken.',
      '  1. Stack/Worker: timeout must be from 1 second to 15 minutes, in whole seconds. Given: 20 minutes. Fix: give 15 minutes or less (Lambda\'s limit).',
      '  2. Stack/Worker: code is required without function. Fix: give code and handler, or an existing function.',
      '  3. Stack/Worker: batchSize must be a whole number from 1 to 10. Given: 50. Fix: give 10 or less (a FIFO queue gives no more at once).',
      '  4. Stack/Worker: maximumConcurrency must be a whole number from 2 to 1,000. Given: 1. Fix: give 2 or more (Lambda\'s limit).',
      '  5. Stack/Worker: retryPolicy and maxReceiveCount are alternatives. Fix: give one of them.',
    ].join('\n'));
  });

  test.each<[string, QueuedLambdaWorkerProps, string]>([
    ['neither code nor handler', {}, 'code and handler are required without function.'],
    ['a timeout that visibility follows', { ...CODE, timeout: Duration.minutes(20), visibilityTimeout: Duration.minutes(16) }, 'timeout must be'],
    ['a retention that the dead letters\' follows', { ...CODE, retentionPeriod: Duration.days(15) }, 'retentionPeriod must be from 1 minute to 14 days'],
    ['a retention that leaves no time either', { ...CODE, retentionPeriod: Duration.seconds(10) }, 'retentionPeriod must be from 1 minute to 14 days'],
    ['attempts that take too long too', { ...CODE, retryPolicy: RetryPolicy.attempts(101), timeout: Duration.minutes(15) }, 'retryPolicy.maxAttempts must be'],
    ['pauses that would be too long', { ...CODE, retryPolicy: RetryPolicy.exponential({ maxDelay: Duration.hours(20) }) }, 'retryPolicy cannot pause'],
    ['concurrency below what is reserved', { ...CODE, reservedConcurrency: -1, maximumConcurrency: 2 }, 'reservedConcurrency must be'],
    ['concurrency beyond Lambda and what is reserved', { ...CODE, reservedConcurrency: 10, maximumConcurrency: 2_000 }, 'maximumConcurrency must be a whole number'],
    ['pollers and concurrency over what is reserved', { ...CODE, minimumPollers: 2, maximumConcurrency: 5, reservedConcurrency: 3 }, 'minimumPollers and maximumPollers'],
    ['pollers beyond Lambda', { ...CODE, minimumPollers: 3_000, maximumPollers: 5 }, 'minimumPollers must be a whole number'],
  ])('%s, with one message', (_what, props, message) => {
    expect(refusal(props).split('\n').slice(1)).toEqual([expect.stringContaining(`1. Stack/Worker: ${message}`)]);
  });

  test('a timeout beside a function of this app, whatever it is', () => {
    const stack = newStack();
    expect(refusal({ function: functionOf(stack), timeout: Duration.minutes(20) }, stack).split('\n').slice(1)).toEqual([
      '  1. Stack/Worker: timeout cannot be given beside a function of this app. Fix: set it on the function, or remove timeout.',
    ]);
  });

  const refusedBeside = (message: string) => [...message.matchAll(/Stack\/Worker: (\w+) cannot be given beside/g)].map(([, prop]) => prop);

  test('every setting of a function that exists', () => {
    const stack = newStack();
    const message = refusal({
      function: functionOf(stack),
      ...CODE,
      code: CODE.code,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: Size.mebibytes(512),
      ephemeralStorageSize: Size.mebibytes(512),
      environment: {},
      layers: [],
      description: '',
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
      vpcSubnets: {},
      securityGroups: [],
      logRetention: RetentionDays.ONE_DAY,
      timeout: Duration.seconds(3),
      reservedConcurrency: 2,
    }, stack);

    expect(refusedBeside(message)).toEqual([
      'code', 'handler', 'runtime', 'architecture', 'memorySize', 'ephemeralStorageSize', 'environment', 'layers', 'description',
      'vpc', 'vpcSubnets', 'securityGroups', 'logRetention', 'timeout', 'reservedConcurrency',
    ]);
  });

  test('every setting of a queue that exists', () => {
    const stack = newStack();
    const message = refusal({
      ...CODE,
      code: CODE.code,
      queue: ownQueue(stack),
      fifo: false,
      contentBasedDeduplication: false,
      deduplicationScope: sqs.DeduplicationScope.QUEUE,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_QUEUE,
      retentionPeriod: Duration.days(4),
      deadLetterRetentionPeriod: Duration.days(14),
      deliveryDelay: Duration.seconds(0),
      retryPolicy: RetryPolicy.attempts(3),
      maxReceiveCount: 3,
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: new sqs.Queue(stack, 'Other'),
    }, stack);

    expect(refusedBeside(message)).toEqual([
      'fifo', 'contentBasedDeduplication', 'deduplicationScope', 'fifoThroughputLimit', 'retentionPeriod', 'deadLetterRetentionPeriod',
      'deliveryDelay', 'retryPolicy', 'maxReceiveCount', 'visibilityTimeout', 'deadLetterQueue',
    ]);
  });

  test('the limits themselves are fine', () => {
    synthesise({
      timeout: Duration.minutes(15),
      batchSize: 10_000,
      batchingWindow: Duration.minutes(5),
      reservedConcurrency: 1000,
      maximumConcurrency: 1000,
      memorySize: Size.mebibytes(10_240),
      visibilityTimeout: Duration.minutes(20),
      deadLetterRetentionPeriod: Duration.days(4),
      deliveryDelay: Duration.minutes(15),
      maxReceiveCount: 1,
    });
    synthesise({ fifo: true, batchSize: 10, minimumPollers: 200, maximumPollers: 2000 });
    synthesise({ fifo: true, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_QUEUE });
    synthesise({ alarms: { firstDeadLetter: { evaluationPeriods: 1440 }, oldestMessageAge: { evaluationPeriods: 1440 } } });
    synthesise({ alarms: { duration: { evaluationPeriods: 288 } } });
    synthesise({ minimumPollers: 7, maximumPollers: 7 });
    synthesise({ visibilityTimeout: Duration.hours(1), maxReceiveCount: 10, retentionPeriod: Duration.hours(10) });
  });
});

describe('what is only known at deployment', () => {
  test('breaks no rule', () => {
    const stack = newStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const { template } = synthesise({
      timeout: Duration.seconds(number),
      memorySize: Size.mebibytes(512),
      reservedConcurrency: number,
      visibilityTimeout: Duration.seconds(number),
      retentionPeriod: Duration.seconds(number),
      deadLetterRetentionPeriod: Duration.seconds(number),
      deliveryDelay: Duration.seconds(number),
      batchSize: number,
      batchingWindow: Duration.seconds(number),
      maximumConcurrency: number,
      maxReceiveCount: number,
      alarms: { errors: { period: Duration.minutes(1), evaluationPeriods: number, datapointsToAlarm: number, threshold: number } },
    }, stack);

    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: { Ref: 'Number' } });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: { Ref: 'Number' } });
  });

  test('has no alarm that would need it', () => {
    const stack = newStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const { worker } = synthesise({ timeout: Duration.seconds(number), reservedConcurrency: number }, stack);

    expect(worker.alarms.duration).toBeUndefined();
    expect(worker.alarms.reservedConcurrency).toBeUndefined();
  });

  test('counts as its longest where a visibility timeout follows from it', () => {
    const stack = newStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const { template } = synthesise({ timeout: Duration.seconds(number), batchingWindow: Duration.seconds(number) }, stack);

    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 6 * 900 + 300 });
  });

  test('may be the kind of an imported dead-letter queue', () => {
    const stack = newStack();
    const arn = Token.asString(Lazy.string({ produce: () => 'arn:aws:sqs:us-east-1:123456789012:theirs.fifo' }));
    synthesise({ fifo: true, deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Theirs', arn) }, stack);
  });

  test('may be the network', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] });
    synthesise({ vpc }, stack).template.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.objectLike({ SubnetIds: ['subnet-1'] }) });
  });
});

describe('warns of', () => {
  const warnings = (props: QueuedLambdaWorkerProps) => {
    const stack = newStack();
    new QueuedLambdaWorker(stack, 'Worker', { ...CODE, ...props });
    return Annotations.fromStack(stack).findWarning('/Stack/Worker', Match.anyValue()).map(({ entry }) => entry.data as string);
  };

  test('nothing where all is well', () => {
    expect(warnings({ reservedConcurrency: 20 })).toEqual([]);
  });

  test('a long retention, since it counts against the dead letters', () => {
    expect(warnings({ retentionPeriod: Duration.days(5) })).toEqual([expect.stringContaining('retentionPeriod is 5 days')]);
    expect(warnings({ retentionPeriod: Duration.days(5), fifo: true })).toEqual([]); // there, the clock starts anew
  });

  describe('long invocations that nothing limits', () => {
    const minute = Duration.minutes(1);

    test('since they can hold all that the account has', () => {
      expect(warnings({ timeout: minute })).toEqual([expect.stringMatching(
        /^Nothing limits how many invocations the queue causes at a time: .* after up to 1 minute\. Give maximumConcurrency\. \[ack: cdk-jobworks:worker\.unlimitedConcurrency\]$/,
      )]);
      expect(warnings({ timeout: minute, minimumPollers: 2 })).toEqual([expect.stringContaining('Give maximumPollers.')]);
    });

    test.each<[string, QueuedLambdaWorkerProps]>([
      ['short ones make room soon', { timeout: Duration.seconds(59) }],
      ['a maximum', { timeout: minute, maximumConcurrency: 50 }],
      ['a reservation', { timeout: minute, reservedConcurrency: 50 }],
      ['pollers that end somewhere', { timeout: minute, maximumPollers: 5 }],
    ])('but not: %s', (_, props) => {
      expect(warnings(props)).toEqual([]);
    });

    test('nor where the timeout is known only at deployment', () => {
      expect(warnings({ timeout: Duration.seconds(Lazy.number({ produce: () => 60 })) })).toEqual([]);
    });

    test('can be acknowledged', () => {
      const stack = newStack();
      Acknowledging.of(stack).acknowledgeWarning('cdk-jobworks:worker.unlimitedConcurrency');
      new QueuedLambdaWorker(stack, 'Worker', { ...CODE, timeout: minute });
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    });
  });

  test('too little reserved concurrency', () => {
    const warning = expect.stringMatching(/^The reserved concurrency is 1, but a queue causes 2 invocations at a time, the least it can: .*Reserve 2 or more\. \[ack/);
    expect(warnings({ reservedConcurrency: 1 })).toEqual([warning]);
    expect(warnings({ reservedConcurrency: 1, maximumConcurrency: 2 })).toEqual([warning]); // there is no less to be asked for
  });

  test('a prop that there is not; a class that extends the worker may have more', () => {
    expect(warnings({ reservedConcurrency: 5, batchsize: 5 } as QueuedLambdaWorkerProps))
      .toEqual([expect.stringMatching(/^There is no prop batchsize: it has no effect\. .*cdk-jobworks:worker\.unknownProps/)]);
    const stack = newStack();
    class Extended extends QueuedLambdaWorker {}
    new Extended(stack, 'Worker', { ...CODE, batchsize: 5 } as QueuedLambdaWorkerProps);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('a function whose timeout nobody chose', () => {
    const of = (props: Partial<lambda.FunctionProps>) => {
      const stack = newStack();
      new QueuedLambdaWorker(stack, 'Worker', { function: functionOf(stack, props) });
      return Annotations.fromStack(stack).findWarning('/Stack/Worker', Match.anyValue()).map(({ entry }) => entry.data as string);
    };
    expect(of({})).toEqual([expect.stringMatching(/^The function has no timeout, .* \(Duration\.seconds\(3\) if that is meant\)\. \[ack: cdk-jobworks:worker\.defaultTimeout\]$/)]);
    expect(of({ timeout: Duration.seconds(3) })).toEqual([]);
  });

  test('more pollers than the reserved concurrency feeds', () => {
    expect(warnings({ reservedConcurrency: 90, maximumPollers: 10 })).toEqual([expect.stringContaining('The pollers can cause 100 invocations')]);
    expect(warnings({ reservedConcurrency: 90, minimumPollers: 2 })).toEqual([expect.stringContaining('The pollers can cause 2000 invocations')]);
    expect(warnings({ reservedConcurrency: 100, maximumPollers: 10 })).toEqual([]);
  });
});

test('an existing function and its queue break no rule', () => {
  const stack = newStack();
  new QueuedLambdaWorker(stack, 'Worker', { function: functionOf(stack), queue: ownQueue(stack), alarms: { errors: { threshold: 3 } } });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
});
