import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  ApiAuthentication, EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor, JobSteps, JobStore, NatGateways, NetworkEndpoint,
  PostgresEngine, ProxiedPostgres, SecureNetwork,
} from '../src';
import { integApp } from './app';

/** Pipelines whose records are in PostgreSQL, of every processor; one database in a stack of its own, one in a network with endpoints alone. */
const app = integApp();
const data = new Stack(app, 'PostgresPipelineDataStack');
const stack = new Stack(app, 'PostgresPipelineStack');
const closed = new Stack(app, 'PostgresPipelineClosedStack');

const functionIn = (scope: Stack, id: string) => new LambdaFunction(scope, id, {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({});'),
  timeout: Duration.minutes(1),
});

const profile = EnvironmentProfile.staging();
const network = new SecureNetwork(data, 'Network', { profile });
const database = new ProxiedPostgres(data, 'Database', { profile, network, engine: PostgresEngine.auroraServerlessV2() });
const api = { reservedConcurrency: 10 };

const steps = new JobSteps(stack, 'Steps', { functions: [functionIn(stack, 'Read'), functionIn(stack, 'Extract')] });
const processors = {
  InFunction: JobProcessor.inFunction(functionIn(stack, 'Runs')),
  CallFunction: JobProcessor.callFunction(functionIn(stack, 'Called')),
  RunStateMachine: JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 25 }),
};
for (const [id, processor] of Object.entries(processors)) {
  new JobProcessingPipeline(stack, id, {
    processor,
    profile,
    store: JobStore.postgres(database),
    maximumConcurrency: 10,
    api: JobApi.http({ authentication: ApiAuthentication.apiKeys(), ...api }),
  });
}

const dev = EnvironmentProfile.dev();
const isolated = new SecureNetwork(closed, 'Network', {
  profile: dev,
  natGateways: NatGateways.none(),
  endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER, NetworkEndpoint.LAMBDA],
});
new JobProcessingPipeline(closed, 'Jobs', {
  processor: JobProcessor.inFunction(functionIn(closed, 'Runs')),
  profile: dev,
  store: JobStore.postgres(new ProxiedPostgres(closed, 'Database', { profile: dev, network: isolated })),
  maximumConcurrency: 5,
  api: JobApi.rest(api),
});

new IntegTest(app, 'PostgresPipeline', { testCases: [stack, closed] });
