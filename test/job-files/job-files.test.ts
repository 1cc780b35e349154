import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobFiles } from '../../src/job-files/job-files';
import type { JobFilesProps } from '../../src/job-files/job-files-props';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { userFunction } from '../job-processing-pipeline/fixture';
import { expectNoFindings } from '../support/findings';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const create = (props: JobFilesProps = {}) => new JobFiles(stack, 'Files', props);
const template = () => Template.fromStack(stack);
const pipelineWith = (bucket: s3.IBucket, props: Partial<JobProcessingPipelineProps> = {}, id = 'Jobs') =>
  new JobProcessingPipeline(stack, id, { processor: JobProcessor.inFunction(userFunction(stack, `${id}Own`)), bucket, ...props });
const bucketOf = (id: RegExp) => Object.entries(template().findResources('AWS::S3::Bucket')).find(([name]) => id.test(name))![1];
const rulesOf = (): Array<Record<string, unknown>> => bucketOf(/^FilesBucket/).Properties.LifecycleConfiguration.Rules;

test('by default files are private, encrypted with a key of their own, versioned, logged and kept with the stack gone', () => {
  create();
  expect(bucketOf(/^FilesBucket/)).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LoggingConfiguration: { LogFilePrefix: 'files/' },
    },
  });
  expect(bucketOf(/^FilesBucket/).Properties.AccelerateConfiguration).toBeUndefined();
  template().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

test('they expire after 30 days and are tiered from the first day', () => {
  create();
  expect(rulesOf()).toEqual([
    { Id: 'expire', Status: 'Enabled', ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    { Id: 'tidy', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpiredObjectDeleteMarker: true },
    { Id: 'tier', Status: 'Enabled', Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }] },
  ]);
});

test('both buckets are reached by TLS alone', () => {
  create();
  const policies = Object.values(template().findResources('AWS::S3::BucketPolicy'));
  expect(policies).toHaveLength(2);
  for (const { Properties } of policies) {
    expect(Properties.PolicyDocument.Statement).toContainEqual(expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
  }
});

test('S3 may put access logs of this bucket where they belong, and nothing else', () => {
  create();
  template().hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([{
        Sid: 'AccessLogs',
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('AccessLogs'), 'Arn'] }, '/files/*']] },
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^FilesBucket'), 'Arn'] } },
        },
      }]),
    },
  });
});

test('access logs go as the profile says, or after as long as is said', () => {
  create({ accessLogRetention: Duration.days(90) });
  new JobFiles(stack, 'Other', { profile: EnvironmentProfile.dev() });
  expect(bucketOf(/^FilesAccessLogs/).Properties.LifecycleConfiguration.Rules[0]).toMatchObject({ ExpirationInDays: 90 });
  expect(bucketOf(/^OtherAccessLogs/).Properties.LifecycleConfiguration.Rules[0]).toMatchObject({ ExpirationInDays: 7 });
});

test('dev costs nothing by the month, and goes with the stack, files and all', () => {
  create({ profile: EnvironmentProfile.dev() });
  template().resourceCountIs('AWS::KMS::Key', 0);
  expect(bucketOf(/^FilesBucket/)).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } },
  });
  template().resourceCountIs('Custom::S3AutoDeleteObjects', 2);
});

test('every prop wins over the profile', () => {
  const encryptionKey = new kms.Key(stack, 'Key');
  const accessLogsBucket = new s3.Bucket(stack, 'Logs');
  const files = create({
    profile: EnvironmentProfile.dev(),
    expiration: Duration.days(90),
    intelligentTiering: false,
    transferAcceleration: true,
    bucketName: 'acme-files',
    encryptionKey,
    accessLogsBucket,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  expect([files.encryptionKey, files.accessLogsBucket]).toEqual([encryptionKey, accessLogsBucket]);
  template().resourceCountIs('AWS::KMS::Key', 1);
  template().resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  expect(rulesOf().map(({ Id }) => Id)).toEqual(['expire', 'tidy']);
  expect(rulesOf()[0]).toMatchObject({ ExpirationInDays: 90 });
  expect(bucketOf(/^FilesBucket/)).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { BucketName: 'acme-files', AccelerateConfiguration: { AccelerationStatus: 'Enabled' }, LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringMatching(/^Logs/) } } },
  });
});

test('logs may be in a bucket of another stack, which needs nothing of this one', () => {
  const elsewhere = new Stack(stack.node.root as App, 'Elsewhere');
  const accessLogsBucket = new s3.Bucket(elsewhere, 'Logs');
  create({ accessLogsBucket });
  expect(() => (stack.node.root as App).synth()).not.toThrow();
  Template.fromStack(elsewhere).hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: { Statement: [Match.objectLike({ Sid: 'AccessLogs', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } })] },
  });
});

test('nobody finds anything in it that has no reason', () => {
  create();
  new JobFiles(stack, 'Dev', { profile: EnvironmentProfile.dev(), transferAcceleration: true });
  expectNoFindings(stack.node.root as App);
});

test('files of a pipeline are kept for as long as its records may need them: the rule of the whole bucket grows with the longest', () => {
  const { bucket } = create();
  pipelineWith(bucket);
  pipelineWith(bucket, { retention: Duration.days(60) }, 'More');
  const days = Object.fromEntries(rulesOf().map(({ Prefix = 'all', ExpirationInDays }) => [Prefix, ExpirationInDays]));
  expect(Object.values(days).sort()).toEqual([37, 67, undefined]);
  expect(rulesOf()[0]).toMatchObject({ Id: 'expire', ExpirationInDays: 67 });
});

test('what is said to be deleted sooner is refused with both numbers', () => {
  const { bucket } = create({ expiration: Duration.days(30) });
  expect(() => pipelineWith(bucket)).toThrow('Stack/Jobs: bucket must keep files for 37 days, as long as records may need them: retention, twice the deadline and a day. '
    + 'Given: 30 days. Fix: give JobFiles expiration: Duration.days(37) or none, or lower retention or deadline.');
});

test('what fits is taken as it is said', () => {
  const { bucket } = create({ expiration: Duration.days(30) });
  pipelineWith(bucket, { retention: Duration.days(23) });
  expect(rulesOf()[0]).toMatchObject({ ExpirationInDays: 30 });
});

test.each([[true, '1'], [false, undefined]])('with acceleration %s, those who sign for callers are told %s', (transferAcceleration, told) => {
  pipelineWith(create({ transferAcceleration }).bucket);
  const toldIn = Object.fromEntries(Object.values(template().findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => [Properties.Handler, Properties.Environment?.Variables?.JOBWORKS_BUCKET_ACCELERATED]));
  expect(toldIn).toMatchObject({ 'uploads.handler': told, 'status.handler': told });
  expect([toldIn['submit.handler'], toldIn['sweeper.handler']]).toEqual([undefined, undefined]);
});

test('a bucket that somebody made is asked in the same way', () => {
  pipelineWith(new s3.Bucket(stack, 'Theirs', { transferAcceleration: true }));
  template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'uploads.handler', Environment: { Variables: { JOBWORKS_BUCKET_ACCELERATED: '1' } } });
});

test('size, number and what storing costs are shown, from daily numbers', () => {
  const { title, rows, costs, alarms } = create().monitor();
  expect([title, rows?.map(({ section }) => section), alarms]).toEqual(['Files', ['DATABASE'], undefined]);
  const [sizes, numbers] = rows![0].widgets.map((widget) => stack.resolve((widget as cloudwatch.GraphWidget).toJson())[0].properties);
  expect([sizes, numbers].map(({ period, start, end }) => [period, start, end])).toEqual([[86_400, '-P14D', 'P0D'], [86_400, '-P14D', 'P0D']]);
  const dimensions = [sizes, numbers].flatMap(({ metrics }) => metrics as string[][]).map((metric) => [metric[1], metric[metric.indexOf('StorageType') + 1]]);
  expect(dimensions).toEqual([
    ['BucketSizeBytes', 'StandardStorage'],
    ['BucketSizeBytes', 'IntelligentTieringFAStorage'],
    ['BucketSizeBytes', 'IntelligentTieringIAStorage'],
    ['NumberOfObjects', 'AllStorageTypes'],
  ]);
  expect(costs).toEqual([{ service: 'Amazon S3', metric: expect.objectContaining({ period: Duration.days(1) }) }]);
});

test.each<[string, JobFilesProps, string]>([
  ['part of a day', { expiration: Duration.hours(36) }, 'expiration must be 1 to 3,650 whole days. Given: 1 day 12 hours. Fix: give whole days, ten years at most.'],
  ['less than a day', { expiration: Duration.hours(1) }, 'expiration must be 1 to 3,650 whole days. Given: 1 hour. Fix: give a day or more: S3 counts in days.'],
  ['for ever', { expiration: Duration.days(4_000) }, 'expiration must be 1 to 3,650 whole days. Given: 4000 days.'],
  ['a number', { expiration: 30 as never }, 'expiration must be a Duration. Given: 30. Fix: write expiration: Duration.days(30), or in the unit that you mean.'],
  ['dots beside acceleration', { bucketName: 'files.acme.com', transferAcceleration: true }, "bucketName must have no dots with transferAcceleration: the certificate of its address is for one name. Given: files.acme.com. Fix: write 'files-acme-com', or remove bucketName."],
  ['capitals in the name', { bucketName: 'Files' }, 'bucketName must be 3 to 63 small letters, digits and dashes, a letter or digit at both ends. Given: Files.'],
  ['a retention of given logs', { accessLogsBucket: 'given' as never, accessLogRetention: Duration.days(3) }, "accessLogsBucket must be an s3.IBucket. Given: 'given'."],
])('%s is refused', (_what, props, message) => {
  expect(() => create(props)).toThrow(message);
});

test('a retention of logs that are elsewhere is refused, and everything else with it', () => {
  const accessLogsBucket = new s3.Bucket(stack, 'Logs');
  expect(() => create({ accessLogsBucket, accessLogRetention: Duration.days(3), expiration: Duration.seconds(1) })).toThrow(/2 rules are broken[^]*accessLogRetention cannot be given beside accessLogsBucket/);
});

test('a prop that there is not is warned of', () => {
  create({ expires: 3 } as never);
  Annotations.fromStack(stack).hasWarning('/Stack/Files', Match.stringLikeRegexp('There is no prop expires'));
});
