import type { awscdk } from 'projen';

/** `npm run bench`: what the library costs, as figures. Outside the checks: how fast a machine is fails no test. */
export function addBench(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('bench', {
    description: 'Measure import, synthesis, sizes, bundles and calls of AWS; writes bench/latest.json and docs/benchmarks.md',
    steps: [
      { spawn: 'compile' },
      { execArgs: ['tsx', 'bench/main.ts'], receiveArgs: true },
    ],
  });
}
