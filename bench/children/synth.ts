/** `synth.cjs worker|worker-by-hand|pipeline|pipeline-by-hand <count> <folder>`: what it takes to construct and synthesise so many of a kind. */
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { pipelineByHand } from '../pipeline-by-hand/pipeline';
import { stopwatch } from '../stopwatch';
import { workerByHand } from '../worker-by-hand';
import { JobProcessingPipeline, JobProcessor, QueuedLambdaWorker } from 'cdk-jobworks';

/** A stack holds 500 resources. */
const PER_STACK: Record<string, number> = { 'worker': 25, 'worker-by-hand': 25, 'pipeline': 4, 'pipeline-by-hand': 4 };
const CODE = 'exports.handler = async () => ({ batchItemFailures: [] });';

const KINDS: Record<string, (stack: Stack, id: string) => unknown> = {
  'worker': (stack, id) => new QueuedLambdaWorker(stack, id, { code: Code.fromInline(CODE), handler: 'index.handler' }),
  'worker-by-hand': (stack, id) => workerByHand(stack, id, { code: Code.fromInline(CODE), handler: 'index.handler' }),
  'pipeline': (stack, id) => new JobProcessingPipeline(stack, id, { processor: JobProcessor.inFunction(handler(stack, id)) }),
  'pipeline-by-hand': (stack, id) => pipelineByHand(stack, id, handler(stack, id)),
};

function handler(stack: Stack, id: string): LambdaFunction {
  return new LambdaFunction(stack, `${id}Function`, { code: Code.fromInline(CODE), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
}

const [kind, count, outdir] = process.argv.slice(2);
const create = KINDS[kind];
const stop = stopwatch();
const app = new App({ outdir });
let stack: Stack | undefined;
for (let i = 0; i < Number(count); i++) {
  if (!stack || i % PER_STACK[kind] === 0) stack = new Stack(app, `Stack${i / PER_STACK[kind]}`);
  create(stack, `Jobs${i}`);
}
app.synth();
console.log(JSON.stringify(stop()));
