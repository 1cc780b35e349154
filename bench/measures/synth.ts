import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Measure } from './measure';
import { alternate, type Candidate } from '../alternate';
import { runChild, SCRATCH } from '../child';
import { timedRatio, type Row } from '../row';
import type { Sample } from '../stopwatch';
import { assertSameTemplates } from '../templates';

const RATIO = 1.05;
const KINDS = [
  { kind: 'worker', name: 'QueuedLambdaWorker', counts: [1, 10, 100] },
  { kind: 'pipeline', name: 'JobProcessingPipeline', counts: [1, 10, 100] },
];
const BY_HAND = 'the same by hand';

function folderOf(kind: string, count: number): string {
  return join(SCRATCH, 'cdk.out', `${kind}-${count}`);
}

/** Synthesises into a folder of its own, which stays until the next run. */
function synthesis(kind: string, count: number): Candidate<Sample> {
  const folder = folderOf(kind, count);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    return runChild<Sample>('synth', [kind, String(count), folder]);
  };
}

export const synthesising: Measure = {
  title: 'Construct and synthesise',
  how: 'From `new App()` to the end of `app.synth()` in a fresh process, imports not counted, `CDK_VALIDATION=false`, 25 workers or 4 pipelines to a stack. '
    + 'By hand: the same resources with the L2 constructs of aws-cdk-lib, without options and checks; the templates are asserted to be equal.',
  run: async ({ rounds, progress }) => {
    const rows: Row[] = [];
    for (const { kind, name, counts } of KINDS) {
      for (const count of counts) {
        const byHand = `${kind}-by-hand`;
        const values = await alternate(rounds, { ours: synthesis(kind, count), theirs: synthesis(byHand, count) }, round => {
          progress.at(`synth of ${count} ${kind}s`, round, rounds);
          assertSameTemplates(folderOf(kind, count), folderOf(byHand, count));
        });
        rows.push(timedRatio({ metric: `synth of ${count} ${name}`, unit: 'ms', goal: RATIO }, values.ours, { name: BY_HAND, samples: values.theirs }));
      }
    }
    return rows;
  },
};
