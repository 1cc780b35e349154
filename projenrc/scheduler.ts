import type { awscdk } from 'projen';

/** Every interleaving of the job protocol at larger bounds than the unit tests have time for. */
export function addScheduler(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('scheduler', {
    description: 'Exhaustive search of the job protocol; arguments: max_attempts crashes duplicates (2 1 1 unless given)',
    execArgs: ['tsx', 'test/runtime/protocol/scheduler/cli.ts'],
    env: { NODE_OPTIONS: '--max-old-space-size=12288' },
    receiveArgs: true,
  });
}
