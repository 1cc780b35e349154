import type { awscdk } from 'projen';

/** `npx cdk-jobworks`: for who operates a pipeline. It comes with the library, and a bundle of its own keeps the library without dependencies. */
export function addCli(project: awscdk.AwsCdkConstructLibrary): void {
  project.package.addBin({ 'cdk-jobworks': 'assets/cli/cdk-jobworks.js' });
}
