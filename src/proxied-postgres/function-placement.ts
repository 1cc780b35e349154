import { CfnResource } from 'aws-cdk-lib';
import { Connections, type IConnectable, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from '../internal/acknowledge';
import { allowNetworkInterfaces } from '../internal/function-role';
import type { BrokenRule } from '../internal/prop-rules';
import type { SecureNetwork } from '../secure-network/secure-network';

/** The CDK knows a function's security groups by this member, which nobody can set from outside once the function is made. */
interface Placeable {
  _connections?: Connections;
}

/** The resource of a function of this app; nothing for one that is imported, or for a version or alias. */
export function resourceOf(fn: IFunction): CfnFunction | undefined {
  const resource = fn.node.defaultChild;
  return resource && CfnResource.isCfnResource(resource) && resource.cfnResourceType === CfnFunction.CFN_RESOURCE_TYPE_NAME
    ? resource as CfnFunction : undefined;
}

/** Why a function cannot be placed in a network; empty when it can, or is there already. */
export function placementProblems(fn: IFunction, network: SecureNetwork): BrokenRule[] {
  const resource = resourceOf(fn);
  if (!resource) {
    return [{
      rule: 'fn must be a function of this app, not imported, nor a version or an alias',
      value: fn.node.path,
      fix: 'give the lambda.Function itself; what is imported is placed, and granted, where it is made',
    }];
  }
  if (fn.isBoundToVpc) {
    return isElsewhere(resource, network.vpc) ? [{
      rule: `fn must be in the network of the database, ${network.node.path}: a function is in one network`,
      value: fn.node.path,
      fix: 'give it vpc: network.vpc and vpcSubnets: network.functionSubnets, or no vpc, and it is placed',
    }] : [];
  }
  return [];
}

/**
 * A function where it can reach the database: it stays where it is in the network, or is placed there.
 *
 * @returns what lets it out
 */
export function place(fn: LambdaFunction, network: SecureNetwork): IConnectable {
  if (fn.isBoundToVpc) {
    return fn;
  }
  const group = network.securityGroupFor(fn, 'JobWorksSecurityGroup');
  const resource = resourceOf(fn)!;
  resource.vpcConfig = {
    subnetIds: network.vpc.selectSubnets(network.functionSubnets).subnetIds,
    securityGroupIds: [group.securityGroupId],
  };
  (fn as unknown as Placeable)._connections = new Connections({ securityGroups: [group] }); // so that it is bound for everybody else, too
  resource.node.addDependency(allowInterfaces(fn));
  return fn;
}

/** What Lambda does in the name of the function. In a policy of its own, so that the wildcard covers nothing that grants add. */
function allowInterfaces(fn: LambdaFunction): Policy {
  const policy = new Policy(fn, 'JobWorksNetwork', { document: allowNetworkInterfaces() });
  fn.role!.attachInlinePolicy(policy);
  const reason = 'Lambda requires to manage network interfaces that do not exist yet';
  acknowledge(policy, { id: 'AwsSolutions-IAM5[Resource::*]', reason }, { id: 'Serverless-LambdaStarPermissions', reason });
  return policy;
}

/** Whether a function is in subnets that are none of the VPC's. What is known only at deployment is taken to be right. */
function isElsewhere({ vpcConfig }: CfnFunction, vpc: IVpc): boolean {
  const { subnetIds } = (vpcConfig ?? {}) as { readonly subnetIds?: unknown };
  if (!Array.isArray(subnetIds)) {
    return false;
  }
  const own = new Set([...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets].map(({ subnetId }) => subnetId));
  return own.size > 0 && subnetIds.some((id) => typeof id === 'string' && !own.has(id));
}
