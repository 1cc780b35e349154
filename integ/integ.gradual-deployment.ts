import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EnvironmentProfile, GradualDeployment, QueuedLambdaWorker, SmokeTest } from '../src';
import { integApp } from './app';

/**
 * Workers whose versions take over gradually: one with a function of its own, one with the app's. No pipeline: the ids of its versions change with
 * the bundle, and the snapshot would with every handler.
 */
const app = integApp();
const stack = new Stack(app, 'GradualDeploymentStack');
const notify = new Topic(stack, 'Deployments', { enforceSSL: true });
const code = Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');
const common = { profile: EnvironmentProfile.dev(), maximumConcurrency: 5 };

new QueuedLambdaWorker(stack, 'Steps', {
  ...common,
  code,
  handler: 'index.handler',
  deployment: GradualDeployment.linear({
    percent: 25,
    interval: Duration.minutes(5),
    notify,
    smokeTest: SmokeTest.call({ event: { Records: [] }, expectedAnswer: { batchItemFailures: [] } }),
  }),
});

const fn = new LambdaFunction(stack, 'Handler', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(10) });
const own = new LambdaFunction(stack, 'Own', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
new QueuedLambdaWorker(stack, 'Canary', { ...common, function: fn, deployment: GradualDeployment.canary({ afterTraffic: own }) });

new IntegTest(app, 'GradualDeployment', { testCases: [stack] });
