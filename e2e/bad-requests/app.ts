import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DOCUMENT, STACK } from './names';
import { ApiAuthentication, ApiFirewall, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, RetryPolicy, SubmitLimit } from '../../src/index';

/** A pipeline with every route, whose limits nobody reaches, and beside its templates the document of its API. */
const app = new App();
const stack = new Stack(app, STACK);

/** A second: far more than two cores can ask. */
const UNREACHED = 5_000;

const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
  pipelineName: STACK,
  processor: JobProcessor.inFunction(new lambda.Function(stack, 'Handler', {
    code: lambda.Code.fromAsset(join(__dirname, 'handler')),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.seconds(6),
  })),
  maximumConcurrency: 2,
  payloadSchema: PayloadSchema.fromFile(join(__dirname, 'payload.schema.json')),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 1 }),
  bucket: new s3.Bucket(stack, 'Files', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY,
  }),
  api: JobApi.rest({
    authentication: ApiAuthentication.apiKeys(),
    keyLimits: {
      statusRatePerSecond: UNREACHED,
      statusBurst: UNREACHED,
      listRatePerSecond: UNREACHED,
      listBurst: UNREACHED,
      changeRatePerSecond: UNREACHED,
      changeBurst: UNREACHED,
      uploadRatePerSecond: UNREACHED,
      uploadBurst: UNREACHED,
    },
    submitLimit: SubmitLimit.exact({ perMinute: 20 * UNREACHED }),
    ratePerSecond: UNREACHED,
    burst: UNREACHED,
    listRatePerSecond: UNREACHED,
    listBurst: UNREACHED,
    firewall: ApiFirewall.none(),
    maxUploadSize: Size.mebibytes(1),
  }),
});
new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('acme').keyId });

writeFileSync(join(app.outdir, DOCUMENT), pipeline.toOpenApi());
