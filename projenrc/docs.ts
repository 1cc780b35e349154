import type { awscdk } from 'projen';

/** API.md is generated and committed; examples in docstrings and the README are compiled against the built library. */
export function addDocs(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('check:api', {
    description: 'API.md and docs/defaults.md are what would be written now (after compile)',
    execArgs: ['tsx', 'projenrc/tools/check-api.ts'],
  });

  project.addTask('check:examples', {
    description: 'Examples in docstrings and README compile (after compile)',
    execArgs: ['jsii-rosetta', 'extract', '--strict', '--compile'],
  });

  project.addTask('docs:capacity', {
    description: 'Bring the tables and the picture of docs/capacity.md up to date',
    execArgs: ['tsx', 'projenrc/tools/capacity.ts'],
  });

  project.addTask('docs:defaults', {
    description: 'Bring the tables of docs/defaults.md up to date (after compile)',
    execArgs: ['tsx', 'projenrc/tools/defaults.ts'],
  });
  project.gitignore.exclude('/.jsii.tabl.json');
}
