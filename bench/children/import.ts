/** `import.cjs alone|with-library`: milliseconds that a CDK app's imports take. */
import { performance } from 'node:perf_hooks';

const started = performance.now();
/* eslint-disable @typescript-eslint/no-require-imports -- what is imported depends on the argument, and when is what is measured */
const { App, Stack } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
const imported: unknown[] = [App, Stack];
if (process.argv[2] === 'with-library') {
  const { JobProcessingPipeline, JobProcessor, QueuedLambdaWorker } = require('cdk-jobworks') as typeof import('cdk-jobworks');
  imported.push(JobProcessingPipeline, JobProcessor, QueuedLambdaWorker);
}
/* eslint-enable @typescript-eslint/no-require-imports */
const ms = performance.now() - started;
if (imported.some(member => typeof member !== 'function')) throw new Error('something was not exported');
console.log(JSON.stringify({ ms }));
