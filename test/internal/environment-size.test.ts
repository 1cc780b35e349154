import { randomBytes } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import { ApiKey } from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { checkEnvironmentSize, environmentBytes } from '../../src/internal/environment-size';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { packed } from '../../src/job-functions/submit-function';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { fixture, userFunction } from '../job-processing-pipeline/fixture';

const functionWith = (environment?: Record<string, string>) => userFunction(new Stack(new App(), 'Stack'), 'Own', { environment });

test('names and values count, in bytes', () => {
  expect(environmentBytes(functionWith())).toBe(0);
  expect(environmentBytes(functionWith({ AB: 'cde', F: 'é' }))).toBe(2 + 3 + 1 + 2);
});

test('what is known only at deployment counts as such names usually do', () => {
  const stack = new Stack(new App(), 'Stack');
  const queue = new sqs.Queue(stack, 'Queue');
  const fn = userFunction(stack, 'Own', { environment: { A: queue.queueUrl, B: `see ${queue.queueName}` } });
  expect(environmentBytes(fn)).toBe(1 + 96 + 1 + 4 + 96);
});

test('the id of an API key is ten characters', () => {
  const stack = new Stack(new App(), 'Stack');
  const fn = userFunction(stack, 'Own', { environment: { A: `{"${new ApiKey(stack, 'Key').keyId}":1}` } });
  expect(environmentBytes(fn)).toBe(1 + 2 + 10 + 4);
});

test('there is room for 2 KB of schema and 1 KB of customers together, with a bucket', () => {
  const { app, stack, handler } = fixture();
  const schemaOf = (names: number) => PayloadSchema.fromObject({ type: 'object', required: Array.from({ length: names }, () => randomBytes(12).toString('hex')) });
  const schema = schemaOf(105);
  expect(packed(schema).length).toBeGreaterThan(1_800);
  expect(packed(schema).length).toBeLessThanOrEqual(2_048);
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    processor: JobProcessor.inFunction(handler),
    bucket: new s3.Bucket(stack, 'Files'),
    payloadSchema: schema,
    api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }),
  });
  Array.from({ length: 37 }, (_, index) => pipeline.addCustomer(`acme-cor-${index + 10}`));
  expect(() => app.synth()).not.toThrow();
});

const synthesised = (fn: lambda.Function) => () => Stack.of(fn).node.root.node.findAll().flatMap((one) => one.node.validate());

test('it is judged at the end, when all is there', () => {
  const fn = functionWith({ A: 'x'.repeat(4_095) });
  checkEnvironmentSize(fn, 'shorten it');
  expect(synthesised(fn)()).toEqual([]);
  fn.addEnvironment('B', '');
  expect(synthesised(fn)()).toEqual([expect.stringMatching(/must take at most 4096 bytes.*Given: 4097\. Fix: shorten it\./)]);
});

test('a function that has no room for what the pipeline adds is refused with the fix', () => {
  const { app, stack } = fixture();
  const own = userFunction(stack, 'Own', { environment: { SETTINGS: 'x'.repeat(3_800) } });
  new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(own) });
  expect(() => app.synth()).toThrow(/Stack\/Own.*the environment of the function must take at most 4096 bytes.*Fix: shorten its own variables/s);
});
