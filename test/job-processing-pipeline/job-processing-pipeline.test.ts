import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { fixture, userFunction, type Fixture } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { GivenUpCause } from '../../src/job-processing-pipeline/pipeline-metrics';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';
import { GIVEN_UP_CAUSE, METRIC } from '../../src/runtime/wire/metrics';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const inFunction = () => ({ processor: JobProcessor.inFunction(given.handler) });
const template = () => Template.fromStack(given.stack);
const environmentOf = (entry: string): Record<string, unknown> => {
  const functions = template().findResources('AWS::Lambda::Function', { Properties: { Handler: entry } });
  return Object.values(functions)[0].Properties.Environment.Variables;
};

describe('minimal', () => {
  test('has an API, a queue, a dead-letter queue and a table', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    template().resourceCountIs('AWS::ApiGateway::RestApi', 1);
    template().resourceCountIs('AWS::SQS::Queue', 2);
    template().resourceCountIs('AWS::DynamoDB::Table', 1);
    template().resourceCountIs('AWS::KMS::Key', 1);
  });

  test('puts the layer between the platform and the handler', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    template().hasResourceProperties('AWS::Lambda::Function', {
      Handler: '/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler',
      Environment: { Variables: Match.objectLike({ JOBWORKS_HANDLER: 'index.handler', JOBWORKS_BACKOFF_FIRST_MS: '10000' }) },
      Layers: [{ Ref: Match.stringLikeRegexp('JobWorksNodeLayer') }],
    });
  });

  test('a job may be deferred more often than the sixteen times after which Lambda takes it for a loop', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    template().hasResourceProperties('AWS::Lambda::Function', { Handler: Match.stringLikeRegexp('^/opt/'), RecursiveLoop: 'Allow' });
  });

  test('the queue is a fuse of more receives than attempts, and one job comes at a time', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    template().hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.objectLike({ maxReceiveCount: 11 }) });
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
  });

  test('the table has every index that jobs will ever need, with keys alone', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    const index = (IndexName: string) => Match.objectLike({ IndexName, Projection: { ProjectionType: 'KEYS_ONLY' } });
    template().hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        GlobalSecondaryIndexes: [index('deadline'), index('owner'), index('failed')],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: Match.objectLike({ SSEType: 'KMS' }),
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      },
    });
  });

  test('what holds data is called what it always was, or a deployment would replace it', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    const ids = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::SQS::Queue'].flatMap((type) => Object.keys(template().findResources(type)));
    expect(ids.sort()).toEqual(['JobsKeyB64EAF8C', 'JobsTable10C8EDF6', 'JobsWorkerDeadLetterQueue7777209E', 'JobsWorkerQueueF982BF3E']);
  });

  test('every method asks for IAM', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    template().allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
  });

  test('outputs nothing: that is for the app to say', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    expect(template().toJSON().Outputs).toBeUndefined();
  });
});

describe('maximal', () => {
  const maximal = () => {
    const pipeline = new JobProcessingPipeline(given.stack, 'Jobs', {
      ...inFunction(),
      store: JobStore.dynamoDb(),
      bucket: new s3.Bucket(given.stack, 'Files'),
      profile: EnvironmentProfile.staging(),
      pipelineName: 'drawings',
      payloadSchema: PayloadSchema.fromText('{"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}}'),
      retryPolicy: RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(1), maxDelay: Duration.minutes(1), jitter: 0 }),
      deadline: Duration.hours(6),
      retention: Duration.days(90),
      maximumConcurrency: 20,
      encryptionKey: new kms.Key(given.stack, 'Key', { enableKeyRotation: true }),
      api: JobApi.rest({
        authentication: ApiAuthentication.apiKeys(),
        submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 2, burst: 20 }),
        keyLimits: { statusRatePerSecond: 5, statusBurst: 6 },
        submitPath: '/process-drawing',
        statusPath: '/status/{job_id}',
        stageName: 'prod',
        cors: { allowOrigins: ['https://app.example.com'] },
        provisionedConcurrency: 2,
      }),
      alarms: {
        failureRate: { threshold: 50 },
        apiErrors: { enabled: false },
        worker: { throttles: { enabled: false }, oldestMessageAge: { threshold: 60 } },
      },
    });
    pipeline.addCustomer('acme');
    return pipeline;
  };

  test('the paths are the app\'s own', () => {
    maximal();
    template().hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'process-drawing' });
    template().hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'status' });
    expect(environmentOf('submit.handler').JOBWORKS_STATUS_PATH).toBe('/status/{job_id}');
  });

  test('the settings reach the functions', () => {
    maximal();
    expect(environmentOf('submit.handler')).toMatchObject({
      JOBWORKS_MAX_ATTEMPTS: '5', JOBWORKS_DEADLINE_SECONDS: '21600', JOBWORKS_RETENTION_SECONDS: '7776000', JOBWORKS_PIPELINE: 'drawings',
    });
    expect(environmentOf('/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler')).toMatchObject({
      JOBWORKS_BACKOFF_FIRST_MS: '1000', JOBWORKS_BACKOFF_MAX_MS: '60000', JOBWORKS_BACKOFF_JITTER: '0', JOBWORKS_SHUTDOWN_MS: '10000',
    });
  });

  test('submitting and reading have an allowance each, and a key has a customer', () => {
    maximal();
    template().hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      ApiStages: [Match.objectLike({
        Throttle: Match.objectLike({ '/process-drawing/POST': { RateLimit: 2, BurstLimit: 20 }, '/status/{job_id}/GET': { RateLimit: 5, BurstLimit: 6 } }),
      })],
    });
    const methods = Object.values(template().findResources('AWS::ApiGateway::Method')).filter(({ Properties }) => Properties.HttpMethod !== 'OPTIONS');
    expect(methods.every(({ Properties }) => Properties.ApiKeyRequired)).toBe(true);
    expect(JSON.stringify(environmentOf('submit.handler').JOBWORKS_CUSTOMERS)).toContain('acme');
    expect(environmentOf('status.handler').JOBWORKS_CUSTOMERS).toEqual(environmentOf('submit.handler').JOBWORKS_CUSTOMERS);
  });

  test('API Gateway gets the part of the schema that it understands', () => {
    maximal();
    template().hasResourceProperties('AWS::ApiGateway::Model', {
      Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['url'], properties: { url: { type: 'string' } } },
    });
  });

  test('alarms are tuned and removed one by one', () => {
    const pipeline = maximal();
    expect(pipeline.alarms.apiErrors).toBeUndefined();
    expect(pipeline.alarms.failureRate).toBeDefined();
    expect(pipeline.worker.alarms.throttles).toBeUndefined();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 50 });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 60 });
  });
});

test('an action is given to every alarm', () => {
  const topic = new sns.Topic(given.stack, 'Alarms');
  new JobProcessingPipeline(given.stack, 'Jobs', inFunction()).addAlarmAction(new SnsAction(topic));
  template().allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('Alarms') }] });
});

test('a caller may be let in by IAM, to both methods and no more', () => {
  const pipeline = new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
  pipeline.grantExecute(new iam.User(given.stack, 'Caller'));
  const policies = template().findResources('AWS::IAM::Policy', { Properties: { Users: Match.anyValue() } });
  const [statement] = Object.values(policies)[0].Properties.PolicyDocument.Statement;
  expect(statement.Action).toBe('execute-api:Invoke');
  expect(JSON.stringify(statement.Resource)).toMatch(/\/POST\/jobs.*\/GET\/jobs\/\*/);
});

test('two keys of one customer are one owner', () => {
  const pipeline = new JobProcessingPipeline(given.stack, 'Jobs', { ...inFunction(), api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) });
  pipeline.addCustomer('acme');
  pipeline.addCustomer('acme', { keyName: '2027' });
  expect(JSON.stringify(environmentOf('submit.handler').JOBWORKS_CUSTOMERS).match(/:\\\\?"acme/g)).toHaveLength(2);
});

describe('the processor\'s function', () => {
  const tracing = () => Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Environment: { Variables: { JOBWORKS_HANDLER: 'index.handler' } } } }))[0]
    .Properties.TracingConfig;
  const untraced = () => JobProcessor.inFunction(new lambda.Function(given.stack, 'Plain', {
    code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X,
  }));

  test('is traced, with a policy of its own', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', { processor: untraced() });
    expect(tracing()).toEqual({ Mode: 'Active' });
    template().hasResourceProperties('AWS::IAM::Policy', { PolicyName: Match.stringLikeRegexp('JobWorksTracing') });
  });

  test('is not traced where the app says so', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', { processor: untraced(), tracing: false });
    expect(tracing()).toBeUndefined();
  });
});

test('the worker is alarmed on what a pipeline does not do by itself', () => {
  new JobProcessingPipeline(given.stack, 'Jobs', { ...inFunction(), retryPolicy: RetryPolicy.exponential({ maxAttempts: 60, maxDelay: Duration.minutes(1) }) });
  // asked to stop at 50 of 60 seconds: only who is still there at 55 did not
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Duration', Threshold: 55_000 });
  // 60 attempts of a minute, pauses of 10, 20, 40 and 56 times 60 seconds
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 60 * 60 + 10 + 20 + 40 + 56 * 60 });
});

test('a job that the system gave up rings, the first and many', () => {
  new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'JobsDeadLettered', Threshold: 1 });
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'JobsDeadLettered', Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' });
});

test('API Gateway\'s own log ends and is encrypted, and is there before the stage', () => {
  new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
  const groups = Object.entries(template().findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30, KmsKeyId: Match.anyValue() } }))
    .filter(([, group]) => JSON.stringify(group.Properties.LogGroupName)?.includes('API-Gateway-Execution-Logs_'));
  expect(groups).toHaveLength(1);
  template().hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([groups[0][0]]) });
});

test('in dev nothing is billed by the month and everything goes with the stack', () => {
  EnvironmentProfile.dev().applyTo(given.stack);
  new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
  template().resourceCountIs('AWS::KMS::Key', 0);
  template().hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
});

test('two pipelines in one stack share the layer and the logging role, and nothing else', () => {
  new JobProcessingPipeline(given.stack, 'One', inFunction());
  const alone = Object.keys(template().toJSON().Resources);
  const both = fixture();
  new JobProcessingPipeline(both.stack, 'One', { processor: JobProcessor.inFunction(both.handler) });
  new JobProcessingPipeline(both.stack, 'Two', { processor: JobProcessor.inFunction(userFunction(both.stack, 'Other')) });
  const together = Template.fromStack(both.stack);
  expect(Object.keys(together.toJSON().Resources)).toEqual(expect.arrayContaining(alone));
  together.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  together.resourceCountIs('AWS::ApiGateway::Account', 1);
  together.resourceCountIs('AWS::DynamoDB::Table', 2);
  const apis = Object.values(together.findResources('AWS::ApiGateway::RestApi')).map((api) => api.Properties.Name);
  expect(new Set(apis).size).toBe(2); // metrics know an API by its name alone
});

test('metrics are those that the functions emit', () => {
  const pipeline = new JobProcessingPipeline(given.stack, 'Jobs', { ...inFunction(), pipelineName: 'jobs' });
  const names = [
    pipeline.metricSubmitted(), pipeline.metricSucceeded(), pipeline.metricFailed(), pipeline.metricRetried(), pipeline.metricDeadLettered(),
    pipeline.metricDeferred(), pipeline.metricCancelled(), pipeline.metricDuration(), pipeline.metricQueueWait(),
  ].map((metric) => `${metric.namespace}/${metric.metricName}/${metric.statistic}/${metric.dimensions?.Pipeline}`);
  expect(names).toEqual([
    'JobWorks/JobsSubmitted/Sum/jobs', 'JobWorks/JobsSucceeded/Sum/jobs', 'JobWorks/JobsFailed/Sum/jobs', 'JobWorks/JobsRetried/Sum/jobs', 'JobWorks/JobsDeadLettered/Sum/jobs',
    'JobWorks/JobsDeferred/Sum/jobs', 'JobWorks/JobsCancelled/Sum/jobs',
    'JobWorks/JobDuration/p90/jobs', 'JobWorks/QueueWait/p90/jobs',
  ]);
  const stage = pipeline.metricStageDuration('read');
  expect(stage).toMatchObject({ namespace: 'JobWorks', metricName: 'StageDuration', statistic: 'p90', dimensions: { Pipeline: 'jobs', Stage: 'read' } });
  const { versionFailures: _, ...ofPipelines } = METRIC; // of a version, which alarms of a gradual deployment judge
  expect([...names.map((name) => name.split('/')[1]), stage.metricName].sort()).toEqual(Object.values(ofPipelines).sort());
});

test('jobs that were given up can be told by each cause that the functions count', () => {
  const pipeline = new JobProcessingPipeline(given.stack, 'Jobs', { ...inFunction(), pipelineName: 'jobs' });
  expect(Object.values(GivenUpCause).sort()).toEqual(Object.values(GIVEN_UP_CAUSE).sort());
  expect(pipeline.metricDeadLetteredBy(GivenUpCause.FUSE, { period: Duration.minutes(1) })).toMatchObject({
    namespace: 'JobWorks', metricName: 'JobsDeadLettered', statistic: 'Sum', dimensions: { Pipeline: 'jobs', Cause: 'fuse' }, period: Duration.minutes(1),
  });
});

describe('the worker of a pipeline', () => {
  test('is watched by its metrics', () => {
    const { worker } = new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    const options = { period: Duration.minutes(1) };
    const names = [
      worker.metricVisibleMessages(options), worker.metricThrottles(options),
      worker.metricDuration(options), worker.metricConcurrentExecutions(options),
    ].map((metric) => `${metric.namespace} ${metric.metricName} ${metric.period.toSeconds()}`);
    expect(names).toEqual([
      'AWS/SQS ApproximateNumberOfMessagesVisible 60', 'AWS/Lambda Throttles 60', 'AWS/Lambda Duration 60', 'AWS/Lambda ConcurrentExecutions 60',
    ]);
    expect([worker.metricOldestMessageAge(options), worker.metricErrorRate(options)].map((metric) => `${metric.expression} ${metric.period.toSeconds()}`))
      .toEqual(['IF(visible > 0, age, 0) 60', '100 * errors / invocations 60']);
    expect(worker.function).toBe(given.handler);
  });

  test('hands out no way past grantSubmit()', () => {
    const { worker } = new JobProcessingPipeline(given.stack, 'Jobs', inFunction());
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(worker)).filter((name) => name !== 'constructor');
    expect(methods.filter((name) => !name.startsWith('metric'))).toEqual([]);
  });
});
