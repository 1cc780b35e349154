import type { awscdk } from 'projen';

/** Where the examples' `import … from 'cdk-jobworks'` leads while they live in this repository: to the sources. */
const PACKAGE_PATHS = {
  'cdk-jobworks': ['./src/index.ts'],
  'cdk-jobworks/runtime': ['./src/runtime/node/runtime.ts'],
};

/** `npm run demo`: an example, deployed on the local cloud and used. */
export function addDemo(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('demo', {
    description: 'Run an example on this machine, drawing-analysis or -- invoice-extraction or -- full-system; -- --keep leaves it running',
    execArgs: ['node', '--import', 'tsx', 'e2e/demo/main.ts'], // not by tsx's command, which has an exit code of its own when interrupted
    receiveArgs: true,
  });
  project.tsconfigDev.file.addOverride('compilerOptions.paths', PACKAGE_PATHS);
  project.gitignore.exclude('/examples/**/cdk.out/', '/examples/**/node_modules/', '/examples/**/cdk.context.json');
}
