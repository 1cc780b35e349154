import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { CALLED, FUSE, KEYS, LOAD, WHOLE } from './names';
import {
  ApiAuthentication, ApiFirewall, JobApi, JobProcessingPipeline, type JobProcessingPipelineProps, JobProcessor, PayloadSchema, RetryPolicy,
  SubmitLimit,
} from '../../src/index';

/** Pipelines with everything that the library switches on by itself, and handlers that do as their payloads say. */
const app = new App();
withApiKeys(new Stack(app, KEYS.stack));
withIam(new Stack(app, LOAD.stack));
withCalledFunction(new Stack(app, CALLED.stack));
withEverything(new Stack(app, WHOLE.stack));
withFuse(new Stack(app, FUSE.stack));

/** Two customers with narrow limits. */
function withApiKeys(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, KEYS),
    processor: JobProcessor.inFunction(handler(stack, KEYS.timeoutSeconds)),
    api: JobApi.rest({
      authentication: ApiAuthentication.apiKeys(),
      submitLimit: SubmitLimit.usagePlan({ ratePerSecond: KEYS.submitRate, burst: KEYS.submitBurst }),
    }),
  });
  customers(stack, pipeline, KEYS.customers);
  outputs(stack, pipeline);
}

/** No limit on submissions, and a stream of every change of a record, by which a test sees what happened and not only how it ended. */
function withIam(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, LOAD),
    processor: JobProcessor.inFunction(handler(stack, LOAD.timeoutSeconds)),
    maximumConcurrency: LOAD.maximumConcurrency,
  });
  cfnQueue(pipeline.queue).visibilityTimeout = LOAD.queueVisibilitySeconds;
  withStream(pipeline);
  outputs(stack, pipeline);
}

function withCalledFunction(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, CALLED),
    processor: JobProcessor.callFunction(handler(stack, CALLED.timeoutSeconds, 'called')),
    maximumConcurrency: CALLED.maximumConcurrency,
  });
  cfnQueue(pipeline.queue).visibilityTimeout = CALLED.queueVisibilitySeconds;
  withStream(pipeline);
  outputs(stack, pipeline);
}

/** One pipeline with an API, a bucket and all limits, and one without an API that calls a function. */
function withEverything(stack: Stack): void {
  const bucket = new s3.Bucket(stack, 'Files', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY,
  });
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, WHOLE),
    pipelineName: WHOLE.pipelines.inFunction,
    processor: JobProcessor.inFunction(handler(stack, WHOLE.timeoutSeconds)),
    bucket,
    api: JobApi.rest({
      authentication: ApiAuthentication.apiKeys(),
      keyLimits: { statusRatePerSecond: 100, statusBurst: 200, changeRatePerSecond: 50, changeBurst: 100 },
      firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 30_000 }), // what one address may ask by the rates above
      submitLimit: SubmitLimit.exact({ perMinute: WHOLE.submitsPerMinute }),
      maxUploadSize: Size.kibibytes(WHOLE.maxUploadKibibytes),
      provisionedConcurrency: 1,
    }),
  });
  customers(stack, pipeline, WHOLE.customers);
  outputs(stack, pipeline);

  const called = new JobProcessingPipeline(stack, 'Calls', {
    ...common(stack, WHOLE),
    pipelineName: WHOLE.pipelines.called,
    processor: JobProcessor.callFunction(handler(stack, WHOLE.timeoutSeconds, 'called')),
    bucket,
    api: JobApi.none(),
  });
  outputs(stack, called, 'Calls');
}

function withFuse(stack: Stack): void {
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    ...common(stack, FUSE),
    processor: JobProcessor.inFunction(handler(stack, FUSE.timeoutSeconds)),
  });
  const queue = cfnQueue(pipeline.queue);
  queue.redrivePolicy = { ...queue.redrivePolicy as object, maxReceiveCount: FUSE.maxReceiveCount };
  withStream(pipeline);
  outputs(stack, pipeline);
}

interface Sizes {
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
}

function common(stack: Stack, { maxAttempts }: Sizes): Omit<JobProcessingPipelineProps, 'processor'> {
  return {
    pipelineName: stack.stackName,
    payloadSchema: PayloadSchema.fromFile(join(__dirname, 'payload.schema.json')),
    retryPolicy: RetryPolicy.exponential({ maxAttempts, firstDelay: Duration.seconds(1), maxDelay: Duration.seconds(2) }),
  };
}

/** @param folder of the code, and id of the function but for its first letter */
function handler(stack: Stack, timeoutSeconds: number, folder = 'handler'): lambda.Function {
  return new lambda.Function(stack, folder[0].toUpperCase() + folder.slice(1), {
    code: lambda.Code.fromAsset(join(__dirname, folder)),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.seconds(timeoutSeconds),
  });
}

function customers(stack: Stack, pipeline: JobProcessingPipeline, names: readonly string[]): void {
  for (const name of names) {
    new CfnOutput(stack, `Key${name}`, { value: pipeline.addCustomer(name).keyId });
  }
}

function withStream(pipeline: JobProcessingPipeline): void {
  (pipeline.table.node.defaultChild as dynamodb.CfnTable).streamSpecification = { streamViewType: 'NEW_AND_OLD_IMAGES' };
}

function cfnQueue(queue: sqs.IQueue): sqs.CfnQueue {
  return queue.node.defaultChild as sqs.CfnQueue;
}

function outputs(stack: Stack, pipeline: JobProcessingPipeline, prefix = ''): void {
  const values = {
    ...(pipeline.apiUrl !== undefined && { ApiUrl: pipeline.apiUrl }),
    TableName: pipeline.table.tableName,
    QueueUrl: pipeline.queue.queueUrl,
    DeadLetterQueueUrl: pipeline.deadLetterQueue.queueUrl,
    HandlerLogs: `/aws/lambda/${pipeline.worker.function.functionName}`,
    SubmitName: pipeline.submitFunction.functionArn,
    StatusName: pipeline.statusFunction.functionArn,
    OperateName: pipeline.operateFunction.functionArn,
    ...(pipeline.bucket && { BucketName: pipeline.bucket.bucketName, FilesPrefix: pipeline.filesPrefix }),
  };
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(stack, prefix + name, { value });
  }
}
