import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EnvironmentProfile, JobApi, JobProcessingPipeline, JobProcessor } from '../src';
import { integApp } from './app';

/** Functions of any kind that are called for each job: one of this stack, one of another, an alias, one that is imported. With and without an API. */
const app = integApp();
const stack = new Stack(app, 'CallFunctionStack');
const elsewhere = new Stack(app, 'CallFunctionElsewhereStack');

const pythonFunction = (scope: Stack, id: string) => new LambdaFunction(scope, id, {
  runtime: Runtime.PYTHON_3_13,
  handler: 'index.handler',
  code: Code.fromInline('def handler(event, context):\n    return {"got": event["payload"]}\n'),
  timeout: Duration.minutes(1),
});

new JobProcessingPipeline(stack, 'Here', { processor: JobProcessor.callFunction(pythonFunction(stack, 'Function')) });

const { currentVersion } = pythonFunction(stack, 'Versioned');
const processors = {
  Elsewhere: JobProcessor.callFunction(pythonFunction(elsewhere, 'Function')),
  ByAlias: JobProcessor.callFunction(new Alias(stack, 'Live', { aliasName: 'live', version: currentVersion })),
  Imported: JobProcessor.callFunction(LambdaFunction.fromFunctionName(stack, 'Theirs', 'theirs'), { timeout: Duration.minutes(14) }),
};
const withoutApi = { api: JobApi.none(), profile: EnvironmentProfile.dev() };
const pipelines = Object.entries(processors).map(([id, processor]) => new JobProcessingPipeline(stack, id, { processor, ...withoutApi }));

const somebody = new Role(stack, 'Somebody', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
for (const pipeline of pipelines) {
  pipeline.grantSubmit(somebody);
  pipeline.grantReadJobs(somebody);
  pipeline.grantOperate(somebody);
}

new IntegTest(app, 'CallFunction', { testCases: [stack] });
