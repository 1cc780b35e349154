import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, JobSteps, RetryPolicy, SubmitLimit } from '../src';
import { integApp } from './app';

/** Jobs as executions: of chains of functions with the least and the most that can be said, of a state machine of the app, and of an imported one. */
const app = integApp();
const stack = new Stack(app, 'StateMachineStack');
const elsewhere = new Stack(app, 'StateMachineElsewhereStack');

const step = (scope: Stack, id: string) => new LambdaFunction(scope, id, {
  runtime: Runtime.PYTHON_3_13,
  handler: 'index.handler',
  code: Code.fromInline('def handler(event, context):\n    return {"read": event["job_id"]}\n'),
  timeout: Duration.minutes(1),
});

const minimal = new JobSteps(stack, 'Steps', { functions: [step(stack, 'Only')] });
new JobProcessingPipeline(stack, 'Minimal', { processor: JobProcessor.runStateMachine(minimal.stateMachine, { maxConcurrency: 10 }) });

const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
const read = step(elsewhere, 'Read');
const maximal = new JobSteps(stack, 'Chain', {
  functions: [read, step(stack, 'Extract'), step(stack, 'Complete'), read],
  onFailure: step(stack, 'Tell'),
  timeout: Duration.hours(2),
  maxAttempts: 5,
  firstDelay: Duration.seconds(10),
  encryptionKey,
});
new JobProcessingPipeline(stack, 'Maximal', {
  processor: JobProcessor.runStateMachine(maximal.stateMachine, { maxConcurrency: 50 }),
  pipelineName: 'invoices',
  encryptionKey,
  bucket: new Bucket(stack, 'Files', { encryption: BucketEncryption.KMS, encryptionKey, enforceSSL: true, versioned: true }),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 2, firstDelay: Duration.minutes(1) }),
  deadline: Duration.hours(12),
  maximumConcurrency: 10,
  api: JobApi.http({ authentication: ApiAuthentication.apiKeys(), submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }) }),
});

const own = new StateMachine(stack, 'Waits', {
  definitionBody: DefinitionBody.fromChainable(new Wait(stack, 'Wait', { time: WaitTime.duration(Duration.days(2)) })),
  timeout: Duration.days(3),
});
const processors = {
  Own: JobProcessor.runStateMachine(own, { maxConcurrency: 1_000 }),
  Imported: JobProcessor.runStateMachine(StateMachine.fromStateMachineName(stack, 'Theirs', 'theirs'), { maxConcurrency: 1, timeout: Duration.minutes(5) }),
};
for (const [id, processor] of Object.entries(processors)) {
  new JobProcessingPipeline(stack, id, { processor, api: JobApi.none(), profile: EnvironmentProfile.dev(), deadline: Duration.days(3) });
}

new IntegTest(app, 'StateMachine', { testCases: [stack] });
