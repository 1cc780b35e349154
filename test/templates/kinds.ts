import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { SmokeTest } from '../../src/gradual-deployment/smoke-test';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { ApiFirewall } from '../../src/job-api/api-firewall';
import type { HttpJobApiOptions } from '../../src/job-api/http/http-api-options';
import { JobApi } from '../../src/job-api/job-api';
import type { JobApiOptions } from '../../src/job-api/job-api-options';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobSteps } from '../../src/job-processor/state-machine/job-steps';
import { JobStore } from '../../src/job-store/job-store';
import { JobsTable } from '../../src/job-store/jobs-table';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import { userFunction } from '../job-processing-pipeline/fixture';

/** What an app brings by itself stands in a construct of this name (and of the pipeline's, where there are several). */
export const GIVEN = 'Given';

type Props = Partial<JobProcessingPipelineProps>;

/** A kind of pipeline, as props that may need something of the app's. Whoever is given nothing else has a function run its jobs. */
const kinds = {
  'minimal': () => ({}),
  'dev': () => ({ profile: EnvironmentProfile.dev() }),
  'staging': () => ({ profile: EnvironmentProfile.staging() }),
  'prod': () => ({ profile: EnvironmentProfile.prod() }),
  'without an API': (given) => ({ api: JobApi.none(), bucket: bucket(given), store: JobStore.dynamoDb({ table: new JobsTable(given, 'Records').table }) }),
  'calling a function': (given) => ({ processor: JobProcessor.callFunction(userFunction(given, 'Called')) }),
  'calling an imported function': (given) => ({
    processor: JobProcessor.callFunction(
      lambda.Function.fromFunctionArn(given, 'Called', 'arn:aws:lambda:eu-west-1:123456789012:function:theirs'), { timeout: Duration.minutes(1) },
    ),
  }),
  'deployed': (given) => ({ deployment: deployment(given) }),
  'deployed, HTTP, postgres, calling a function': (given) => ({
    ...onPostgres(given, EnvironmentProfile.prod()),
    api: JobApi.http(),
    deployment: deployment(given),
    processor: JobProcessor.callFunction(userFunction(given, 'Called')),
  }),
  'state machine': (given) => ({ processor: steps(given) }),
  'dev, state machine': (given) => ({ profile: EnvironmentProfile.dev(), processor: steps(given), api: JobApi.http() }),
  'state machine that is imported': (given) => ({
    processor: JobProcessor.runStateMachine(
      sfn.StateMachine.fromStateMachineArn(given, 'Theirs', 'arn:aws:states:eu-west-1:123456789012:stateMachine:theirs'),
      { maxConcurrency: 10, timeout: Duration.hours(1) },
    ),
  }),
  'postgres': (given) => onPostgres(given, EnvironmentProfile.prod()),
  'dev, postgres': (given) => onPostgres(given, EnvironmentProfile.dev()),
  'postgres, calling a function, IAM': (given) => ({
    ...onPostgres(given, EnvironmentProfile.prod()), processor: JobProcessor.callFunction(userFunction(given, 'Called')), api: JobApi.http(),
  }),
  'with a web ACL that exists': () => ({
    api: JobApi.rest({ firewall: ApiFirewall.webAcl('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1234') }),
  }),
  'maximal, IAM': (given) => maximal(given, { authentication: ApiAuthentication.iam() }),
  'maximal, API keys': (given) => maximal(given, { authentication: ApiAuthentication.apiKeys(), statusCaching: {} }),
  'maximal, Cognito': (given) => maximal(given, { authentication: users(given), statusCaching: {} }),
  'maximal, no authentication': (given) => maximal(given, { authentication: ApiAuthentication.none(), statusCaching: {} }),
  'maximal state machine, IAM': (given) => withSteps(given, maximal(given, { authentication: ApiAuthentication.iam() })),
  'HTTP, IAM': () => ({ api: JobApi.http() }),
  'HTTP, JWT': () => ({ api: JobApi.http({ authentication: tokens() }) }),
  'HTTP, keys': () => ({ api: JobApi.http({ authentication: ApiAuthentication.apiKeys() }) }),
  'maximal HTTP, IAM': (given) => maximalHttp(given, { authentication: ApiAuthentication.iam() }),
  'maximal HTTP, JWT': (given) => maximalHttp(given, { authentication: tokens() }),
  'maximal HTTP, keys': (given) => maximalHttp(given, { authentication: ApiAuthentication.apiKeys(), keyCaching: Duration.seconds(0) }),
  'maximal HTTP, no authentication': (given) => maximalHttp(given, { authentication: ApiAuthentication.none() }),
  'maximal HTTP state machine, keys': (given) => withSteps(given, maximalHttp(given, { authentication: ApiAuthentication.apiKeys() })),
  'maximal postgres, IAM': (given) => ({
    ...maximal(given, { authentication: ApiAuthentication.iam() }), ...onPostgres(given, EnvironmentProfile.prod()),
  }),
  'maximal HTTP postgres state machine, keys': (given) => withSteps(given, {
    ...maximalHttp(given, { authentication: ApiAuthentication.apiKeys() }), ...onPostgres(given, EnvironmentProfile.prod()),
  }),
  'dev HTTP, keys': () => ({ profile: EnvironmentProfile.dev(), api: JobApi.http({ authentication: ApiAuthentication.apiKeys() }) }),
  'dev, API keys': () => ({ profile: EnvironmentProfile.dev(), api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) }),
  'dev, Cognito': (given) => ({ profile: EnvironmentProfile.dev(), api: JobApi.rest({ authentication: users(given) }) }),
  'dev, no authentication': () => ({ profile: EnvironmentProfile.dev(), api: JobApi.rest({ authentication: ApiAuthentication.none() }) }),
} satisfies Record<string, (given: Construct) => Props>;

/** A kind of pipeline, by what is said of it. */
export type Kind = keyof typeof kinds;

/** Every kind of pipeline whose template is judged: the least, the most, each way of authentication, each environment, processor and store. */
export const KINDS = Object.keys(kinds) as Kind[];

/** A pipeline in an app of its own. */
export interface KindFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly pipeline: JobProcessingPipeline;
}

/** An app with one pipeline of a kind; ids as given. */
export function pipelineOf(kind: Kind, { stackId = 'Stack', ids = ['Jobs'] }: { readonly stackId?: string; readonly ids?: readonly string[] } = {}): KindFixture {
  const app = new App({ context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } }); // what new apps have
  const stack = new Stack(app, stackId);
  return { app, stack, pipeline: addPipeline(stack, kind, ids) };
}

/** A pipeline in a stack, within constructs of the ids given, the last of which is its own. What it needs of the app stands beside it. */
export function addPipeline(stack: Stack, kind: Kind, ids: readonly string[]): JobProcessingPipeline {
  const scope = ids.slice(0, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
  const id = ids[ids.length - 1];
  const given = new Construct(scope, id === 'Jobs' ? GIVEN : `${GIVEN}${id}`);
  const props: Props = kinds[kind](given);
  const processor = props.processor ?? JobProcessor.inFunction(userFunction(given, 'Analyse'));
  const pipeline = new JobProcessingPipeline(scope, id, { ...props, processor });
  if (kind.endsWith('API keys')) {
    pipeline.addCustomer('acme');
  }
  return pipeline;
}

/** Everything there is, with everything that can be given. */
function maximal(given: Construct, rest: RestJobApiOptions): Props {
  return {
    ...everything(given),
    api: JobApi.rest({ ...everyOption(given), firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 500 }), ...rest }),
  };
}

function maximalHttp(given: Construct, http: HttpJobApiOptions): Props {
  return { ...everything(given), api: JobApi.http({ ...everyOption(given), ...http }) };
}

function everything(given: Construct): Props {
  const encryptionKey = new kms.Key(given, 'Key', { enableKeyRotation: true });
  return {
    profile: EnvironmentProfile.prod(),
    encryptionKey,
    bucket: bucket(given),
    store: JobStore.dynamoDb({ table: new JobsTable(given, 'Records').table }),
    payloadSchema: PayloadSchema.fromObject({ type: 'object', required: ['url'], properties: { url: { type: 'string' } } }),
    retryPolicy: RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(2) }),
    deadline: Duration.hours(6),
    retention: Duration.days(90),
    maximumConcurrency: 20,
  };
}

function everyOption(given: Construct): JobApiOptions {
  return {
    submitPath: '/process-drawing',
    statusPath: '/status/{job_id}',
    submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }),
    cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'] },
    provisionedConcurrency: 2,
    maxUploadSize: Size.mebibytes(5),
    domain: {
      domainName: 'jobs.example.com',
      certificate: acm.Certificate.fromCertificateArn(given, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x'),
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(given, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    },
  };
}

/** With a key of its own, as the table that is given has one: three keys in all. */
function bucket(given: Construct): s3.Bucket {
  return new s3.Bucket(given, 'Files', {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: new kms.Key(given, 'FilesKey', { enableKeyRotation: true }),
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    serverAccessLogsPrefix: 'access/',
    versioned: true,
  });
}

/** A chain of functions, which are the app's own, with a way to tell of a failure. */
function steps(given: Construct, encryptionKey?: kms.IKey): JobProcessor {
  const called = (id: string) => userFunction(given, `Called${id}`);
  const { stateMachine } = new JobSteps(given, 'Steps', {
    functions: [called('Read'), called('Extract'), called('Complete')], onFailure: called('Tell'), encryptionKey,
  });
  return JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 25 });
}

/** With everything that is looked at, and a configuration of its own. */
function deployment(given: Construct): GradualDeployment {
  return GradualDeployment.canary({
    percent: 20,
    notify: new sns.Topic(given, 'Told', { masterKey: new kms.Key(given, 'ToldKey', { enableKeyRotation: true }), enforceSSL: true }),
    smokeTest: SmokeTest.job({ payload: { url: 'https://example.com' } }),
  });
}

/** A database with its network, which are judged by themselves. */
function onPostgres(given: Construct, profile: EnvironmentProfile): Props {
  const network = new SecureNetwork(given, 'Network', { profile });
  return { profile, store: JobStore.postgres(new ProxiedPostgres(given, 'Database', { profile, network })) };
}

function withSteps(given: Construct, props: Props): Props {
  return { ...props, processor: steps(given, props.encryptionKey) };
}

function users(given: Construct): ApiAuthentication {
  return ApiAuthentication.cognito([new cognito.UserPool(given, 'Users')]);
}

function tokens(): ApiAuthentication {
  return ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs'], scopes: ['jobs/submit'] });
}
