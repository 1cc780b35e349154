import { ArnFormat, Aws, Duration, Fn, Names, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Stats, TreatMissingData, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, EventSourceMapping, Function as LambdaFunction, LoggingFormat, Runtime, type CfnFunction, type Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption, type CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createKey, KEPT } from './key-by-hand';

export interface WorkerByHandProps {
  readonly code: Code;
  readonly handler: string;
}

const TIMEOUT = Duration.seconds(30);

/**
 * What a default `QueuedLambdaWorker` makes, as somebody who knows all of it beforehand would write it for one app: no options, no checks,
 * no acknowledgements for cdk-nag. The benchmark asserts that both templates are equal, so names of constructs and texts are the same, too.
 */
export function workerByHand(stack: Stack, id: string, { code, handler }: WorkerByHandProps): void {
  const scope = new Construct(stack, id);
  const key = createKey(scope, `Queues and logs of ${scope.node.path}`);

  const common = {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    removalPolicy: KEPT,
    receiveMessageWaitTime: Duration.seconds(20),
  };
  const queueName = `${Names.uniqueResourceName(scope, { maxLength: 38, separator: '-' })}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', { ...common, retentionPeriod: Duration.days(14) });
  (deadLetterQueue.node.defaultChild as CfnQueue).redriveAllowPolicy = {
    redrivePermission: 'byQueue',
    sourceQueueArns: [stack.formatArn({ service: 'sqs', resource: queueName, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
  };
  const queue = new Queue(scope, 'Queue', {
    ...common,
    queueName,
    visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 3 },
  });

  const logGroup = new LogGroup(scope, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: KEPT, encryptionKey: key });
  const role = new Role(scope, 'FunctionRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Tracing: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
      }),
    },
  });
  logGroup.grantWrite(role);
  key.grantDecrypt(role);
  const fn = new LambdaFunction(scope, 'Function', {
    code,
    handler,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: TIMEOUT,
    environmentEncryption: key,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
  });
  (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };

  const mapping = new EventSourceMapping(scope, 'EventSourceMapping', {
    target: fn,
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
  });
  queue.grantConsumeMessages(role).applyBefore(mapping);

  createAlarms(scope, { queue, deadLetterQueue, fn });
}

function createAlarms(worker: Construct, { queue, deadLetterQueue, fn }: { queue: Queue; deadLetterQueue: Queue; fn: LambdaFunction }): void {
  const scope = new Construct(worker, 'Alarms');
  const label = worker.node.path;
  const alarm = (id: string, props: Omit<AlarmProps, 'evaluationPeriods'> & { evaluationPeriods?: number }) => new Alarm(scope, id, {
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
  const minute = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

  alarm('FirstDeadLetter', {
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(minute),
    threshold: 1,
    alarmDescription: `${label}: a message was given up on. See it in the dead-letter queue, and the worker's log for why.`,
  });
  alarm('DeadLetters', {
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(minute),
    threshold: 5,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    alarmDescription: `${label}: many messages were given up on. Mend the cause, then redrive the dead-letter queue.`,
  });
  alarm('OldestMessageAge', {
    metric: new MathExpression({
      expression: 'IF(visible > 0, age, 0)',
      usingMetrics: {
        visible: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
        age: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM }),
      },
      label: 'Age of the oldest waiting message (seconds)',
      period: Duration.minutes(1),
    }),
    threshold: 1200,
    evaluationPeriods: 3,
    alarmDescription: `${label}: messages wait for too long, in seconds. The worker is down, too slow, or allowed too little concurrency: see its errors and throttles.`,
  });
  alarm('Errors', {
    metric: new MathExpression({
      expression: 'IF(errors >= 3, 100 * errors / invocations, 0)',
      usingMetrics: { errors: fn.metricErrors(), invocations: fn.metricInvocations() },
      label: 'Failed invocations (percent)',
      period: Duration.minutes(5),
    }),
    threshold: 10,
    alarmDescription: `${label}: too many invocations fail, in percent. See the worker's log.`,
  });
  alarm('Throttles', {
    metric: fn.metricThrottles({ period: Duration.minutes(5) }),
    threshold: 1,
    alarmDescription: `${label}: invocations are throttled. Lower the maximum concurrency or raise the function's or the account's limit.`,
  });
  alarm('Duration', {
    metric: fn.metricDuration({ statistic: Stats.MAXIMUM, period: Duration.minutes(5) }),
    threshold: 27_000,
    alarmDescription: `${label}: an invocation comes near the timeout of 30 s, in milliseconds. Raise the timeout or do less at once.`,
  });
}
