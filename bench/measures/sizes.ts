import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measure } from './measure';
import { ROOT, runChild, SCRATCH } from '../child';
import { counted, type Row } from '../row';
import { resourceCount, templateBytes } from '../templates';

const TARBALL_BYTES = 1_000_000;
const run = promisify(execFile);

async function synthesised(kind: string): Promise<string> {
  const folder = join(SCRATCH, 'cdk.out', `size-${kind}`);
  await runChild('synth', [kind, '1', folder]);
  return folder;
}

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
}

/** What `npm pack` would put into the package, without writing it. */
async function packed(): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const answer = JSON.parse(stdout) as Readonly<Record<string, Packed>>; // an array in older versions of npm: one package either way
  return Object.values(answer)[0];
}

export const sizes: Measure = {
  title: 'Sizes',
  how: 'Templates as the CDK writes them (indented), of a stack with one construct and nothing but defaults; the pipeline\'s holds the user\'s function, too. '
    + 'The package is what `npm pack` makes.',
  run: async ({ progress }): Promise<Row[]> => {
    progress.at('sizes of templates');
    const worker = await synthesised('worker');
    const byHand = await synthesised('worker-by-hand');
    const pipeline = await synthesised('pipeline');
    const pipelineByHand = await synthesised('pipeline-by-hand');
    progress.at('size of the package');
    const { size, unpackedSize } = await packed();
    return [
      counted({ metric: 'template of a default QueuedLambdaWorker', unit: 'bytes' }, templateBytes(worker), { name: 'the same by hand', value: templateBytes(byHand) }),
      counted({ metric: 'resources of a default QueuedLambdaWorker', unit: 'resources' }, resourceCount(worker)),
      counted({ metric: 'template of a default JobProcessingPipeline', unit: 'bytes' }, templateBytes(pipeline),
        { name: 'the same by hand', value: templateBytes(pipelineByHand) }),
      counted({ metric: 'resources of a default JobProcessingPipeline', unit: 'resources' }, resourceCount(pipeline)),
      counted({ metric: 'npm package, packed', unit: 'bytes', goal: TARBALL_BYTES }, size),
      counted({ metric: 'npm package, unpacked', unit: 'bytes' }, unpackedSize),
    ];
  },
};
