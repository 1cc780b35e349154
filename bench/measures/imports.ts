import type { Measure } from './measure';
import { alternate } from '../alternate';
import { runChild } from '../child';
import { timedDifference } from '../row';
import type { Sample } from '../stopwatch';

const ADDED_MS = 15;

const importing = (what: string) => async () => runChild<Sample>('import', [what]);

export const imports: Measure = {
  title: 'Import',
  how: 'What `require` takes in a fresh process: `App` and `Stack` of aws-cdk-lib alone, and these and then the constructs of cdk-jobworks. '
    + 'The value is what the library adds.',
  run: async ({ rounds, progress }) => {
    const { alone, both } = await alternate(rounds, { alone: importing('alone'), both: importing('with-library') },
      round => progress.at('import', round, rounds));
    return [timedDifference({ metric: 'import, added to aws-cdk-lib', unit: 'ms', goal: ADDED_MS }, both, { name: 'aws-cdk-lib alone', samples: alone })];
  },
};
