import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import {
  ApiAuthentication, ApiFirewall, JobApi, JobProcessingPipeline, JobProcessor, JobStore, JobsTable, PayloadSchema, RetryPolicy, StatusCacheSize,
  SubmitLimit,
} from '../src';
import { integApp } from './app';

/** Everything that can be switched on, on a table, a key and a bucket that are given: what is kept must keep its logical id. */
const app = integApp();
const stack = new Stack(app, 'MaximalPipelineStack');

const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
const { table } = new JobsTable(stack, 'Records', { encryptionKey });

new JobProcessingPipeline(stack, 'Jobs', {
  processor: JobProcessor.inFunction(new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async (job) => ({ got: job.payload });'),
    timeout: Duration.minutes(2),
  })),
  pipelineName: 'everything',
  encryptionKey,
  store: JobStore.dynamoDb({ table }),
  bucket: new Bucket(stack, 'Files', { encryption: BucketEncryption.KMS, encryptionKey, enforceSSL: true, versioned: true }),
  payloadSchema: PayloadSchema.fromObject({ type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } }),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(2) }),
  deadline: Duration.hours(6),
  retention: Duration.days(90),
  maximumConcurrency: 10,
  api: JobApi.rest({
    authentication: ApiAuthentication.cognito([new UserPool(stack, 'Users')], { scopes: ['https://jobs.example.com/submit'] }),
    submitPath: '/process',
    statusPath: '/status/{job_id}',
    cancelPath: '/stop/{job_id}',
    retryPath: '/again/{job_id}',
    listPath: '/mine',
    batchPath: '/process-many',
    uploadPath: '/files',
    maxUploadSize: Size.mebibytes(20),
    submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }),
    cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'], maxAge: Duration.minutes(10) },
    firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 500, countedRules: ['GenericRFI_BODY'] }),
    statusCaching: { ttl: Duration.seconds(2), size: StatusCacheSize.GB_1_6 },
    // no provisionedConcurrency: the id of a published version changes with the bundle, and the snapshot would with every handler
    domain: {
      domainName: 'jobs.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'),
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' }),
    },
  }),
});

new IntegTest(app, 'MaximalPipeline', { testCases: [stack] });
