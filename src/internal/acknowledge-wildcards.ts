import { Stack } from 'aws-cdk-lib';
import type { CfnPolicy, Policy } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from './acknowledge';

interface PolicyText {
  readonly Statement: ReadonlyArray<{ readonly Resource: unknown }>;
}

/**
 * Gives the reason for the wildcards in the resources of a policy, which holds nothing else, to the rule that asks for one.
 *
 * The rule calls each by the resource as it stands in the template. That is known only when references between stacks have been put in
 * their places, which the validation of the tree comes after.
 */
export function acknowledgeWildcards(policy: Policy, reason: string): void {
  const resource = policy.node.defaultChild as CfnPolicy;
  policy.node.addValidation({
    validate: () => {
      const { Statement: statements } = Stack.of(policy).resolve(resource.policyDocument) as PolicyText;
      const wildcards = statements.flatMap(({ Resource: resources }) => [resources].flat()).map(said).filter((name) => name.includes('*'));
      acknowledge(policy, ...[...new Set(wildcards)].map((name) => ({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason })));
      return [];
    },
  });
}

/** A resource in one line, as the rule says it. */
function said(value: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::ImportValue': imported } = value as {
    readonly 'Ref'?: string;
    readonly 'Fn::GetAtt'?: readonly [string, string];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
    readonly 'Fn::ImportValue'?: unknown;
  };
  if (typeof value === 'string') return value;
  if (join) return join[1].map(said).join(join[0]);
  if (attribute) return `<${attribute.join('.')}>`;
  if (imported !== undefined) return said(imported);
  return Ref === undefined ? JSON.stringify(value) : `<${Ref}>`;
}
