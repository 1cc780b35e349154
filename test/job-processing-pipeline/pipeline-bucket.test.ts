import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { fixture, userFunction, type Fixture } from './fixture';
import { permissionsOf } from './permissions';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (bucket: s3.IBucket | undefined, props: Partial<JobProcessingPipelineProps> = {}, id = 'Jobs', fn = given.handler) =>
  new JobProcessingPipeline(given.stack, id, { processor: JobProcessor.inFunction(fn), pipelineName: `the-${id.toLowerCase()}`, bucket, ...props });
const bucket = (props: s3.BucketProps = {}) => new s3.Bucket(given.stack, 'Files', props);
const template = () => Template.fromStack(given.stack);
const environmentOf = (Handler: string): Record<string, unknown> =>
  Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Handler } }))[0].Properties.Environment.Variables;
const handlers = () => Object.values(template().findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Handler);

test('what is under the pipeline\'s prefix expires when no record can need it, old versions too', () => {
  const { filesPrefix } = create(bucket(), { deadline: Duration.hours(12), retention: Duration.days(10) });
  template().hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [{
        Id: `cdk-jobworks ${filesPrefix}`, Prefix: `${filesPrefix}/`, Status: 'Enabled', ExpirationInDays: 12, NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }],
    },
  });
});

test('by default that is after 37 days: twice 3, 30 and one', () => {
  create(bucket());
  template().hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 37 })] } });
});

test('several pipelines have one bucket, each its own prefix', () => {
  const files = bucket();
  const prefixes = [create(files), create(files, {}, 'More', userFunction(given.stack, 'Other'))].map(({ filesPrefix }) => filesPrefix);
  expect(new Set(prefixes).size).toBe(2);
  template().hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: prefixes.map((prefix) => Match.objectLike({ Prefix: `${prefix}/` })) },
  });
});

test('files stay where they are when the pipeline gets another name', () => {
  const [before, after] = ['drawings', 'plans'].map((pipelineName) => {
    given = fixture();
    create(bucket(), { pipelineName });
    const { Files, ...others } = Object.fromEntries(Object.entries(template().toJSON().Resources as Record<string, { Properties: unknown }>)
      .map(([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties]));
    const policies = Object.entries(others).filter(([id]) => id.endsWith('JobWorksFiles'));
    return { Files, policies, prefix: environmentOf('uploads.handler').JOBWORKS_FILES_PREFIX };
  });
  expect(before.policies).toHaveLength(5);
  expect(before.prefix).toMatch(/^[\w-]{1,64}$/);
  expect(after).toEqual(before);
});

test('pages that may call the API may upload and read results, and no others', () => {
  create(bucket(), { api: JobApi.rest({ cors: { allowOrigins: ['https://app.example.com'] } }) });
  template().hasResourceProperties('AWS::S3::Bucket', {
    CorsConfiguration: { CorsRules: [Match.objectLike({ AllowedOrigins: ['https://app.example.com'], AllowedMethods: ['POST', 'GET'] })] },
  });
});

test('without CORS the bucket has none', () => {
  create(bucket());
  template().hasResourceProperties('AWS::S3::Bucket', { CorsConfiguration: Match.absent() });
});

test('uploads are signed only with an API', () => {
  create(bucket(), { api: JobApi.none() });
  expect(handlers()).not.toContain('uploads.handler');
  expect(handlers()).not.toContain('change.handler');
});

test('without a bucket there are no uploads, and nobody is told of one', () => {
  create(undefined);
  expect(handlers()).not.toContain('uploads.handler');
  expect(JSON.stringify(template().toJSON())).not.toContain('JOBWORKS_BUCKET');
});

test('an imported bucket is used with its key', () => {
  const pipeline = create(s3.Bucket.fromBucketAttributes(given.stack, 'Imported', {
    bucketName: 'theirs', encryptionKey: kms.Key.fromKeyArn(given.stack, 'Theirs', 'arn:aws:kms:eu-west-1:123456789012:key/theirs'),
  }));
  expect(pipeline.bucket?.bucketName).toBe('theirs');
  template().resourceCountIs('AWS::S3::Bucket', 0);
  expect(permissionsOf(given.stack, 'JobsUploadsRole')).toEqual(expect.arrayContaining([
    `s3:PutObject arn:AWS::Partition:s3:::theirs/${pipeline.filesPrefix}/*/uploads/*`, 'kms:GenerateDataKey arn:aws:kms:eu-west-1:123456789012:key/theirs',
  ]));
});

test('a bucket of another stack gets its rules there', () => {
  const data = new Stack(given.app, 'Data');
  const { filesPrefix } = create(new s3.Bucket(data, 'Files'));
  Template.fromStack(data).hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ Prefix: `${filesPrefix}/` })] } });
});

test('two functions of one role share a bucket, and none is called before it may use it', () => {
  const files = bucket();
  const other = userFunction(given.stack, 'Other', { role: given.handler.role });
  create(files);
  create(files, {}, 'More', other);
  const policies = Object.keys(template().findResources('AWS::IAM::Policy')).filter((id) => /^(Analyse|Other)JobWorksFiles/.test(id));
  expect(policies).toHaveLength(2);
  for (const policy of policies) {
    template().hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([policy]) });
  }
});
