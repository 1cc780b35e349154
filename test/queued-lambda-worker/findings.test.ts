import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CODE } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import { expectNoFindings } from '../support/findings';

jest.setTimeout(60_000);

test('a minimal worker breaks no rule of cdk-nag or the CDK', () => {
  const app = new App();
  new QueuedLambdaWorker(new Stack(app, 'Stack'), 'Worker', CODE);
  expectNoFindings(app);
});

test('a worker in dev breaks no rule', () => {
  const app = new App();
  new QueuedLambdaWorker(new Stack(app, 'Stack'), 'Worker', { ...CODE, profile: EnvironmentProfile.dev(), fifo: true });
  expectNoFindings(app);
});

test('a maximal worker breaks no rule', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });
  const worker = new QueuedLambdaWorker(stack, 'Worker', {
    ...CODE,
    vpc,
    timeout: Duration.minutes(2),
    memorySize: Size.gibibytes(1),
    environment: { TABLE: 'table' },
    reservedConcurrency: 20,
    batchSize: 100,
    batchingWindow: Duration.seconds(5),
    deliveryDelay: Duration.seconds(10),
    description: 'Everything there is',
  });
  const producer = new QueuedLambdaWorker(stack, 'Producer', { ...CODE, fifo: true, contentBasedDeduplication: true });
  worker.grantSendMessages(producer.function);
  expectNoFindings(app);
});

test('a worker with a given alias breaks no rule of its own', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const first = new QueuedLambdaWorker(stack, 'First', CODE);
  new QueuedLambdaWorker(stack, 'Second', { function: new lambda.Alias(stack, 'Live', { aliasName: 'live', version: (first.function as lambda.Function).currentVersion }) });
  expectNoFindings(app);
});
