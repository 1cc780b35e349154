import { Aspects, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** Name of the alias that callers are given. */
export const LIVE = 'live';

/** The alias of a function's newest version. A change of code or environment makes a new version. */
export function liveAlias(fn: lambda.Function, provisionedConcurrentExecutions?: number): lambda.Alias {
  return new lambda.Alias(fn, 'Live', { aliasName: LIVE, version: fn.currentVersion, provisionedConcurrentExecutions });
}

/**
 * The same for a deployment, which may have to go back: CloudFormation leaves old versions where they are. What is in the layers of the function
 * makes a new version, too: the CDK goes by their logical ids unless a feature flag is set, so that a new layer would never become live.
 */
export function deployedAlias(fn: lambda.Function): lambda.Alias {
  const alias = liveAlias(fn);
  // but not one whose deployment failed: Lambda publishes the same code as the same version again, which CloudFormation takes for an error
  fn.currentVersion.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  // layers are added until the app is complete
  Aspects.of(fn).add({
    visit: (node: IConstruct) => {
      if (node === fn) {
        fn.invalidateVersionBasedOn(layersOf(fn));
      }
    },
  });
  return alias;
}

/** By this an alias is called before it is there: what names it so does not have to wait for it. */
export function liveArn(fn: lambda.Function): string {
  return `${fn.functionArn}:${LIVE}`;
}

/** The contents of those layers that are made in the app; others have a version in their ARN. */
function layersOf(fn: lambda.Function): string {
  const stack = Stack.of(fn);
  const ids = (stack.resolve((fn.node.defaultChild as lambda.CfnFunction).layers) ?? []) as unknown[];
  const made = new Map(stack.node.findAll()
    .filter((child): child is lambda.CfnLayerVersion => child instanceof lambda.CfnLayerVersion)
    .map((layer) => [stack.resolve(layer.logicalId) as string, layer]));
  const contents = ids.flatMap((id) => {
    const layer = made.get((id as { readonly Ref?: string }).Ref ?? '');
    return layer ? [stack.resolve(layer.content) as object] : [];
  });
  return contents.length === 0 ? '' : JSON.stringify(contents);
}
