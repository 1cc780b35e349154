import type { awscdk } from 'projen';

/** API.md is generated and committed; examples in docstrings and the README are compiled against the built library. */
export function addDocs(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('check:api', {
    description: 'API.md is what docgen would write now',
    steps: [
      { execArgs: ['mkdir', '-p', '.cache'] },
      { execArgs: ['jsii-docgen', '-o', '.cache/API.md'] },
      { exec: 'diff -u API.md .cache/API.md || { echo "API.md is not current: run npx projen compile && npx projen docgen, and commit it" >&2; exit 1; }' },
    ],
  });

  project.addTask('check:examples', {
    description: 'Examples in docstrings and README compile (after compile)',
    execArgs: ['jsii-rosetta', 'extract', '--strict', '--compile'],
  });
  project.gitignore.exclude('/.jsii.tabl.json');
}
