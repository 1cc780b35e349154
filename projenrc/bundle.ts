import type { awscdk } from 'projen';

/**
 * Handlers, layers and the constructs themselves are bundled when the library is built, never when a user synthesises.
 * `assets/` is not in git, so everything that needs it (package, tests, demo) runs this task first; it takes about a second.
 */
export function addBundle(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.addTask('bundle', {
    description: 'Bundle handlers and layers into assets/',
    execArgs: ['tsx', 'projenrc/tools/bundle.ts'],
  });
  project.compileTask.prependSpawn(bundle); // so that no package is made without its assets
  project.gitignore.exclude('/assets/');

  const library = project.addTask('bundle:library', {
    description: 'Make one file of the compiled constructs, which loads in half the time',
    execArgs: ['tsx', 'projenrc/tools/bundle-library.ts'],
  });
  project.compileTask.spawn(library);
}
