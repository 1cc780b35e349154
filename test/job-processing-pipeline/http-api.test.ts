import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { fixture, type Fixture } from './fixture';
import { permissionsOf } from './permissions';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import type { HttpJobApiOptions } from '../../src/job-api/http/http-api-options';
import { JobApi } from '../../src/job-api/job-api';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const KEYS: HttpJobApiOptions = { authentication: ApiAuthentication.apiKeys() };
const create = (options: HttpJobApiOptions = {}, props: Partial<JobProcessingPipelineProps> = {}) => new JobProcessingPipeline(given.stack, 'Jobs', {
  processor: JobProcessor.callFunction(given.handler), api: JobApi.http(options), pipelineName: 'drawings', ...props,
});
const template = () => Template.fromStack(given.stack);
const role = () => new iam.Role(given.stack, 'Somebody', { assumedBy: new iam.AccountRootPrincipal() });

/** What a function of the library is told. */
const told = (handler: string) => Object.values(template().findResources('AWS::Lambda::Function'))
  .find(({ Properties }) => Properties.Handler === `${handler}.handler`)!.Properties.Environment.Variables as Record<string, unknown>;

test('the pipeline shows its API, and there is no REST API', () => {
  const pipeline = create();
  expect(pipeline.httpApi).toBeDefined();
  expect(pipeline.restApi).toBeUndefined();
  expect(pipeline.apiUrl).toMatch(/^https:.*\/$/);
  template().resourceCountIs('AWS::ApiGateway::RestApi', 0);
  template().resourceCountIs('AWS::ApiGateway::Account', 0);
  template().resourceCountIs('AWS::WAFv2::WebACL', 0);
});

test('what is submitted is counted exactly, 60 a minute unless another is given', () => {
  create();
  expect(told('submit')).toMatchObject({ JOBWORKS_SUBMITS_PER_MINUTE: '60', JOBWORKS_SUBMIT_BURST: '0' });
  expect(told('change')).toMatchObject({ JOBWORKS_SUBMITS_PER_MINUTE: '60' });
  given = fixture();
  create({ submitLimit: SubmitLimit.exact({ perMinute: 7, burst: 1 }) });
  expect(told('submit')).toMatchObject({ JOBWORKS_SUBMITS_PER_MINUTE: '7', JOBWORKS_SUBMIT_BURST: '1' });
});

test.each<[string, HttpJobApiOptions, string]>([
  ['IAM', {}, 'iam'],
  ['tokens', { authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com', audience: ['jobs'] }) }, 'jwt'],
  ['keys', KEYS, 'issued-key'],
  ['nothing', { authentication: ApiAuthentication.none() }, 'none'],
])('functions know callers by %s, and leave pages to the API', (_, options, kind) => {
  create({ ...options, cors: { allowOrigins: ['https://a.example.com'] } }, { bucket: new s3.Bucket(given.stack, 'Files') });
  for (const handler of ['submit', 'status', 'change', 'uploads']) {
    expect(told(handler)).toMatchObject({ JOBWORKS_AUTHENTICATION: kind });
    expect(Object.keys(told(handler)).filter((name) => /CORS|CUSTOMERS/.test(name))).toEqual([]);
  }
  template().hasResourceProperties('AWS::S3::Bucket', { CorsConfiguration: Match.objectLike({}) }); // uploads go past the API
});

describe('keys', () => {
  test('have a table of their own, and functions that are told it and nothing of the jobs', () => {
    create(KEYS);
    for (const handler of ['authorize', 'keys']) {
      expect(told(handler)).toEqual({ JOBWORKS_PIPELINE: 'drawings', JOBWORKS_KEYS_TABLE_NAME: { Ref: expect.stringMatching(/^JobsKeysTable/) } });
    }
    template().hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        KeySchema: [{ AttributeName: 'key_hash', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: Match.objectLike({ SSEType: 'KMS' }),
      }),
    });
  });

  test('are looked after by whoever is let in to do so, and who operates is not', () => {
    const pipeline = create(KEYS);
    pipeline.grantManageKeys(role());
    expect(permissionsOf(given.stack, 'Somebody')).toEqual(['lambda:InvokeFunction JobsKeysManage', expect.stringMatching(/^ssm:GetParameter /)]);
    given = fixture();
    create(KEYS).grantOperate(role());
    expect(permissionsOf(given.stack, 'Somebody')).toEqual(['lambda:InvokeFunction JobsOperate', expect.stringMatching(/^ssm:GetParameter /)]);
  });

  test('are found by the name of the pipeline', () => {
    create(KEYS);
    template().hasResourceProperties('AWS::SSM::Parameter', { Value: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('keys_function')])] } });
    given = fixture();
    create();
    expect(JSON.stringify(template().findResources('AWS::SSM::Parameter'))).not.toContain('keys_function');
  });

  test('are not made at deployment: who tries is told how', () => {
    expect(() => create(KEYS).addCustomer('acme'))
      .toThrow(/Stack\/Jobs: addCustomer\(\) makes keys of a REST API\. Fix: .*npx cdk-jobworks keys create --pipeline drawings --customer acme/);
  });

  test.each<[string, HttpJobApiOptions | undefined]>([['IAM', {}], ['no API', undefined]])('there are none with %s', (_, options) => {
    const pipeline = create({}, { api: options ? JobApi.http(options) : JobApi.none() });
    expect(() => pipeline.grantManageKeys(role())).toThrow(/Stack\/Jobs: grantManageKeys\(\) needs an HTTP API with API keys.*Fix: pass api: JobApi\.http/);
    expect(Object.values(template().findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Handler)).not.toContain('authorize.handler');
  });
});

test('who may call by IAM may call every route by its method and path, and what is none of them not', () => {
  create().grantExecute(role());
  const [{ Properties }] = Object.values(template().findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('Somebody') } }));
  const [{ Action, Resource }] = Properties.PolicyDocument.Statement;
  expect(Action).toBe('execute-api:Invoke');
  const paths = (Resource as { 'Fn::Join': [string, unknown[]] }[]).map((arn) => String(arn['Fn::Join'][1].at(-1)));
  expect(paths.sort()).toEqual([
    '/*/GET/jobs', '/*/GET/jobs/*', '/*/POST/jobs', '/*/POST/jobs/*/cancel', '/*/POST/jobs/*/retry', '/*/POST/jobs/batch',
  ]);
});

test('grantExecute() without IAM is refused', () => {
  expect(() => create(KEYS).grantExecute(role())).toThrow(/needs an API that asks for IAM/);
});

test('an answer with a 5xx rings', () => {
  const pipeline = create();
  expect(pipeline.alarms.apiErrors).toBeDefined();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: '5xx', Namespace: 'AWS/ApiGateway', Dimensions: [{ Name: 'ApiId', Value: Match.anyValue() }], Threshold: 1,
  });
});

test('limits of uploads without a bucket are refused, as with a REST API', () => {
  expect(() => create({ uploadPath: '/files' })).toThrow(/api\.uploadPath cannot be given without a bucket/);
});

test('what is wrong is said in the props of the pipeline, all at once', () => {
  expect(() => create({ submitPath: 'x', stageName: 'v1' } as HttpJobApiOptions)).toThrow(/2 rules are broken[^]*api\.stageName[^]*api\.submitPath/);
});

test('what others generate clients from is right for it', () => {
  const document = JSON.parse(create(KEYS).toOpenApi()) as {
    servers: object[];
    paths: Record<string, Record<string, { responses: object }>>;
    components: { securitySchemes: object; schemas: object; responses: Record<string, { content: object }> };
  };
  expect(document.servers).toEqual([{ url: '/' }]);
  expect(document.components.securitySchemes).toEqual({ apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } });
  const schemaOf = (name: string) => JSON.stringify(document.components.responses[name].content).match(/schemas\/(\w+)/)![1];
  expect(Object.fromEntries(['NotFound', 'Conflict', 'Unauthorized', 'Forbidden', 'TooManyRequests', 'InternalError'].map((name) => [name, schemaOf(name)]))).toEqual({
    NotFound: 'Error', Conflict: 'Error', Unauthorized: 'GatewayError', Forbidden: 'GatewayError', TooManyRequests: 'AnyError', InternalError: 'AnyError',
  });
  expect(document.components.schemas).toMatchObject({ GatewayError: { required: ['message'] } });
  expect(Object.keys(document.paths['/jobs'].post.responses)).not.toEqual(expect.arrayContaining(['502']));
});
