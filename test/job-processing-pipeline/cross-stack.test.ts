import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { userFunction } from './fixture';
import { permissionsOf } from './permissions';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { JobsTable } from '../../src/job-store/jobs-table';
import { findingsOf } from '../support/findings';

/** Everything in a stack of its own: data, pipeline, the function that is called, and who submits. */
function scattered() {
  const app = new App();
  const data = new Stack(app, 'Data');
  const encryptionKey = new kms.Key(data, 'Key');
  const { table } = new JobsTable(data, 'Records', { encryptionKey });
  const bucket = new s3.Bucket(data, 'Files', { encryptionKey, enforceSSL: true, serverAccessLogsPrefix: 'access/' });
  const code = new Stack(app, 'Code');
  const called = userFunction(code, 'Theirs');
  const work = new Stack(app, 'Work');
  const pipeline = new JobProcessingPipeline(work, 'Jobs', {
    processor: JobProcessor.callFunction(called),
    store: JobStore.dynamoDb({ table }),
    bucket,
    encryptionKey,
    api: JobApi.rest({
      authentication: ApiAuthentication.apiKeys(), cors: { allowOrigins: ['https://app.example.com'] }, provisionedConcurrency: 1,
    }),
  });
  pipeline.addCustomer('acme');
  const consumers = new Stack(app, 'Consumers');
  const consumer = userFunction(consumers, 'Consumer');
  pipeline.grantSubmit(consumer);
  pipeline.grantReadJobs(consumer);
  pipeline.grantOperate(consumer);
  return { app, data, code, work, consumers };
}

test('data, pipeline, called function and consumers may be in stacks of their own, with no cycle', () => {
  const { app, data, code, work, consumers } = scattered();
  expect(() => app.synth()).not.toThrow();
  expect(work.dependencies).toEqual(expect.arrayContaining([data, code]));
  expect(consumers.dependencies).toEqual([work]);
  expect(data.dependencies).toEqual([]);
  expect(code.dependencies).toEqual([]);
});

test('each stack says what is its own', () => {
  const { data, work, consumers } = scattered();
  Template.fromStack(work).resourceCountIs('AWS::DynamoDB::Table', 0);
  Template.fromStack(work).resourceCountIs('AWS::KMS::Key', 0);
  Template.fromStack(data).hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: [Match.objectLike({ Prefix: Match.stringLikeRegexp('^Work-Jobs-.*/$') })] }, CorsConfiguration: Match.anyValue(),
  });
  Template.fromStack(data).hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'CloudWatchLogs' })]) },
  });
  expect(permissionsOf(consumers, 'ConsumerRole').map((line) => line.split(' ')[0])).toEqual(['lambda:InvokeFunction', 'lambda:InvokeFunction', 'lambda:InvokeFunction', 'ssm:GetParameter']);
});

test('there is no finding in the stack of the pipeline', () => {
  const { app } = scattered();
  expect(findingsOf(app).filter(({ construct }) => construct.startsWith('Work/'))).toEqual([]);
});

test('fails where the handler of a function in another stack would be replaced, and names the fix', () => {
  const app = new App();
  const fn: lambda.Function = userFunction(new Stack(app, 'Code'), 'Theirs');
  expect(() => new JobProcessingPipeline(new Stack(app, 'Work'), 'Jobs', { processor: JobProcessor.inFunction(fn) }))
    .toThrow(/must be in the stack of the pipeline.*Given: Code\. Fix: create the function in the same stack, or use JobProcessor\.callFunction\(\)/);
});
