import { App } from 'aws-cdk-lib';

/** An app whose snapshot holds templates and manifests, and no stack traces with paths of the machine that wrote it. */
export function integApp(): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    context: { 'aws:cdk:disable-creation-stack-traces': true },
  });
}
