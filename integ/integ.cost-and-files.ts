import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ConfigParameters, CostGuard, EnvironmentProfile, JobFiles, JobProcessingPipeline, JobProcessor } from '../src';
import { integApp } from './app';

/** Files, a budget, and parameters, secrets and flags, beside a pipeline that has all of them. */
const app = integApp();
const stack = new Stack(app, 'CostAndFilesStack');

const analyse = new LambdaFunction(stack, 'Analyse', {
  runtime: Runtime.NODEJS_24_X,
  code: Code.fromInline('exports.handler = async () => {};'),
  handler: 'index.handler',
  timeout: Duration.minutes(1),
});
const files = new JobFiles(stack, 'Files', { transferAcceleration: true, accessLogRetention: Duration.days(90) });
new JobFiles(stack, 'DevFiles', { profile: EnvironmentProfile.dev() });
const pipeline = new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(analyse), bucket: files.bucket });

new ConfigParameters(stack, 'Config', {
  parameters: { model: 'small' },
  secrets: { provider: new Secret(stack, 'Provider') },
  flags: { 'fast-path': false },
  rollbackAlarms: [pipeline.alarms.failureRate!],
}).grantRead(analyse);

new CostGuard(stack, 'Costs', {
  system: 'drawings',
  ticketTopic: new Topic(stack, 'Tickets', { enforceSSL: true }),
  pageTopic: new Topic(stack, 'Pages', { enforceSSL: true }),
  emails: ['team@example.com'],
});
CostGuard.tag(files, { service: 'files' });

new IntegTest(app, 'CostAndFiles', { testCases: [stack] });
