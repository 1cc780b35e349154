import { App, Stack } from 'aws-cdk-lib';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';
import { WORKER_KINDS } from '../../src/queued-lambda-worker/worker-kinds';

/** The lines of the error that JavaScript gets. */
function said(props: unknown): string[] {
  try {
    new QueuedLambdaWorker(new Stack(new App(), 'Stack'), 'Worker', props as never);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.replace(/^ {2}\d+\. Stack\/Worker: /, ''));
  }
  throw new Error('The props were accepted.');
}

test('what was meant is told with what to write, all at once', () => {
  expect(said({
    code: './dist',
    handler: 5,
    runtime: 'nodejs22.x',
    architecture: 'arm64',
    memorySize: 512,
    timeout: 30,
    environment: { PORT: 80 },
    batchSize: '10',
    logRetention: 8,
    removalPolicy: 'RETAIN_ALL',
    securityGroups: ['sg-1'],
    profile: 'dev',
    retryPolicy: 3,
  })).toEqual([
    "code must be a lambda.Code. Given: './dist'. Fix: write code: lambda.Code.fromAsset('path').",
    "handler must be a text. Given: 5. Fix: write handler: '…'.",
    "runtime must be a lambda.Runtime. Given: 'nodejs22.x'. Fix: write runtime: lambda.Runtime.NODEJS_24_X.",
    "architecture must be a lambda.Architecture. Given: 'arm64'. Fix: write architecture: lambda.Architecture.ARM_64.",
    'memorySize must be a Size. Given: 512. Fix: write memorySize: Size.mebibytes(512), or in the unit that you mean.',
    'timeout must be a Duration. Given: 30. Fix: write timeout: Duration.seconds(30), or in the unit that you mean.',
    "environment.PORT must be a text. Given: 80. Fix: write PORT: '…'.",
    "securityGroups[0] must be an ec2.ISecurityGroup. Given: 'sg-1'. Fix: write ec2.SecurityGroup.fromSecurityGroupId(…).",
    "batchSize must be a number. Given: '10'. Fix: write batchSize: 10.",
    'retryPolicy must be a RetryPolicy. Given: 3. Fix: write retryPolicy: RetryPolicy.attempts(3), or what its other factories make.',
    "profile must be an EnvironmentProfile. Given: 'dev'. Fix: write profile: EnvironmentProfile.dev(), one of .dev(), .staging() and .prod().",
    'logRetention must be one of logs.RetentionDays. Given: 8. Fix: write logRetention: logs.RetentionDays.ONE_MONTH.',
    "removalPolicy must be one of RemovalPolicy. Given: 'RETAIN_ALL'. Fix: write removalPolicy: RemovalPolicy.RETAIN.",
  ]);
});

test('no props at all', () => {
  expect(said(undefined)).toEqual([expect.stringMatching(/^props must be an object\. Given: nothing\. Fix: pass any of \{ function: …, code: …, handler: …,/)]);
});

test('what no prop takes is told of every prop', () => {
  const names = Object.keys(WORKER_KINDS);
  expect(names).toHaveLength(40);
  expect(said(Object.fromEntries(names.map((name) => [name, () => 1])))).toEqual(names.map((name) => expect.stringMatching(new RegExp(`^${name} must be `))));
});

test('options of a retry policy are told where they are given', () => {
  expect(() => RetryPolicy.exponential(5 as never))
    .toThrow('RetryPolicy.exponential(): options must be an object. Given: 5. Fix: pass any of { maxAttempts: …, firstDelay: …, maxDelay: …, jitter: … }.');
  expect(() => RetryPolicy.exponential({ maxAttempts: '5', firstDelay: 10 } as never)).toThrow(/maxAttempts must be a number[^]*firstDelay must be a Duration/);
  expect(() => RetryPolicy.attempts('3' as never)).toThrow("RetryPolicy.attempts(): maxAttempts must be a number. Given: '3'. Fix: write maxAttempts: 3.");
  expect(() => RetryPolicy.attempts(undefined as never)).toThrow('RetryPolicy.attempts(): maxAttempts must be a number. Given: nothing.');
});
