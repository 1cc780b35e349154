/** `throughput-app.cjs <folder> <folder of the workers by hand>`: a pipeline, and two workers by hand on tables of the same kind. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EnvironmentProfile, JobProcessingPipeline, JobProcessor, JobsTable } from 'cdk-jobworks';

/** The local cloud starts a process for each: more than there are cores would measure the machine. */
const MAX_CONCURRENCY = 2;

const [outdir, byHand] = process.argv.slice(2);
const app = new App({ outdir });
pipeline(new Stack(app, 'Pipeline'));
worker(new Stack(app, 'SameWrites'), 'same-writes');
worker(new Stack(app, 'AsyncJob'), 'async-job');
app.synth();
console.log('{}');

function pipeline(stack: Stack): void {
  const code = join(outdir, '..', 'throughput-handler'); // a file: the local cloud names inline code after the layer's handler
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => {};');
  const fn = new LambdaFunction(stack, 'Worker', { ...settings(), code: Code.fromAsset(code) });
  const { table, queue } = new JobProcessingPipeline(stack, 'Jobs', {
    processor: JobProcessor.inFunction(fn), maximumConcurrency: MAX_CONCURRENCY, profile: EnvironmentProfile.dev(),
  });
  outputs(stack, table.tableName, queue.queueUrl);
}

function worker(stack: Stack, flavour: string): void {
  EnvironmentProfile.dev().applyTo(stack);
  const { table } = new JobsTable(stack, 'Table');
  const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(60) });
  const fn = new LambdaFunction(stack, 'Worker', {
    ...settings(), code: Code.fromAsset(byHand), environment: { FLAVOUR: flavour, TABLE_NAME: table.tableName, QUEUE_URL: queue.queueUrl },
  });
  table.grantReadWriteData(fn);
  fn.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: MAX_CONCURRENCY, reportBatchItemFailures: true }));
  outputs(stack, table.tableName, queue.queueUrl);
}

function settings() {
  return { handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(30), memorySize: 512 };
}

function outputs(stack: Stack, table: string, queue: string): void {
  new CfnOutput(stack, `${stack.stackName}Table`, { value: table });
  new CfnOutput(stack, `${stack.stackName}Queue`, { value: queue });
}
