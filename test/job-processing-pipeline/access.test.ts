import { App, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { fixture, userFunction, type Fixture } from './fixture';
import { permissionsOf } from './permissions';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (props: Partial<JobProcessingPipelineProps> = {}, stack: Stack = given.stack, id = 'Jobs') => new JobProcessingPipeline(stack, id, {
  processor: JobProcessor.callFunction(stack === given.stack ? given.handler : userFunction(stack, `${id}Own`)), api: JobApi.none(), ...props,
});
const template = () => Template.fromStack(given.stack);
const role = () => new iam.Role(given.stack, 'Somebody', { assumedBy: new iam.AccountRootPrincipal() });

test('without an API there is none, and jobs are submitted, read and operated all the same', () => {
  const pipeline = create();
  expect(pipeline.restApi).toBeUndefined();
  expect(pipeline.apiUrl).toBeUndefined();
  expect(pipeline.alarms.apiErrors).toBeUndefined();
  template().resourceCountIs('AWS::ApiGateway::RestApi', 0);
  const handlers = Object.values(template().findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Handler).sort();
  expect(handlers).toEqual(['dead-letter.handler', 'index.handler', 'operate.handler', 'runner.handler', 'status.handler', 'submit.handler', 'sweeper.handler']);
});

test('without an API nothing is told of one, so that a call that looks like the API\'s is refused', () => {
  create();
  const functions = Object.values(template().findResources('AWS::Lambda::Function'));
  const told = functions.flatMap(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {}));
  expect(told).toContain('JOBWORKS_MAX_ATTEMPTS');
  expect(told.filter((name) => /AUTHENTICATION|CUSTOMERS|_PATH$|CORS|SUBMIT/.test(name))).toEqual([]);
});

describe('somebody who is let in', () => {
  test('to submit may invoke that function and nothing else: it does not send to the queue', () => {
    create().grantSubmit(role());
    expect(permissionsOf(given.stack, 'Somebody')).toEqual(['lambda:InvokeFunction JobsSubmit']);
  });

  test('to read may invoke that function', () => {
    create().grantReadJobs(role());
    expect(permissionsOf(given.stack, 'Somebody')).toEqual(['lambda:InvokeFunction JobsStatus']);
  });

  test('to read files gets them by key: uploads, and what is too long for a record', () => {
    const bucket = new s3.Bucket(given.stack, 'Files');
    const pipeline = create({ bucket });
    pipeline.grantReadFiles(userFunction(given.stack, 'Step'));
    expect(permissionsOf(given.stack, 'StepRole')).toEqual([
      `s3:GetObject Files/${pipeline.filesPrefix}/*/jobs/*`, `s3:GetObject Files/${pipeline.filesPrefix}/*/uploads/*`, 's3:ListBucket Files',
    ]);
  });

  test('to read files needs a bucket', () => {
    expect(() => create().grantReadFiles(given.handler)).toThrow('Stack/Jobs: there are no files without a bucket. Fix: give the pipeline bucket.');
    expect(() => create({}, given.stack, 'Other').grantReadFiles(role() as never)).toThrow(/grantReadFiles\(\) takes a lambda\.Function\. Given: a Role .*Fix: write grantReadFiles\(fn\), of this app/);
  });

  test('to call the API needs one', () => {
    expect(() => create().grantExecute(role())).toThrow(/^Stack\/Jobs: grantExecute\(\) needs an API\. Fix: use grantSubmit\(\) and grantReadJobs\(\)/);
  });

  test.each([['API keys', ApiAuthentication.apiKeys()], ['nothing', ApiAuthentication.none()]])('to call an API that asks for %s needs no permission of IAM', (_of, authentication) => {
    expect(() => create({ api: JobApi.rest({ authentication }) }).grantExecute(role()))
      .toThrow(/^Stack\/Jobs: grantExecute\(\) needs an API that asks for IAM.*Fix: use ApiAuthentication\.iam\(\)/);
  });

  test('to operate may find that function and invoke it', () => {
    create({ pipelineName: 'drawings' }).grantOperate(role());
    expect(permissionsOf(given.stack, 'Somebody')).toEqual([
      'lambda:InvokeFunction JobsOperate', 'ssm:GetParameter arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameterJobsOperatorsParameter',
    ]);
  });

  test('is let in to the alias where invocations stand ready', () => {
    const pipeline = create({ api: JobApi.rest({ provisionedConcurrency: 1 }) });
    const somebody = role();
    pipeline.grantSubmit(somebody);
    pipeline.grantReadJobs(somebody);
    expect(pipeline.submitFunction).toBeInstanceOf(lambda.Alias);
    expect(permissionsOf(given.stack, 'Somebody')).toEqual(['lambda:InvokeFunction JobsStatusLive', 'lambda:InvokeFunction JobsSubmitLive']);
  });

  test('may be a service, by the policy of the function', () => {
    create().grantSubmit(new iam.ServicePrincipal('events.amazonaws.com'));
    template().hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com', FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^JobsSubmit'), 'Arn'] },
    });
  });
});

test('nobody but the pipeline\'s own functions may send to the queue', () => {
  const pipeline = create({ api: JobApi.rest() });
  pipeline.grantSubmit(role());
  const senders = Object.values(template().findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('sqs:SendMessage'))
    .map(({ Properties }) => Properties.Roles[0].Ref.replace(/[0-9A-F]{8}$/, ''));
  expect(senders.sort()).toEqual(['JobsChangeRole', 'JobsOperateRole', 'JobsRunnerRole', 'JobsSubmitRole']);
  const allowed = Object.values(template().findResources('AWS::SQS::QueuePolicy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(allowed.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([]);
});

test('operators find the pipeline by its name', () => {
  create({ pipelineName: 'drawings' });
  template().hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/cdk-jobworks/drawings',
    Value: { 'Fn::Join': ['', ['{"operate_function":"', { Ref: Match.stringLikeRegexp('^JobsOperate') }, '"}']] },
  });
});

describe('a name', () => {
  const one = (stack: Stack, id = 'Jobs') => create({ pipelineName: 'drawings' }, stack, id);
  const env = (region: string) => ({ env: { account: '123456789012', region } });

  test('fails to be had twice, in one stack or two of the same environment', () => {
    const first = new Stack(given.app, 'First');
    one(first);
    expect(() => one(first, 'Again')).toThrow(/pipelineName must be another than that of First\/Jobs.*Given: drawings/);
    expect(() => one(new Stack(given.app, 'Second'))).toThrow(/must be another than that of First\/Jobs/);
    one(new Stack(given.app, 'Here', env('eu-west-1')));
    expect(() => one(new Stack(new Stage(given.app, 'Stage'), 'There', env('eu-west-1')))).toThrow(/than that of Here\/Jobs/);
  });

  test('may be had in every region, stage and app', () => {
    const stacks = [
      new Stack(given.app, 'Ireland', env('eu-west-1')), new Stack(given.app, 'Frankfurt', env('eu-central-1')),
      new Stack(new Stage(given.app, 'Test'), 'Stack'), new Stack(new Stage(given.app, 'Live'), 'Stack'), new Stack(new App(), 'Ireland', env('eu-west-1')),
    ];
    expect(() => stacks.forEach((stack) => one(stack))).not.toThrow();
  });

  test('may be made at deployment', () => {
    create({ pipelineName: Lazy.string({ produce: () => 'later' }) });
    template().hasResourceProperties('AWS::SSM::Parameter', { Name: '/cdk-jobworks/later' });
  });
});

describe('the address of the API', () => {
  test('is API Gateway\'s', () => {
    const pipeline = create({ api: JobApi.rest() });
    expect(given.stack.resolve(pipeline.apiUrl)).toEqual(given.stack.resolve(pipeline.restApi!.url));
  });

  test('is the domain\'s, where there is one', () => {
    const certificate = acm.Certificate.fromCertificateArn(given.stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x');
    expect(create({ api: JobApi.rest({ domain: { domainName: 'jobs.example.com', certificate } }) }).apiUrl).toBe('https://jobs.example.com/');
  });
});

describe('the API as a document', () => {
  test('has the routes that there are', () => {
    const paths = (props: Partial<JobProcessingPipelineProps>, id: string) =>
      Object.keys(JSON.parse(create({ api: JobApi.rest({ submitPath: '/send' }), ...props }, given.stack, id).toOpenApi()).paths);
    const without = paths({}, 'Without');
    expect(without).toEqual(expect.arrayContaining(['/send', '/jobs/{job_id}', '/jobs/batch']));
    expect(without).not.toContain('/uploads');
    expect(paths({ bucket: s3.Bucket.fromBucketName(given.stack, 'Files', 'theirs') }, 'With')).toContain('/uploads');
  });

  test('fails without an API', () => {
    expect(() => create().toOpenApi()).toThrow(/^Stack\/Jobs: toOpenApi\(\) needs an API\. Fix: pass api: JobApi\.rest\(\)/);
  });
});

test.each(['grantSubmit', 'grantReadJobs', 'grantOperate', 'grantExecute', 'grantManageKeys'] as const)('%s teaches whom it takes', (method) => {
  expect(() => create()[method]('arn:aws:iam::1:role/Web' as never)).toThrow(
    `Stack/Jobs: ${method}() takes an iam.IGrantable. Given: 'arn:aws:iam::1:role/Web'. Fix: write ${method}(role), with a grantable such as a role or function; `
    + 'iam.Role.fromRoleArn(…) makes one of an ARN.');
});

test('an alarm\'s action is no topic: the error says what makes one of it', () => {
  const topic = new sns.Topic(given.stack, 'Alarms');
  const teaches = /^Stack\/Jobs.*\n.*addAlarmAction\(\) takes a cloudwatch\.IAlarmAction\. Given: a \w+ \(Stack\/Alarms\)\. Fix: write addAlarmAction\(new SnsAction\(topic\)\)/;
  const pipeline = create();
  expect(() => pipeline.addAlarmAction(topic as never)).toThrow(teaches);
  expect(() => pipeline.addAlarmAction(new SnsAction(topic), topic as never)).toThrow(teaches);
  pipeline.addAlarmAction(new SnsAction(topic));
});
