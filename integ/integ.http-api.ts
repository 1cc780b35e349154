import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, PayloadSchema, SubmitLimit } from '../src';
import { integApp } from './app';

/** HTTP APIs: of each way of authentication, the last two with everything that can be said. Tables of keys, and the addresses of APIs, must stay. */
const app = integApp();
const stack = new Stack(app, 'HttpApiStack');

const handler = (id: string) => JobProcessor.inFunction(new LambdaFunction(stack, `${id}Handler`, {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async (job) => ({ got: job.payload });'),
  timeout: Duration.seconds(30),
}));
const bucket = (id: string) => new Bucket(stack, `${id}Files`, { encryption: BucketEncryption.S3_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN });

new JobProcessingPipeline(stack, 'Iam', { processor: handler('Iam'), api: JobApi.http() });
new JobProcessingPipeline(stack, 'Open', {
  processor: handler('Open'), api: JobApi.http({ authentication: ApiAuthentication.none() }), profile: EnvironmentProfile.dev(),
});

new JobProcessingPipeline(stack, 'Jwt', {
  processor: handler('Jwt'),
  profile: EnvironmentProfile.staging(),
  bucket: bucket('Jwt'),
  payloadSchema: PayloadSchema.fromObject({ type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } }),
  api: JobApi.http({
    authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs'], scopes: ['jobs/submit'] }),
    submitPath: '/process',
    statusPath: '/status/{job_id}',
    cancelPath: '/stop/{job_id}',
    retryPath: '/again/{job_id}',
    listPath: '/mine',
    batchPath: '/process-many',
    uploadPath: '/files',
    maxUploadSize: Size.mebibytes(20),
    cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'], maxAge: Duration.minutes(10) },
    submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }),
    ratePerSecond: 50,
    burst: 100,
    domain: {
      domainName: 'jobs.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'),
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' }),
    },
  }),
});

new JobProcessingPipeline(stack, 'Keys', {
  processor: handler('Keys'),
  bucket: bucket('Keys'),
  api: JobApi.http({ authentication: ApiAuthentication.apiKeys(), keyCaching: Duration.seconds(0), cors: { allowOrigins: ['*'] } }),
});

new IntegTest(app, 'HttpApi', { testCases: [stack] });
