import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { KEYS, LOAD } from './names';
import {
  ApiAuthentication, JobApi, JobProcessingPipeline, type JobProcessingPipelineProps, JobProcessor, PayloadSchema, RetryPolicy,
} from '../../src/index';

/** Two pipelines with everything that the library switches on by itself, and a handler that does as its payload says. */
const app = new App();
withApiKeys(new Stack(app, KEYS.stack));
withIam(new Stack(app, LOAD.stack));

/** Two customers with narrow limits. */
function withApiKeys(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, KEYS.timeoutSeconds, KEYS.maxAttempts),
    api: JobApi.rest({ authentication: ApiAuthentication.apiKeys({ submitRatePerSecond: KEYS.submitRate, submitBurst: KEYS.submitBurst }) }),
  });
  for (const name of KEYS.customers) {
    new CfnOutput(stack, `Key${name}`, { value: pipeline.addCustomer(name).keyId });
  }
  outputs(stack, pipeline);
}

/** No limit on submissions, and a stream of every change of a record, by which a test sees what happened and not only how it ended. */
function withIam(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, LOAD.timeoutSeconds, LOAD.maxAttempts),
    maximumConcurrency: LOAD.maximumConcurrency,
  });
  (pipeline.queue.node.defaultChild as sqs.CfnQueue).visibilityTimeout = LOAD.queueVisibilitySeconds;
  (pipeline.table.node.defaultChild as dynamodb.CfnTable).streamSpecification = { streamViewType: 'NEW_AND_OLD_IMAGES' };
  outputs(stack, pipeline);
}

function common(stack: Stack, timeoutSeconds: number, maxAttempts: number): JobProcessingPipelineProps {
  return {
    pipelineName: stack.stackName,
    processor: JobProcessor.inFunction(new lambda.Function(stack, 'Handler', {
      code: lambda.Code.fromAsset(join(__dirname, 'handler')),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: Duration.seconds(timeoutSeconds),
    })),
    payloadSchema: PayloadSchema.fromFile(join(__dirname, 'payload.schema.json')),
    retryPolicy: RetryPolicy.exponential({ maxAttempts, firstDelay: Duration.seconds(1), maxDelay: Duration.seconds(2) }),
  };
}

function outputs(stack: Stack, pipeline: JobProcessingPipeline): void {
  new CfnOutput(stack, 'ApiUrl', { value: pipeline.api!.url });
  new CfnOutput(stack, 'TableName', { value: pipeline.table.tableName });
  new CfnOutput(stack, 'QueueUrl', { value: pipeline.queue.queueUrl });
  new CfnOutput(stack, 'DeadLetterQueueUrl', { value: pipeline.deadLetterQueue.queueUrl });
  new CfnOutput(stack, 'HandlerLogs', { value: `/aws/lambda/${(stack.node.findChild('Handler') as lambda.Function).functionName}` });
}
