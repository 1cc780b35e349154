import { AclCidr, AclTraffic, NetworkAcl, SubnetType, TrafficDirection, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { pathName } from './names';
import { acknowledge } from '../internal/acknowledge';

/** The network ACLs of a network, by the subnets that they are of. */
export interface SecureNetworkAcls {
  /** Of the public subnets. */
  readonly publicSubnets: NetworkAcl;
  /** Of the private subnets, where functions and interface endpoints are. */
  readonly privateSubnets: NetworkAcl;
  /** Of the isolated subnets, where databases are. */
  readonly isolatedSubnets: NetworkAcl;
}

type Peer = 'anywhere' | 'vpc';
type Ports = readonly [from: number, to: number];

const HTTPS: Ports = [443, 443];
/**
 * Where answers go: a NAT gateway and Lambda take any port from 1024. Ports of databases are among them.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
 */
const HIGH: Ports = [1024, 65_535];

/** An ACL keeps no state, so answers are named as well. DNS, time and metadata of Amazon pass in any case. */
const ENTRIES: Record<keyof SecureNetworkAcls, { readonly in: ReadonlyArray<[Ports, Peer]>; readonly out: ReadonlyArray<[Ports, Peer]> }> = {
  publicSubnets: {
    in: [[HTTPS, 'vpc'], [HIGH, 'anywhere']], // to a NAT gateway, and answers to it
    out: [[HTTPS, 'anywhere'], [HIGH, 'vpc']],
  },
  privateSubnets: {
    in: [[HTTPS, 'vpc'], [HIGH, 'anywhere']], // to endpoints; answers of S3 and DynamoDB come from their public addresses, with NAT gateways or not
    out: [[HTTPS, 'anywhere'], [HIGH, 'vpc']], // the second to databases, too
  },
  isolatedSubnets: {
    in: [[HIGH, 'vpc']],
    out: [[HIGH, 'vpc']],
  },
};

/** Network ACLs for all subnets of a VPC. */
export function createNetworkAcls(scope: Construct, id: string, vpc: IVpc): SecureNetworkAcls {
  const inside = new Construct(scope, id);
  const create = (name: string, of: keyof SecureNetworkAcls, subnetType: SubnetType) => createAcl(inside, name, vpc, of, subnetType);
  return {
    publicSubnets: create('Public', 'publicSubnets', SubnetType.PUBLIC),
    privateSubnets: create('Private', 'privateSubnets', SubnetType.PRIVATE_WITH_EGRESS),
    isolatedSubnets: create('Isolated', 'isolatedSubnets', SubnetType.PRIVATE_ISOLATED),
  };
}

function createAcl(scope: Construct, id: string, vpc: IVpc, of: keyof SecureNetworkAcls, subnetType: SubnetType): NetworkAcl {
  const acl = new NetworkAcl(scope, id, { vpc, networkAclName: pathName(scope), subnetSelection: { subnetType } });
  for (const [way, direction] of [['in', TrafficDirection.INGRESS], ['out', TrafficDirection.EGRESS]] as const) {
    ENTRIES[of][way].forEach(([[from, to], peer], index) => acl.addEntry(`${way === 'in' ? 'In' : 'Out'}${index + 1}`, {
      direction,
      ruleNumber: 100 * (index + 1),
      traffic: AclTraffic.tcpPortRange(from, to),
      cidr: peer === 'vpc' ? AclCidr.ipv4(vpc.vpcCidrBlock) : AclCidr.anyIpv4(),
    }));
  }
  acknowledge(acl, { id: 'AwsSolutions-VPC3', reason: 'the app asked for network ACLs, beside security groups and not in their place' });
  return acl;
}
