import type { awscdk } from 'projen';

/** `tsconfig.json` is jsii's (src only); `tsconfig.dev.json` is everybody else's: editors, tests, tools, lint. */
export function configureTypescript(project: awscdk.AwsCdkConstructLibrary): void {
  // what is included stands in the options; this default is meant for a file inside test/
  project.tsconfigDev.removeInclude('**/*.ts');

  // the floor stands in the peers and the newest in the dev dependencies, on purpose; `npm run polyglot` uses the package with the floor
  project.compileTask.reset('jsii --silence-warnings=reserved-word --silence-warnings=metadata/missing-dev-dependency');

  // jsii and the AWS SDK warn of Node 20's age at every start; what executes in Lambda runs on the newest Node
  project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
  project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
}
