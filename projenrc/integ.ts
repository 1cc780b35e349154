import type { awscdk } from 'projen';

/** See `integ/assembly-schema.cjs` for why that file is loaded first. */
const RUNNER = [
  'integ-runner', '--directory', 'integ', '--language', 'typescript',
  '--app', 'node --require ./integ/assembly-schema.cjs --import tsx {filePath}',
];

/** The CDK's own rules are judged in the unit tests; here they would only add a second a stack. */
const ENVIRONMENT = { CDK_VALIDATION: 'false' };

/** Snapshots of whole templates: verified by `npm test`, changed only by `integ:snapshot`, and then read in the diff. */
export function addInteg(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('integ', {
    description: 'Compare what the apps under integ/ synthesise with their snapshots',
    env: ENVIRONMENT,
    execArgs: RUNNER,
    receiveArgs: true,
  });
  project.addTask('integ:snapshot', {
    description: 'Write the snapshots anew, without deploying',
    env: ENVIRONMENT,
    steps: [
      { spawn: 'bundle' },
      { execArgs: [...RUNNER, '--dry-run', '--update-on-failed'], receiveArgs: true },
    ],
  });
  project.addTask('check:cfn-lint', {
    description: 'cfn-lint over the templates of the snapshots',
    execArgs: ['tsx', 'projenrc/tools/cfn-lint.ts'],
  });

  project.gitignore.exclude('/integ/*.snapshot/asset.*'); // what is bundled stands in src/runtime; only templates are compared
  project.gitignore.exclude('/integ/cdk-integ.out.*'); // what the runner compared with, left beside a snapshot that differs
}
