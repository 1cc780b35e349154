/** `pipeline-app.cjs <folder> <endpoints>`: a pipeline whose functions call AWS where they are told to, by JSON such as `{"submit": "http://…"}`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ENVIRONMENT } from '../../src/runtime/wire/environment';
import { ApiAuthentication, ApiFirewall, JobApi, JobProcessingPipeline, JobProcessor, RetryPolicy, SubmitLimit } from 'cdk-jobworks';

/** Does what the payload says. */
const HANDLER = `exports.handler = async (job) => {
  const began_at = Date.now();
  switch (job.payload.plan) {
    case 'checkpoint': await job.saveCheckpoint({ page: 1 }, { stage: 'read' }); break;
    case 'fail first': if (job.attempt === 1) throw new Error('as planned'); break;
    case 'fail always': throw new Error('as planned');
    case 'give up': throw job.failed('as planned');
    case 'wait': throw job.retryLater(600);
    case 'die first': if (job.attempt === 1) process.kill(process.pid, 'SIGKILL'); break;
  }
  return { began_at };
};`;

const [outdir, endpoints] = process.argv.slice(2);
const code = join(outdir, '..', 'pipeline-handler'); // a file: the local cloud names inline code after the layer's handler
mkdirSync(code, { recursive: true });
writeFileSync(join(code, 'index.js'), HANDLER);

const app = new App({ outdir });
const stack = new Stack(app, 'Pipeline');
const worker = new LambdaFunction(stack, 'Handler', {
  code: Code.fromAsset(code), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(3),
});
const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
  processor: JobProcessor.inFunction(worker),
  api: JobApi.rest({
    // nothing here is to be limited
    authentication: ApiAuthentication.apiKeys(),
    submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 100, burst: 200 }),
    keyLimits: { statusRatePerSecond: 100, statusBurst: 200 },
    firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 100_000 }),
  }),
  retryPolicy: RetryPolicy.exponential({ firstDelay: Duration.seconds(1), jitter: 0 }),
});
const functions: Record<string, unknown> = {
  worker, submit: pipeline.submitFunction, status: pipeline.statusFunction, change: pipeline.node.findChild('Change'),
};
for (const [name, endpoint] of Object.entries(JSON.parse(endpoints) as Record<string, string>)) {
  const fn = functions[name] as LambdaFunction;
  fn.addEnvironment('AWS_ENDPOINT_URL', endpoint);
  if (name !== 'status') { // SQS is called where the queue's address says, whatever the endpoint is
    fn.addEnvironment(ENVIRONMENT.queueUrl, `${endpoint}/${Aws.ACCOUNT_ID}/${pipeline.queue.queueName}`);
  }
}

new CfnOutput(stack, 'ApiUrl', { value: pipeline.apiUrl! });
new CfnOutput(stack, 'ApiKeyId', { value: pipeline.addCustomer('bench').keyId });
new CfnOutput(stack, 'TableName', { value: pipeline.table.tableName });
new CfnOutput(stack, 'SubmitName', { value: pipeline.submitFunction.functionName });
new CfnOutput(stack, 'WorkerName', { value: worker.functionName });
new CfnOutput(stack, 'StatusName', { value: pipeline.statusFunction.functionName });
new CfnOutput(stack, 'SubmitLogs', { value: (pipeline.submitFunction as LambdaFunction).logGroup.logGroupName });
new CfnOutput(stack, 'WorkerLogs', { value: `/aws/lambda/${worker.functionName}` });
app.synth();
console.log('{}');
