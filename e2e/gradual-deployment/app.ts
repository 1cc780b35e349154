import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DEPLOYED } from './names';
import { EnvironmentProfile, GradualDeployment, JobApi, JobProcessingPipeline, JobProcessor, RetryPolicy, SmokeTest } from '../../src/index';

/** A pipeline whose versions work, and one whose worker cannot be loaded. */
const stack = new Stack(new App(), DEPLOYED.stack);
const pipelineOf = (id: string, handler: string, api?: JobApi) => new JobProcessingPipeline(stack, id, {
  processor: JobProcessor.inFunction(new lambda.Function(stack, `${id}Handler`, {
    code: lambda.Code.fromAsset(join(__dirname, 'handler')),
    handler,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.seconds(20),
  })),
  profile: EnvironmentProfile.dev(),
  api,
  retryPolicy: RetryPolicy.none(),
  deployment: GradualDeployment.canary({
    smokeTest: SmokeTest.job({ payload: DEPLOYED.smokePayload, expectedResult: { got: DEPLOYED.smokePayload }, timeout: Duration.seconds(20) }),
  }),
});
const good = pipelineOf('Good', 'index.handler');
pipelineOf('Broken', 'broken.handler', JobApi.none());
new CfnOutput(stack, 'ApiUrl', { value: good.apiUrl! });
new CfnOutput(stack, 'TableName', { value: good.table.tableName });
