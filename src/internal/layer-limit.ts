import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code, LayerVersion, type CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { BrokenRule } from './prop-rules';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html */
const MOST_LAYERS = 5;

/**
 * Why a function has no room for further layers; nothing where it has, or nobody knows before deployment.
 *
 * @param what what the function is to its user, such as `fn`
 * @param added how many layers it would get
 * @param purpose what for, said after "so that there is room for"
 */
export function layerProblem(what: string, fn: IFunction, added: number, purpose: string): BrokenRule | undefined {
  const layers = Stack.of(fn).resolve((fn.node.defaultChild as CfnFunction | undefined)?.layers) as unknown;
  const count = Array.isArray(layers) ? layers.length : 0;
  return count + added <= MOST_LAYERS ? undefined : {
    rule: `${what} must have at most ${MOST_LAYERS - added} layers, so that there is room for ${purpose}`,
    value: count,
    fix: count + added > MOST_LAYERS + 1 ? 'merge some of the layers' : 'merge two of the layers',
  };
}

/** A layer of the library: one of a stack serves every function in it. */
export function stackLayer(scope: Construct, id: string, folder: string, description: string): LayerVersion {
  const stack = Stack.of(scope);
  return (stack.node.tryFindChild(id) as LayerVersion | undefined)
    ?? new LayerVersion(stack, id, { description, code: Code.fromAsset(join(__dirname, '../../assets', folder)), license: 'Apache-2.0' });
}
