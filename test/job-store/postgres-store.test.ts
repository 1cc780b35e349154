import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import { userFunction } from '../job-processing-pipeline/fixture';
import { permissionsOf } from '../job-processing-pipeline/permissions';
import { ENV, failureOf, warningsOf } from '../proxied-postgres/support';

interface Made {
  readonly app: App;
  readonly stack: Stack;
  readonly handler: lambda.Function;
  readonly database: ProxiedPostgres;
  readonly network: SecureNetwork;
}

const ENDPOINTS = [NetworkEndpoint.SQS, NetworkEndpoint.LAMBDA, NetworkEndpoint.STEP_FUNCTIONS, NetworkEndpoint.SECRETS_MANAGER];
const RESERVED = JobApi.rest({ reservedConcurrency: 10 });

function made(endpoints = ENDPOINTS, props: Partial<ProxiedPostgresProps> = {}): Made {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const profile = EnvironmentProfile.staging();
  const network = new SecureNetwork(stack, 'Network', { profile, natGateways: NatGateways.none(), endpoints });
  return { app, stack, network, database: new ProxiedPostgres(stack, 'Database', { profile, network, ...props }), handler: userFunction(stack, 'Analyse') };
}

function pipeline({ stack, handler, database }: Made, props: Partial<JobProcessingPipelineProps> = {}, scope = stack): JobProcessingPipeline {
  return new JobProcessingPipeline(scope, 'Jobs', {
    processor: JobProcessor.inFunction(handler), store: JobStore.postgres(database), profile: EnvironmentProfile.staging(), api: RESERVED, ...props,
  });
}

interface Resource {
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string[];
}

/** The functions of a stack by their construct's name. */
function functionsOf(stack: Stack): Record<string, Resource> {
  const found = Template.fromStack(stack).findResources('AWS::Lambda::Function') as Record<string, Resource>;
  return Object.fromEntries(Object.entries(found).map(([id, resource]) => [id.replace(/[0-9A-F]{8}$/, ''), resource]));
}

type Environment = { readonly Variables: Record<string, unknown> } | undefined;
const environmentOf = ({ Properties: { Environment: environment } }: Resource) => (environment as Environment)?.Variables ?? {};

/** The functions that work on records, by the role of each. */
const ON_RECORDS = ['Analyse', 'JobsSubmit', 'JobsStatus', 'JobsChange', 'JobsDeadLetter', 'JobsSweeper', 'JobsOperate'];

const CONNECT = 'rds-db:connect';
const withoutNetwork = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('ec2:'))
  .map((line) => line.replace(/^(rds-db:connect) .*\/(\w+)$/, '$1 as $2'));

describe('a pipeline whose jobs are in PostgreSQL', () => {
  let all: Made;
  let jobs: JobProcessingPipeline;
  let functions: Record<string, Resource>;
  let template: Template;

  beforeAll(() => {
    all = made();
    const bucket = new s3.Bucket(all.stack, 'Files');
    jobs = pipeline(all, { bucket, maximumConcurrency: 30 });
    template = Template.fromStack(all.stack);
    functions = functionsOf(all.stack);
  });

  test('has a database and no table, and says so', () => {
    expect(jobs.database).toBe(all.database);
    expect(() => jobs.table).toThrow('Stack/Jobs: there is no table, as the records are in PostgreSQL. Fix: use database');
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/dynamodb:(Get|Put|Update|Query|Batch)/);
  });

  test.each(ON_RECORDS)('%s is placed, has the layer and the address, and is deployed after the tables', (name) => {
    const { Properties, DependsOn = [] } = functions[name];
    expect(Properties.VpcConfig).toMatchObject({ SubnetIds: [expect.anything(), expect.anything()], SecurityGroupIds: [expect.anything()] });
    expect(JSON.stringify(Properties.Layers)).toContain('JobWorksPostgresLayer');
    expect(DependsOn.some((id) => id.startsWith('DatabaseMigrations'))).toBe(true);
    expect(environmentOf(functions[name])).toMatchObject({
      JOBWORKS_PIPELINE: jobs.pipelineName, JOBWORKS_DATABASE_ROLE: 'app', JOBWORKS_DATABASE_NAME: 'app', JOBWORKS_DATABASE_MAX_CONNECTIONS: '1',
    });
    expect(environmentOf(functions[name])).not.toHaveProperty('JOBWORKS_TABLE_NAME');
  });

  test('what signs uploads stays outside, and knows no database', () => {
    expect(functions.JobsUploads.Properties).not.toHaveProperty('VpcConfig');
    expect(functions.JobsUploads.Properties).not.toHaveProperty('Layers');
    expect(Object.keys(environmentOf(functions.JobsUploads)).filter((name) => /DATABASE|TABLE/.test(name))).toEqual([]);
    expect(permissionsOf(all.stack, 'JobsUploadsRole').filter((line) => line.startsWith(CONNECT))).toEqual([]);
  });

  test.each([
    ['JobsSubmit', ['kms:Decrypt JobsKey', 'kms:GenerateDataKey JobsKey', 'rds-db:connect as app', 's3:PutObject', 'sqs:SendMessage JobsWorkerQueue']],
    ['JobsStatus', ['kms:Decrypt JobsKey', 'rds-db:connect as app', 's3:GetObject']],
    ['JobsChange', ['kms:Decrypt JobsKey', 'kms:GenerateDataKey JobsKey', 'rds-db:connect as app', 'sqs:SendMessage JobsWorkerQueue']],
    ['JobsSweeper', ['kms:Decrypt JobsKey', 'rds-db:connect as app']],
  ])('%s may do no more than it does', (name, permissions) => {
    expect(withoutNetwork(permissionsOf(all.stack, `${name}Role`)).map((line) => line.replace(/^(s3:\w+) .*/, '$1'))).toEqual(permissions);
  });

  test.each([
    ['JobsSubmit', ['443 to endpoints', '5432', 's3']],
    ['JobsStatus', ['5432']],
    ['JobsChange', ['443 to endpoints', '5432']],
    ['JobsDeadLetter', ['443 to endpoints', '5432']],
    ['JobsSweeper', ['5432']],
    ['JobsOperate', ['443 to endpoints', '5432', 's3']],
    ['Analyse', ['443 to endpoints', '5432', 's3']],
  ])('%s is let out to no more than it calls', (name, expected) => {
    const group = template.findResources('AWS::EC2::SecurityGroup');
    const [id, own] = Object.entries(group).find(([key]) => key.startsWith(`${name}JobWorksSecurityGroup`))!;
    const rules = [
      ...(own.Properties.SecurityGroupEgress ?? []) as { FromPort?: number; Description?: string }[],
      ...Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties as never)
        .filter(({ GroupId }: { GroupId: object }) => JSON.stringify(GroupId).includes(id)),
    ] as { FromPort?: number; Description?: string }[];
    const said = rules.filter(({ FromPort }) => FromPort === 443 || FromPort === 5432)
      .map(({ FromPort, Description = '' }) => (FromPort === 5432 ? '5432' : Description.endsWith('to s3') ? 's3' : Description.includes('endpoints') ? '443 to endpoints' : Description));
    expect([...new Set(said)].sort()).toEqual(expected);
  });

  test('the user\'s function has both layers, and keeps its own handler', () => {
    expect(functions.Analyse.Properties.Layers).toHaveLength(2);
    expect(environmentOf(functions.Analyse)).toMatchObject({ JOBWORKS_HANDLER: 'index.handler' });
  });

  test('nobody needs to be warned', () => {
    expect(warningsOf(all.stack)).toEqual([]);
  });
});

const without = (left: NetworkEndpoint) => ENDPOINTS.filter((endpoint) => endpoint !== left);

describe('what a state machine runs', () => {
  const run = (endpoints = ENDPOINTS): Made => {
    const all = made(endpoints);
    const definitionBody = DefinitionBody.fromChainable(new Pass(all.stack, 'Step'));
    const stateMachine = new StateMachine(all.stack, 'Steps', { definitionBody, timeout: Duration.hours(1) });
    pipeline(all, { processor: JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 5 }) });
    return all;
  };

  test('is started, and its end told, by functions that connect', () => {
    const { stack } = run();
    const functions = functionsOf(stack);
    for (const name of ['JobsStarter', 'JobsExecutionEnded', 'JobsSweeper']) {
      expect(environmentOf(functions[name])).toHaveProperty('JOBWORKS_DATABASE_HOST');
      expect(permissionsOf(stack, `${name}Role`)).toContain('sqs:SendMessage JobsWorkerQueue');
    }
  });

  test('is asked about by functions that get out to Step Functions', () => {
    const callers = ['Change', 'DeadLetter', 'ExecutionEnded', 'Operate', 'Starter'].map((name) => `Stack/Jobs/${name}`).join(', ');
    expect(failureOf(() => run(without(NetworkEndpoint.STEP_FUNCTIONS)).app.synth())).toContain(
      `Missing: NetworkEndpoint.STEP_FUNCTIONS, which ${callers} and Stack/Jobs/Sweeper need.`,
    );
  });
});

describe('a function that is called', () => {
  const called = (endpoints = ENDPOINTS): Made => {
    const all = made(endpoints);
    pipeline(all, { processor: JobProcessor.callFunction(all.handler) });
    return all;
  };

  test('stays where it is: the runner alone connects', () => {
    const functions = functionsOf(called().stack);
    expect(functions.Analyse.Properties).not.toHaveProperty('VpcConfig');
    expect(environmentOf(functions.JobsRunner)).toHaveProperty('JOBWORKS_DATABASE_HOST');
  });

  test('is called by a runner that gets out to Lambda', () => {
    expect(failureOf(() => called(without(NetworkEndpoint.LAMBDA)).app.synth())).toContain(
      'Missing: NetworkEndpoint.LAMBDA, which Stack/Jobs/Operate and Stack/Jobs/Runner need.',
    );
  });
});

test('keys of an HTTP API stay in their table, and their functions outside of the network', () => {
  const all = made();
  pipeline(all, { api: JobApi.http({ authentication: ApiAuthentication.apiKeys() }) });
  const functions = functionsOf(all.stack);
  Template.fromStack(all.stack).resourceCountIs('AWS::DynamoDB::Table', 1);
  for (const name of ['JobsKeysAuthorize', 'JobsKeysManage']) {
    expect(functions[name].Properties).not.toHaveProperty('VpcConfig');
    expect(environmentOf(functions[name])).not.toHaveProperty('JOBWORKS_DATABASE_HOST');
  }
});

test('without an endpoint that is called, synthesis names it, and who calls it', () => {
  const all = made([NetworkEndpoint.SECRETS_MANAGER, NetworkEndpoint.SQS]);
  pipeline(all);
  const message = failureOf(() => all.app.synth());
  expect(message).toContain('Missing: NetworkEndpoint.LAMBDA, which Stack/Jobs/Operate needs');
  expect(message).not.toContain('NetworkEndpoint.S3');
});

test('a database of another stack will do', () => {
  const all = made();
  const stack = new Stack(all.app, 'Pipelines', { env: ENV });
  pipeline({ ...all, handler: userFunction(stack, 'Analyse') }, {}, stack);
  all.app.synth();
  const { DependsOn } = functionsOf(stack).JobsSubmit;
  expect(DependsOn?.some((id) => id.startsWith('DatabaseMigrations'))).toBeFalsy(); // the stacks wait for one another
  expect(stack.dependencies).toContain(all.stack);
  expect(environmentOf(functionsOf(stack).JobsSubmit)).toHaveProperty('JOBWORKS_DATABASE_HOST');
});

test('two pipelines share a database', () => {
  const all = made();
  pipeline(all);
  new JobProcessingPipeline(all.stack, 'Others', {
    processor: JobProcessor.inFunction(userFunction(all.stack, 'Other')), store: JobStore.postgres(all.database), api: JobApi.none(),
  });
  expect(() => all.app.synth()).not.toThrow();
});

test('a function that connects already is connected once, and may have three layers of its own', () => {
  const all = made();
  all.database.grantConnect(all.handler, { role: PostgresRole.APP, concurrency: 20, services: [NetworkEndpoint.SECRETS_MANAGER] });
  const layer = (id: string) => new lambda.LayerVersion(all.stack, id, { code: lambda.Code.fromAsset(__dirname) });
  all.handler.addLayers(layer('One'), layer('Two'), layer('Three'));
  pipeline(all);
  expect(functionsOf(all.stack).Analyse.Properties.Layers).toHaveLength(5);
});

test('without a limit of its own 20 jobs run at once; with one, as many as it says', () => {
  const concurrencyOf = (props: Partial<JobProcessingPipelineProps>, reserved?: number) => {
    const all = made();
    const handler = reserved === undefined ? all.handler : userFunction(all.stack, 'Reserved', { reservedConcurrentExecutions: reserved });
    pipeline({ ...all, handler }, props);
    const mappings = Object.values(Template.fromStack(all.stack).findResources('AWS::Lambda::EventSourceMapping'));
    const most = mappings.map(({ Properties }) => (Properties as { ScalingConfig: { MaximumConcurrency: number } }).ScalingConfig.MaximumConcurrency);
    return most.sort((a, b) => a - b);
  };
  expect([concurrencyOf({}), concurrencyOf({ maximumConcurrency: 50 }), concurrencyOf({}, 7)]).toEqual([[5, 20], [5, 50], [5, 7]]);
});

test.each([
  [{}, 20], [{ provisionedConcurrency: 2 }, 20], [{ provisionedConcurrency: 2, maxProvisionedConcurrency: 50 }, 50], [{ reservedConcurrency: 5 }, 5],
])('an API with %j is reckoned with %i calls at once', (options, calls) => {
  const all = made(ENDPOINTS, { proxy: PostgresProxy.none() });
  pipeline(all, { maximumConcurrency: 1_000, api: JobApi.rest(options) });
  expect(failureOf(() => all.app.synth())).toContain(`Submit ${calls} × 1`);
});

describe('in dev, without a proxy', () => {
  const inDev = () => made(ENDPOINTS, { profile: EnvironmentProfile.dev(), proxy: PostgresProxy.none() });
  const synthesised = (all: Made, props: Partial<JobProcessingPipelineProps>) => {
    pipeline(all, { profile: EnvironmentProfile.dev(), api: undefined, ...props });
    return all.app.synth();
  };
  const running = (all: Made, maxConcurrency: number) => {
    const definitionBody = DefinitionBody.fromChainable(new Pass(all.stack, 'Step'));
    return JobProcessor.runStateMachine(new StateMachine(all.stack, 'Steps', { definitionBody, timeout: Duration.hours(1) }), { maxConcurrency });
  };

  test('a function and an API fit as they are', () => {
    expect(() => synthesised(inDev(), {})).not.toThrow();
  });

  test.each([[1, 2], [5, 5], [100, 10]])('a state machine fits as it is: with maxConcurrency %i, %i starts happen at once', (maxConcurrency, starts) => {
    const all = inDev();
    expect(() => synthesised(all, { processor: running(all, maxConcurrency) })).not.toThrow();
    const mappings = JSON.stringify(Template.fromStack(all.stack).findResources('AWS::Lambda::EventSourceMapping'));
    expect(mappings).toContain(`"MaximumConcurrency":${starts}`);
  });

  test('what does not fit is told with what was assumed, and what would say it', () => {
    const message = failureOf(() => synthesised(inDev(), { maximumConcurrency: 50 }));
    expect(message).toContain('Stack/Analyse 50 × 1; ');
    expect(message).toContain('Stack/Jobs/Submit 20 × 1, assumed; Stack/Jobs/Status 20 × 1, assumed; ');
    expect(message).toContain('Fix: lower the concurrency (nobody has said api.reservedConcurrency of the pipeline; ');
    const all = inDev();
    all.database.grantConnect(userFunction(all.stack, 'Other'), { role: PostgresRole.APP, concurrency: 60 });
    expect(failureOf(() => synthesised(all, {}))).toMatch(/Stack\/Analyse 20 × 1, assumed; .*nobody has said api.reservedConcurrency or maximumConcurrency of the pipeline/);
    expect(failureOf(() => synthesised(inDev(), { maximumConcurrency: 50, api: RESERVED }))).not.toContain('assumed');
  });
});

describe('fails', () => {
  test('where more run at once than the database has connections for', () => {
    const all = made(ENDPOINTS, { proxy: PostgresProxy.none() });
    pipeline(all, { maximumConcurrency: 1_000 });
    expect(failureOf(() => all.app.synth())).toMatch(/the connections of functions must fit.*Stack\/Analyse 1000 × 1.*maximumConcurrency/);
  });

  test('where the user\'s function is in another network', () => {
    const all = made();
    const handler = userFunction(all.stack, 'Elsewhere', { vpc: new Vpc(all.stack, 'Vpc') });
    expect(failureOf(() => pipeline({ ...all, handler }))).toContain(
      'processor: the function must be in the network of the database, Stack/Network: a function is in one network. Given: Stack/Elsewhere. Fix: give it vpc: network.vpc',
    );
  });

  test('where the user\'s function has four layers', () => {
    const all = made();
    const layer = (id: string) => new lambda.LayerVersion(all.stack, id, { code: lambda.Code.fromAsset(__dirname) });
    all.handler.addLayers(layer('One'), layer('Two'), layer('Three'), layer('Four'));
    expect(failureOf(() => pipeline(all))).toContain(
      'processor: the function must have at most 3 layers, so that there is room for the one that runs jobs and the one that connects to the database. Given: 4. Fix: merge two of the layers',
    );
  });

  test('where the database is in another region', () => {
    const all = made();
    const stack = new Stack(all.app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
    expect(failureOf(() => pipeline({ ...all, handler: userFunction(stack, 'Analyse') }, {}, stack))).toContain(
      'store: JobStore.postgres(): the database must be in the region of the pipeline (us-east-1), whose functions are placed in its network. Given: eu-west-1. Fix:',
    );
  });

  test('where the database is given for the store, and says how one is made of it', () => {
    const all = made();
    expect(failureOf(() => pipeline(all, { store: all.database as never }))).toMatch(/store must be a JobStore\. Given: a ProxiedPostgres \(Stack\/Database\)\. Fix: write store: JobStore\.postgres\(database\)/);
  });

  test('where steps are given for their state machine, and says where it is', () => {
    const all = made();
    const steps = new Construct(all.stack, 'Steps');
    Object.assign(steps, { stateMachine: 'theirs' });
    expect(failureOf(() => pipeline(all, { processor: JobProcessor.runStateMachine(steps as never, { maxConcurrency: 5 }) })))
      .toContain('Fix: write JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 10 })');
  });

  test('where it is given something else', () => {
    const all = made();
    expect(failureOf(() => pipeline({ ...all, database: 'postgres://' as never }))).toContain('store: JobStore.postgres() must be given a ProxiedPostgres. Given: \'postgres://\'');
  });
});

test('warns where nobody has said how many calls of the API there are at once', () => {
  const warned = (props: Partial<JobProcessingPipelineProps>) => {
    const all = made();
    pipeline(all, props);
    return warningsOf(all.stack).filter((warning) => warning.includes('unknownConcurrency'));
  };
  expect(warned({ api: JobApi.rest() })).toEqual([expect.stringContaining('Fix: give the API reservedConcurrency')]);
  expect(warned({ api: JobApi.rest({ provisionedConcurrency: 2, maxProvisionedConcurrency: 5 }) })).toHaveLength(1); // more may come than stand ready
  expect(warned({ api: JobApi.rest({ reservedConcurrency: 5 }) })).toEqual([]);
  expect(warned({ api: JobApi.none() })).toEqual([]);
});
