import type { IConstruct } from 'constructs';

/** What was claimed in which app. Kept beside the tree: an app that is garbage takes its claims with it. */
const claims = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Who else in the app has claimed something that only one construct may have.
 *
 * @param scope the construct that would claim it
 * @param what the thing, said so that no other is said the same way
 */
export function claimantOf(scope: IConstruct, what: string): IConstruct | undefined {
  return claims.get(scope.node.root)?.get(what);
}

/** Claims something for a construct, when nothing more can make it fail. */
export function claim(scope: IConstruct, what: string): void {
  const { root } = scope.node;
  const known = claims.get(root) ?? new Map<string, IConstruct>();
  claims.set(root, known.set(what, scope));
}
