/** `import.cjs alone|with-library`: what a CDK app's imports take. */
import { stopwatch } from '../stopwatch';

const stop = stopwatch();
/* eslint-disable @typescript-eslint/no-require-imports -- what is imported depends on the argument, and when is what is measured */
const { App, Stack } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
const imported: unknown[] = [App, Stack];
if (process.argv[2] === 'with-library') {
  const { JobProcessingPipeline, JobProcessor, QueuedLambdaWorker } = require('cdk-jobworks') as typeof import('cdk-jobworks');
  imported.push(JobProcessingPipeline, JobProcessor, QueuedLambdaWorker);
}
/* eslint-enable @typescript-eslint/no-require-imports */
const sample = stop();
if (imported.some(member => typeof member !== 'function')) throw new Error('something was not exported');
console.log(JSON.stringify(sample));
