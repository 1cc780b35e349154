import type { awscdk } from 'projen';

/** `npm run polyglot`: the built packages of three languages, used from each, give the same templates. See `test/polyglot`. */
export function addPolyglot(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('polyglot', {
    description: 'Build the packages for npm, PyPI and Maven, and synthesise one app with each of them to equal templates',
    execArgs: ['tsx', 'projenrc/tools/polyglot.ts'],
  });
}
