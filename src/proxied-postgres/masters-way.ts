import { CfnSecurityGroupIngress, Port, type ISecurityGroup, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { PORT } from './server';
import { NetworkEndpoint } from '../secure-network/network-endpoint';
import type { SecureNetwork } from '../secure-network/secure-network';

/** Who comes as the master, and where it is let in. */
export interface MastersWayOptions {
  readonly network: SecureNetwork;
  /** Of the function. */
  readonly securityGroup: SecurityGroup;
  readonly databaseSecurityGroup: SecurityGroup;
  /** What the rule is for, as EC2 takes it. */
  readonly description: string;
}

/**
 * Lets a function to the database and to the secret of its master, and to nothing else.
 *
 * @returns what to wait for before it is called: each rule by itself and not a whole group, as rules of others are in it that may wait for the call
 */
export function openMastersWay(fn: LambdaFunction, { network, securityGroup, databaseSecurityGroup, description }: MastersWayOptions): Construct[] {
  const rules = rulesMade([databaseSecurityGroup, network.endpointSecurityGroup], () => {
    securityGroup.connections.allowTo(databaseSecurityGroup, Port.tcp(PORT), description);
    network._connect(fn, fn, [NetworkEndpoint.SECRETS_MANAGER]);
  });
  const endpoint = network.findEndpoint(NetworkEndpoint.SECRETS_MANAGER);
  return [securityGroup, ...rules, ...(endpoint ? [endpoint] : [])];
}

/** The rules by which groups let somebody in from now on. */
function rulesMade(groups: ReadonlyArray<ISecurityGroup | undefined>, make: () => void): Construct[] {
  const rules = () => groups.flatMap((group) => (group?.node.children ?? []).filter((child) => child instanceof CfnSecurityGroupIngress));
  const before = new Set(rules());
  make();
  return rules().filter((rule) => !before.has(rule));
}
