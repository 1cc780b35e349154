import { Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { fixture, type Fixture } from './fixture';
import { permissionsOf } from './permissions';
import { JobApi } from '../../src/job-api/job-api';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (props: Partial<JobProcessingPipelineProps> = {}) =>
  new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), ...props });
const template = () => Template.fromStack(given.stack);
const may = (role: string) => permissionsOf(given.stack, role);
const environmentOf = (entry: string): Record<string, unknown> =>
  Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Handler: entry } }))[0].Properties.Environment.Variables;

const DECRYPT = ['kms:Decrypt JobsKey'];
const KEY = [
  'kms:Decrypt JobsKey', 'kms:DescribeKey JobsKey', 'kms:Encrypt JobsKey', 'kms:GenerateDataKey JobsKey', 'kms:GenerateDataKeyWithoutPlaintext JobsKey',
  'kms:ReEncryptFrom JobsKey', 'kms:ReEncryptTo JobsKey',
];
const on = (resource: string, ...actions: string[]) => actions.map((action) => `${action} ${resource}`);
const OWNERS = 'dynamodb:Query JobsTable/index/owner';
const DEADLINES = 'dynamodb:Query JobsTable/index/deadline';
const FAILED = 'dynamodb:Query JobsTable/index/failed';
const CONSUME = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'];
const sorted = (...lines: string[][]) => lines.flat().sort();

describe('each function may do what it does and no more', () => {
  test.each<[string, string, () => string[]]>([
    ['submit', 'JobsSubmitRole', () => sorted(KEY, on('JobsTable', 'dynamodb:GetItem', 'dynamodb:PutItem'), on('JobsWorkerQueue', 'sqs:SendMessage'))],
    ['status', 'JobsStatusRole', () => sorted(DECRYPT, on('JobsTable', 'dynamodb:BatchGetItem', 'dynamodb:GetItem'), [OWNERS])],
    ['change', 'JobsChangeRole', () => sorted(KEY, on('JobsTable', 'dynamodb:GetItem', 'dynamodb:UpdateItem'), on('JobsWorkerQueue', 'sqs:SendMessage'))],
    ['dead-letter', 'JobsDeadLetterRole', () => sorted(
      KEY, on('JobsTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'), on('JobsWorkerDeadLetterQueue', ...CONSUME),
    )],
    ['sweeper', 'JobsSweeperRole', () => sorted(KEY, on('JobsTable', 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'), [DEADLINES])],
    ['operate', 'JobsOperateRole', () => sorted(
      KEY, on('JobsTable', 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'), [DEADLINES, FAILED, OWNERS],
      on('JobsWorkerQueue', 'sqs:GetQueueAttributes', 'sqs:SendMessage'), on('JobsWorkerDeadLetterQueue', 'sqs:GetQueueAttributes'),
      on('arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:event-source-mapping:JobsWorkerEventSourceMapping',
        'lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'),
    )],
    ['the user\'s', 'AnalyseRole', () => sorted(
      KEY, on('JobsTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'), on('JobsWorkerQueue', ...CONSUME, 'sqs:SendMessage'),
    )],
  ])('%s', (_entry, role, permissions) => {
    create();
    expect(may(role)).toEqual(permissions());
  });

  test('with a bucket, each reaches one kind of object under the pipeline\'s prefix', () => {
    const { filesPrefix } = create({ bucket: new s3.Bucket(given.stack, 'Files', { encryption: s3.BucketEncryption.KMS }) });
    const files = (role: string) => may(role).filter((line) => line.includes('Files'));
    const jobs = `Files/${filesPrefix}/*/jobs/*`;
    const uploads = `Files/${filesPrefix}/*/uploads/*`;
    expect(files('JobsSubmitRole')).toEqual(sorted(on('FilesKey', 'kms:Decrypt', 'kms:GenerateDataKey'), [`s3:PutObject ${jobs}`]));
    expect(files('JobsStatusRole')).toEqual(sorted(on('FilesKey', 'kms:Decrypt'), [`s3:GetObject ${jobs}`]));
    expect(files('JobsChangeRole')).toEqual([]);
    expect(files('JobsUploadsRole')).toEqual(sorted(on('FilesKey', 'kms:Decrypt', 'kms:GenerateDataKey'), [`s3:PutObject ${uploads}`]));
    expect(files('JobsDeadLetterRole')).toEqual([]);
    expect(files('JobsSweeperRole')).toEqual([]);
    expect(files('JobsOperateRole')).toEqual(sorted(on('FilesKey', 'kms:Decrypt'), [`s3:GetObject ${jobs}`, 's3:ListBucket Files']));
    expect(files('AnalyseRole')).toEqual(sorted(
      on('FilesKey', 'kms:Decrypt', 'kms:GenerateDataKey'),
      [`s3:GetObject ${jobs}`, `s3:GetObject ${uploads}`, 's3:ListBucket Files', `s3:PutObject ${jobs}`],
    ));
  });

  test('who reads objects is told which are gone, under the pipeline\'s prefix alone', () => {
    const bucket = new s3.Bucket(given.stack, 'Files');
    const { filesPrefix } = create({ bucket, processor: JobProcessor.callFunction(given.handler) });
    const lists = Object.values(template().findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties: { PolicyDocument: { Statement: statements }, Roles: [role] } }) =>
        statements.map((statement: object) => ({ ...statement, role: role.Ref })))
      .filter(({ Action }) => [Action].flat().includes('s3:ListBucket'));
    expect(lists.map(({ role }) => role.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(['JobsOperateRole', 'JobsRunnerRole']);
    lists.forEach((statement) => expect(statement).toMatchObject({
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Files/), 'Arn'] },
      Condition: { StringLike: { 's3:prefix': `${filesPrefix}/*` } },
    }));
  });

  test('with a bucket submit has time for one call more, each of which may be slow', () => {
    create();
    template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'submit.handler', Timeout: 10 });
    given = fixture();
    create({ bucket: new s3.Bucket(given.stack, 'Files') });
    template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'submit.handler', Timeout: 15 });
  });

  test('submit counts only where submissions are counted exactly', () => {
    create({ api: JobApi.rest({ submitLimit: SubmitLimit.exact({ perMinute: 7 }) }) });
    expect(may('JobsSubmitRole')).toContain('dynamodb:UpdateItem JobsTable');
    expect(environmentOf('submit.handler')).toMatchObject({ JOBWORKS_SUBMITS_PER_MINUTE: '7', JOBWORKS_SUBMIT_BURST: '0' });
  });
});

describe('a function is told', () => {
  test('what it needs', () => {
    create({ pipelineName: 'drawings', api: JobApi.rest({ cancelPath: '/stop/{job_id}' }) });
    const named = (entry: string) => Object.keys(environmentOf(entry)).map((name) => name.replace('JOBWORKS_', '')).sort();
    const api = ['AUTHENTICATION', 'PIPELINE', 'STATUS_PATH', 'TABLE_NAME'];
    expect(named('submit.handler')).toEqual(sorted(api, ['BATCH_PATH', 'DEADLINE_SECONDS', 'FILES_PREFIX', 'MAX_ATTEMPTS', 'QUEUE_URL', 'RETENTION_SECONDS']));
    expect(named('status.handler')).toEqual(sorted(api, ['FILES_PREFIX']));
    expect(named('change.handler')).toEqual(sorted(api, ['CANCEL_PATH', 'DEADLINE_SECONDS', 'QUEUE_URL', 'RETRY_PATH']));
    expect(environmentOf('change.handler').JOBWORKS_CANCEL_PATH).toBe('/stop/{job_id}');
    expect(named('dead-letter.handler')).toEqual(['DEAD_LETTER_QUEUE_URL', 'FILES_PREFIX', 'PIPELINE', 'TABLE_NAME']);
    expect(named('sweeper.handler')).toEqual(['PIPELINE', 'TABLE_NAME']);
    expect(named('operate.handler')).toEqual([
      'DEADLINE_SECONDS', 'DEAD_LETTER_QUEUE_URL', 'EVENT_SOURCE_MAPPING', 'FILES_PREFIX', 'LOG_GROUPS', 'PIPELINE', 'QUEUE_URL', 'TABLE_NAME',
    ]);
  });

  test('of the bucket, if it uses it', () => {
    create({ bucket: new s3.Bucket(given.stack, 'Files') });
    const told = Object.values(template().findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { JOBWORKS_BUCKET: { Ref: Match.stringLikeRegexp('Files') } } } },
    })).map(({ Properties }) => Properties.Handler);
    expect(told.sort()).toEqual([
      '/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler', 'operate.handler', 'status.handler', 'submit.handler', 'uploads.handler',
    ]);
    expect(environmentOf('uploads.handler').JOBWORKS_UPLOAD_MAX_BYTES).toBe('104857600');
  });
});

test('dead letters are taken one by one out of a batch, and hidden for as long as six tries of the function take', () => {
  create();
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] },
    ScalingConfig: { MaximumConcurrency: 5 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'dead-letter.handler', Timeout: 30 });
  template().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600, VisibilityTimeout: 180 });
});

test('the sweeper is called every five minutes, ends before the next call, and no call is repeated', () => {
  create();
  template().hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(5 minutes)',
    Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 } })],
  });
  template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'sweeper.handler', Timeout: 240 });
});

test('what is reserved is reserved for submit and for status', () => {
  create({ api: JobApi.rest({ reservedConcurrency: 25 }) });
  const reserving = Object.keys(template().findResources('AWS::Lambda::Function', { Properties: { ReservedConcurrentExecutions: 25 } }));
  expect(reserving).toEqual([expect.stringMatching(/^JobsSubmit/), expect.stringMatching(/^JobsStatus/)]);
  template().resourcePropertiesCountIs('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.anyValue() }, 2);
});

describe('invocations that stand ready', () => {
  const live = (id: string) => ({ Ref: Match.stringLikeRegexp(`^Jobs${id}Live`) });

  test('are of submit and status, by an alias that the API calls', () => {
    create({ api: JobApi.rest({ provisionedConcurrency: 3 }) });
    template().resourceCountIs('AWS::Lambda::Alias', 2);
    template().allResourcesProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 } });
    template().hasResourceProperties('AWS::Lambda::Permission', { FunctionName: live('Submit'), Principal: 'apigateway.amazonaws.com' });
    template().hasResourceProperties('AWS::Lambda::Permission', { FunctionName: live('Status'), Principal: 'apigateway.amazonaws.com' });
    const called = Object.values(template().findResources('AWS::ApiGateway::Method', { Properties: { Integration: { Type: 'AWS_PROXY' } } }))
      .map(({ Properties }) => JSON.stringify(Properties.Integration.Uri));
    expect(called.filter((uri) => /JobsSubmitLive|JobsStatusLive/.test(uri))).toHaveLength(4);
    expect(called.filter((uri) => !/JobsSubmitLive|JobsStatusLive/.test(uri) && /JobsSubmit|JobsStatus/.test(uri))).toEqual([]);
  });

  test('grow with their use, as much as is allowed', () => {
    create({ api: JobApi.http({ provisionedConcurrency: 2, maxProvisionedConcurrency: 15 }) });
    template().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 2);
    const alias = (id: string) => ({ 'Fn::Join': ['', ['function:', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: Match.stringLikeRegexp(`^Jobs${id}Live`) }] }] }, ':live']] });
    for (const id of ['Submit', 'Status']) {
      template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
        ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency', ResourceId: alias(id), MinCapacity: 2, MaxCapacity: 15,
      });
      template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 0.7,
          CustomizedMetricSpecification: {
            Namespace: 'AWS/Lambda',
            MetricName: 'ProvisionedConcurrencyUtilization',
            Statistic: 'Maximum',
            Dimensions: [
              { Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp(`^Jobs${id}[0-9A-F]{8}$`) } },
              { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp(`^Jobs${id}[0-9A-F]{8}$`) }, ':live']] } },
            ],
          },
        },
      });
    }
  });

  test('do not grow unless it is said how far', () => {
    create({ api: JobApi.http({ provisionedConcurrency: 2 }) });
    template().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  test('are of a new version when the environment changes', () => {
    const versions = (pipelineName: string) => {
      given = fixture();
      create({ pipelineName, api: JobApi.rest({ provisionedConcurrency: 1 }) });
      return Object.keys(template().findResources('AWS::Lambda::Version'));
    };
    const first = versions('one');
    expect(first).toHaveLength(2);
    expect(versions('one')).toEqual(first);
    expect(versions('two')).not.toEqual(expect.arrayContaining([first[0]]));
  });
});
