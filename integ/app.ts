import { App } from 'aws-cdk-lib';

/** An app whose snapshot holds templates and manifests, and no stack traces with paths of the machine that wrote it. */
export function integApp(): App {
  Error.stackTraceLimit = 0; // acknowledged findings carry a trace that no setting of the CDK switches off
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    context: { 'aws:cdk:disable-creation-stack-traces': true },
  });
}
