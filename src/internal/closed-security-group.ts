import { Peer, Port, SecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * A security group that lets nothing in and nothing out, until it is told to.
 *
 * EC2 lets everything out by a group that has no rule of its own. The CDK writes one that matches nothing, and takes it away with the first rule that
 * is added, although a rule about another group is a resource apart: for EC2, the group has none again. So there is one here that stays.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
 */
export function createClosedSecurityGroup(scope: Construct, id: string, vpc: IVpc, description: string): SecurityGroup {
  const group = new SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false });
  group.addEgressRule(Peer.ipv4('255.255.255.255/32'), Port.icmpTypeAndCode(252, 87), 'Nothing by default'); // a type and an address that nobody has
  return group;
}
