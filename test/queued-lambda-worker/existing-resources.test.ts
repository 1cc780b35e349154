import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CODE, functionOf, newStack } from './support';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:theirs';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:theirs';

describe('a function of this app', () => {
  test('is used as it is, with its own timeout', () => {
    const stack = newStack();
    const fn = functionOf(stack, { timeout: Duration.minutes(2) });
    const worker = new QueuedLambdaWorker(stack, 'Worker', { function: fn });
    const template = Template.fromStack(stack);

    expect(worker.function).toBe(fn);
    expect(worker.logGroup).toBeUndefined();
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 720 });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: Match.stringLikeRegexp('Existing') } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('ExistingServiceRole') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']) })]) },
    });
  });

  test('has Lambda\'s 3 seconds if it says no timeout', () => {
    const stack = newStack();
    new QueuedLambdaWorker(stack, 'Worker', { function: functionOf(stack) });

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 18 });
  });

  test('limits the queue by its own reserved concurrency', () => {
    const stack = newStack();
    new QueuedLambdaWorker(stack, 'Worker', { function: functionOf(stack, { reservedConcurrentExecutions: 12 }) });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 12 } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ConcurrentExecutions', Threshold: 10.8 });
  });

  test('from another stack: that stack does not come to need this one', () => {
    const app = new App();
    const theirs = new Stack(app, 'Theirs');
    const fn = functionOf(theirs);
    const ours = new Stack(app, 'Ours');
    new QueuedLambdaWorker(ours, 'Worker', { function: fn });

    Template.fromStack(ours).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ 'Fn::ImportValue': Match.stringLikeRegexp('Theirs:ExportsOutputRefExistingServiceRole') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']) }),
          Match.objectLike({ Action: 'kms:Decrypt' }),
        ]),
      },
    });
    Template.fromStack(theirs).resourceCountIs('AWS::IAM::Policy', 0);
    expect(theirs.dependencies).toEqual([]);
  });
});

describe('a version or an alias', () => {
  test('is called itself, and watched by its own metrics; what is reserved is the function\'s', () => {
    const stack = newStack();
    const fn = functionOf(stack, { timeout: Duration.seconds(20), reservedConcurrentExecutions: 10 });
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    const worker = new QueuedLambdaWorker(stack, 'Worker', { function: alias });
    const template = Template.fromStack(stack);

    expect(worker.function).toBe(alias);
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { 'Fn::Join': ['', [{ 'Fn::Select': [6, Match.anyValue()] }, ':live']] },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Throttles',
      Dimensions: Match.arrayWith([Match.objectLike({ Name: 'Resource' })]),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ConcurrentExecutions',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('Existing') } }],
    });
  });

  test('a version', () => {
    const stack = newStack();
    const version = functionOf(stack, { timeout: Duration.seconds(10) }).currentVersion;
    new QueuedLambdaWorker(stack, 'Worker', { function: version });

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 60 });
  });
});

describe('an imported function', () => {
  test('with its role', () => {
    const stack = newStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/theirs');
    const fn = lambda.Function.fromFunctionAttributes(stack, 'Theirs', { functionArn: FUNCTION_ARN, role });
    new QueuedLambdaWorker(stack, 'Worker', { function: fn, timeout: Duration.seconds(40), reservedConcurrency: 5 });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 240 });
    template.hasResourceProperties('AWS::IAM::Policy', { Roles: ['theirs'] });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionName: 'theirs', ScalingConfig: { MaximumConcurrency: 5 } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ConcurrentExecutions', Threshold: 4.5 });
  });

  test('without its role: a warning says what to allow', () => {
    const stack = newStack();
    const fn = lambda.Function.fromFunctionArn(stack, 'Theirs', FUNCTION_ARN);
    new QueuedLambdaWorker(stack, 'Worker', { function: fn, timeout: Duration.seconds(40) });

    Annotations.fromStack(stack).hasWarning('/Stack/Worker', Match.stringLikeRegexp('without its role'));
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('a queue of this app', () => {
  test('is used as it is, with its own dead-letter queue', () => {
    const stack = newStack();
    const deadLetters = new sqs.Queue(stack, 'Dead', { fifo: true });
    const queue = new sqs.Queue(stack, 'Mine', {
      fifo: true,
      visibilityTimeout: Duration.minutes(10),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 },
    });
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, queue });
    const template = Template.fromStack(stack);

    expect(worker.queue).toBe(queue);
    expect(worker.deadLetterQueue).toBe(deadLetters);
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('Dead'), 'QueueName'] } }],
    }, 2);
  });

  test('encrypted with its own key: the function may decrypt, and who sends may encrypt', () => {
    const stack = newStack();
    const theirs = new kms.Key(stack, 'Theirs');
    const queue = new sqs.Queue(stack, 'Mine', {
      encryptionMasterKey: theirs,
      visibilityTimeout: Duration.minutes(10),
      deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 2 },
    });
    const worker = new QueuedLambdaWorker(stack, 'Worker', { function: functionOf(stack), queue });
    worker.grantSendMessages(new iam.Role(stack, 'Sender', { assumedBy: new iam.AccountRootPrincipal() }));
    const template = Template.fromStack(stack);
    const may = (Action: string | string[], role: string) => template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp(role) }],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action, Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Theirs'), 'Arn'] } })]),
      },
    });

    expect(worker.encryptionKey).toBeUndefined();
    template.resourceCountIs('AWS::KMS::Key', 1);
    may('kms:Decrypt', 'Existing');
    may(['kms:GenerateDataKey', 'kms:Decrypt'], 'Sender');
  });

  test('from another stack', () => {
    const app = new App();
    const theirs = new Stack(app, 'Theirs');
    const queue = new sqs.Queue(theirs, 'Queue', { deadLetterQueue: { queue: new sqs.Queue(theirs, 'Dead'), maxReceiveCount: 3 } });
    const ours = new Stack(app, 'Ours');
    new QueuedLambdaWorker(ours, 'Worker', { ...CODE, queue });
    app.synth();

    Template.fromStack(ours).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('Theirs:') },
    });
  });

  test('whose dead-letter queue was set on the resource', () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Mine');
    (queue.node.defaultChild as sqs.CfnQueue).redrivePolicy = { deadLetterTargetArn: QUEUE_ARN, maxReceiveCount: 3 };
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, queue });

    expect(worker.deadLetterQueue).toBeUndefined();
  });
});

describe('an imported queue', () => {
  test('with its dead-letter queue', () => {
    const stack = newStack();
    const queue = sqs.Queue.fromQueueArn(stack, 'Theirs', QUEUE_ARN);
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'TheirsToo', `${QUEUE_ARN}-dead`);
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, queue, deadLetterQueue, visibilityTimeout: Duration.minutes(3) });
    const template = Template.fromStack(stack);

    expect(worker.deadLetterQueue).toBe(deadLetterQueue);
    template.resourceCountIs('AWS::SQS::Queue', 0);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: QUEUE_ARN });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'QueueName', Value: 'theirs-dead' }] });
  });

  test('without: nothing watches dead letters, and asking for them says why', () => {
    const stack = newStack();
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, queue: sqs.Queue.fromQueueArn(stack, 'Theirs', QUEUE_ARN) });

    expect(worker.deadLetterQueue).toBeUndefined();
    expect(worker.alarms.firstDeadLetter).toBeUndefined();
    expect(worker.alarms.deadLetters).toBeUndefined();
    expect(() => worker.metricDeadLetters()).toThrow('Stack/Worker: the dead-letter queue is not known');
  });

  test('a new function beside it still gets a key for its logs, and may decrypt its variables', () => {
    const stack = newStack();
    const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, queue: sqs.Queue.fromQueueArn(stack, 'Theirs', QUEUE_ARN) });

    expect(worker.encryptionKey).toBeDefined();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
  });
});

test('a given dead-letter queue for a new queue', () => {
  const stack = newStack();
  const deadLetterQueue = new sqs.Queue(stack, 'Shared');
  const worker = new QueuedLambdaWorker(stack, 'Worker', { ...CODE, deadLetterQueue });

  expect(worker.deadLetterQueue).toBe(deadLetterQueue);
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Shared'), 'Arn'] }, maxReceiveCount: 3 },
  });
});

test('an existing function with an existing queue needs no key', () => {
  const stack = newStack();
  const worker = new QueuedLambdaWorker(stack, 'Worker', {
    function: functionOf(stack),
    queue: sqs.Queue.fromQueueArn(stack, 'Theirs', QUEUE_ARN),
  });

  expect(worker.encryptionKey).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
});
