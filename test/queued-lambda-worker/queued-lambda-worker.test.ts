import { App, Aws, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CODE, newStack, synthesise } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';

const DAY = 86_400;

describe('minimal', () => {
  const { worker, template } = synthesise();

  test('a queue for 6 timeouts and 4 days, that gives up after 3 attempts', () => {
    template.hasResource('AWS::SQS::Queue', {
      Properties: {
        VisibilityTimeout: 180,
        MessageRetentionPeriod: 4 * DAY,
        ReceiveMessageWaitTimeSeconds: 20,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerDeadLetterQueue'), 'Arn'] }, maxReceiveCount: 3 },
        KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerKey'), 'Arn'] },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('a dead-letter queue for 14 days that takes messages from this queue alone', () => {
    const [queue] = Object.values(template.findResources('AWS::SQS::Queue', { Properties: { RedrivePolicy: Match.anyValue() } }));
    const name = queue.Properties.QueueName['Fn::Join'][1];
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: Match.absent(),
      MessageRetentionPeriod: 14 * DAY,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [{ 'Fn::Join': ['', Match.arrayWith([`:${name[0]}`, name[1]])] }],
      },
      KmsMasterKeyId: Match.anyValue(),
    });
  });

  test('the name of the queue has the unique part of the stack id in it', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^Stack-?Worker.*-$'), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
    });
  });

  test('both queues refuse connections without TLS', () => {
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('a function on arm64 and the newest Node, traced, with JSON logs and encrypted variables', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 30,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('WorkerLogGroup') } },
      KmsKeyArn: Match.anyValue(),
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  test('a log group that ends, encrypted', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30, KmsKeyId: Match.anyValue() },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('batches of 10, answered message by message', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: Match.absent(),
      ScalingConfig: Match.absent(),
      ProvisionedPollerConfig: Match.absent(),
    });
  });

  test('the mapping waits for the permission to receive', () => {
    template.hasResource('AWS::Lambda::EventSourceMapping', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('WorkerFunctionRoleDefaultPolicy')]),
    });
  });

  test('the function may consume, decrypt and log, and nothing in a wildcard but trace', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
          Match.objectLike({ Action: 'kms:Decrypt' }),
          Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage']) }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{
        PolicyName: 'Tracing',
        PolicyDocument: Match.objectLike({ Statement: [{ Effect: 'Allow', Resource: '*', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] }] }),
      }],
    });
  });

  test('everything is exposed', () => {
    expect(worker.queue).toBeInstanceOf(sqs.Queue);
    expect(worker.deadLetterQueue).toBeInstanceOf(sqs.Queue);
    expect(worker.function).toBeInstanceOf(lambda.Function);
    expect(worker.logGroup).toBeDefined();
    expect(worker.eventSourceMapping).toBeInstanceOf(lambda.EventSourceMapping);
    expect(worker.encryptionKey).toBeInstanceOf(kms.Key);
  });
});

describe('maximal', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
  const securityGroup = new ec2.SecurityGroup(stack, 'Group', { vpc });
  const key = new kms.Key(stack, 'Mine');
  const layer = new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(__dirname) });
  const { worker, template } = synthesise({
    runtime: lambda.Runtime.PYTHON_3_13,
    architecture: lambda.Architecture.X86_64,
    memorySize: Size.gibibytes(2),
    ephemeralStorageSize: Size.gibibytes(1),
    timeout: Duration.minutes(5),
    environment: { COLOUR: 'red' },
    layers: [layer],
    description: 'Colours things',
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
    reservedConcurrency: 40,
    visibilityTimeout: Duration.minutes(20),
    retentionPeriod: Duration.days(3),
    deadLetterRetentionPeriod: Duration.days(7),
    deliveryDelay: Duration.seconds(30),
    batchSize: 500,
    batchingWindow: Duration.seconds(20),
    maximumConcurrency: 30,
    enabled: false,
    retryPolicy: RetryPolicy.attempts(7),
    profile: EnvironmentProfile.staging(),
    encryptionKey: key,
    logRetention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
    label: 'Colours',
  }, stack);

  test('the function is as said', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'python3.13',
      Architectures: ['x86_64'],
      MemorySize: 2048,
      EphemeralStorage: { Size: 1024 },
      Timeout: 300,
      Environment: { Variables: { COLOUR: 'red' } },
      Layers: [{ Ref: Match.stringLikeRegexp('Layer') }],
      Description: 'Colours things',
      VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Group'), 'GroupId'] }], SubnetIds: Match.anyValue() },
      ReservedConcurrentExecutions: 40,
    });
  });

  test('the function may connect to its network', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: Match.arrayWith([Match.objectLike({
        PolicyName: 'Network',
        PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface']) })] },
      })]),
    });
  });

  test('the queues are as said', () => {
    template.hasResource('AWS::SQS::Queue', {
      Properties: {
        VisibilityTimeout: 1200,
        MessageRetentionPeriod: 3 * DAY,
        DelaySeconds: 30,
        RedrivePolicy: Match.objectLike({ maxReceiveCount: 7 }),
        KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Mine'), 'Arn'] },
      },
      DeletionPolicy: 'RetainExceptOnCreate', // a failed deployment must not keep the name
    });
    template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 7 * DAY, RedriveAllowPolicy: Match.anyValue() });
  });

  test('the mapping is as said', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 20,
      ScalingConfig: { MaximumConcurrency: 30 },
      Enabled: false,
    });
  });

  test('the logs are as said', () => {
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Retain' });
  });

  test('no other key is created', () => {
    expect(worker.encryptionKey).toBe(key);
    template.resourceCountIs('AWS::KMS::Key', 1);
  });
});

describe('what follows from something else', () => {
  test('a batch of more than 10 needs a window, and gets one second', () => {
    synthesise({ batchSize: 11 }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: 1 });
  });

  test('the window counts towards the visibility timeout', () => {
    synthesise({ timeout: Duration.seconds(10), batchingWindow: Duration.seconds(7) })
      .template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 67 });
  });

  test.each([[25, 25], [2, 2], [1, 2], [0, 2], [5000, 1000]])('reserved concurrency of %d limits the queue to %d', (reservedConcurrency, MaximumConcurrency) => {
    synthesise({ reservedConcurrency }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency } });
  });

  test('reserved concurrency does not limit provisioned pollers by a second setting', () => {
    synthesise({ reservedConcurrency: 100, maximumPollers: 10 }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: Match.absent(),
      ProvisionedPollerConfig: { MaximumPollers: 10 },
    });
  });

  test('provisioned pollers', () => {
    synthesise({ minimumPollers: 3, maximumPollers: 9 }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 9 },
    });
  });

  test('maxReceiveCount can be higher than any number of attempts', () => {
    synthesise({ maxReceiveCount: 205 }).template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 205 }),
    });
  });
});

describe('profiles', () => {
  test('dev: no key, short logs, everything goes with the stack', () => {
    const { worker, template } = synthesise({ profile: EnvironmentProfile.dev() });

    expect(worker.encryptionKey).toBeUndefined();
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.allResources('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7, KmsKeyId: Match.absent() });
  });

  test('staging: a key, which goes with the stack', () => {
    const { template } = synthesise({ profile: EnvironmentProfile.staging() });

    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete', Properties: { EnableKeyRotation: true } });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 });
  });

  test('the profile around the worker holds', () => {
    const stack = newStack();
    EnvironmentProfile.dev().applyTo(stack);

    expect(synthesise({}, stack).worker.encryptionKey).toBeUndefined();
  });

  test('a prop wins over the profile', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');

    expect(synthesise({ profile: EnvironmentProfile.dev(), encryptionKey: key }, stack).worker.encryptionKey).toBe(key);
  });
});

describe('FIFO', () => {
  const { template } = synthesise({
    fifo: true,
    contentBasedDeduplication: true,
    deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
    fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  });

  test('both queues keep the order', () => {
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::Queue', { FifoQueue: true });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: { 'Fn::Join': ['', Match.arrayWith(['.fifo'])] },
      ContentBasedDeduplication: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  test('the dead-letter queue names the queue with its suffix', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedriveAllowPolicy: { sourceQueueArns: [{ 'Fn::Join': ['', Match.arrayWith(['.fifo'])] }] },
    });
  });
});

describe('grants', () => {
  test('who sends may send and encrypt, nothing else', () => {
    const stack = newStack();
    const worker = new QueuedLambdaWorker(stack, 'Worker', CODE);
    const role = new iam.Role(stack, 'Sender', { assumedBy: new iam.AccountPrincipal(Aws.ACCOUNT_ID) });
    worker.grantSendMessages(role).assertSuccess();

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('Sender') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'] }),
          Match.objectLike({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
        ],
      },
    });
  });

  test('no key is needed where SQS manages the encryption', () => {
    const stack = newStack();
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, profile: EnvironmentProfile.dev() });
    worker.grantSendMessages(new iam.Role(stack, 'Sender', { assumedBy: new iam.AccountPrincipal(Aws.ACCOUNT_ID) }));

    const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policies).toContain('sqs:SendMessage');
    expect(policies).not.toContain('kms:');
  });
});

describe('several and deep', () => {
  test('two workers fit in one stack, and have different queues', () => {
    const stack = newStack();
    new QueuedLambdaWorker(stack, 'One', CODE);
    new QueuedLambdaWorker(stack, 'Two', CODE);

    const queues = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(queues).toHaveLength(4);
    expect(new Set(queues.map((queue) => JSON.stringify(queue.Properties.QueueName ?? null))).size).toBe(3); // the dead-letter queues have none
  });

  test('two workers whose long ids differ only at the end have different queues', () => {
    const stack = newStack();
    const scope = new Construct(stack, 'x'.repeat(120));
    for (const id of ['1', '2']) {
      new QueuedLambdaWorker(scope, 'y'.repeat(120) + id, { ...CODE, fifo: true });
    }
    const named = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue', { Properties: { QueueName: Match.anyValue() } }));
    const prefixes = named.map((queue) => queue.Properties.QueueName['Fn::Join'][1][0] as string);

    expect(new Set(prefixes).size).toBe(2);
    for (const prefix of prefixes) {
      expect(prefix.length + 36 + '.fifo'.length).toBeLessThanOrEqual(80);
      expect(prefix).toMatch(/^[\w-]+$/);
    }
  });

  test('ids of more than 100 characters keep every logical id and name within the limits', () => {
    const stack = new Stack(new App(), 'S'.repeat(110));
    new QueuedLambdaWorker(new Construct(stack, 'C'.repeat(110)), 'W'.repeat(110), CODE);
    const { Resources } = Template.fromStack(stack).toJSON();

    for (const id of Object.keys(Resources)) {
      expect(id.length).toBeLessThanOrEqual(255);
    }
    const policies = Object.values<{ Type: string; Properties: { PolicyName: string } }>(Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
    expect(policies).toHaveLength(1);
    expect(policies[0].Properties.PolicyName.length).toBeLessThanOrEqual(128);
  });
});
