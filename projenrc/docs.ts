import type { awscdk } from 'projen';

/** API.md is generated and committed; examples in docstrings and the README are compiled against the built library. */
export function addDocs(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('check:api', {
    description: 'API.md is what docgen would write now',
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
  project.gitignore.exclude('/.jsii.tabl.json');
}
