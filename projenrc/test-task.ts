import type { awscdk } from 'projen';

/** `npm test` is the list in `tools/checks.ts`; each entry is a task that can be run alone. */
export function configureTestTask(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('check:types', {
    description: 'Types of everything: library, tests, tools, examples',
    execArgs: ['tsc', '--noEmit', '-p', 'tsconfig.dev.json'],
  });
  project.addTask('check:checkov', {
    description: 'Checkov over the template of every kind of pipeline; what it finds stands in docs/compliance.md',
    execArgs: ['tsx', 'projenrc/tools/checkov.ts'],
  });
  project.addTask('eslint:fix', {
    description: 'Mend what the linter can mend by itself',
    execArgs: ['projen', 'eslint', '--fix'],
  });
  project.testTask.reset('tsx projenrc/tools/run-checks.ts', { receiveArgs: true });
  project.removeTask('test:update'); // snapshots under integ/ have their own command; jest has none
}
