/** `calls-app.cjs <folder> <endpoint of submit> <of status> <of the worker>`: a pipeline whose functions call AWS where they are told to. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ENVIRONMENT } from '../../src/runtime/wire/environment';
import { ApiAuthentication, JobApi, JobProcessingPipeline, JobProcessor, RetryPolicy } from 'cdk-jobworks';

/** Does what the payload says. */
const HANDLER = `exports.handler = async (job) => {
  switch (job.payload.plan) {
    case 'checkpoint': await job.saveCheckpoint({ page: 1 }, { stage: 'read' }); break;
    case 'fail first': if (job.attempt === 1) throw new Error('as planned'); break;
    case 'fail always': throw new Error('as planned');
    case 'give up': throw job.failed('as planned');
    case 'die first': if (job.attempt === 1) process.exit(1); break;
  }
};`;

const [outdir, submitEndpoint, statusEndpoint, workerEndpoint] = process.argv.slice(2);
const code = join(outdir, '..', 'calls-handler'); // a file: the local cloud names inline code after the layer's handler
mkdirSync(code, { recursive: true });
writeFileSync(join(code, 'index.js'), HANDLER);

const app = new App({ outdir });
const stack = new Stack(app, 'Calls');
const worker = new LambdaFunction(stack, 'Worker', {
  code: Code.fromAsset(code), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(3),
});
const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
  processor: JobProcessor.inFunction(worker),
  api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }),
  retryPolicy: RetryPolicy.exponential({ firstDelay: Duration.seconds(1), jitter: 0 }),
});
const endpoints: [unknown, string][] = [
  [worker, workerEndpoint], [pipeline.submitFunction, submitEndpoint], [pipeline.node.findChild('Status'), statusEndpoint],
];
for (const [fn, endpoint] of endpoints) {
  (fn as LambdaFunction).addEnvironment('AWS_ENDPOINT_URL', endpoint);
  // SQS is called where the queue's address says, whatever the endpoint is
  (fn as LambdaFunction).addEnvironment(ENVIRONMENT.queueUrl, `${endpoint}/${Aws.ACCOUNT_ID}/${pipeline.queue.queueName}`);
}

new CfnOutput(stack, 'ApiUrl', { value: pipeline.api!.url });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('bench').keyId });
new CfnOutput(stack, 'TableName', { value: pipeline.table.tableName });
app.synth();
console.log('{}');
