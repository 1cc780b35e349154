import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { addressRange, reservedZones, SUBNET_MASK } from './address-space';
import { nameSubnets, pathName } from './names';

/** What a new VPC is made of. */
export interface NewVpcOptions {
  readonly cidr: string;
  readonly zones: number;
  readonly natGateways: number;
}

/**
 * A VPC with public, private and isolated subnets. The private ones are there without NAT gateways too, so that one can be added later without
 * moving anything.
 */
export function createVpc(scope: Construct, id: string, { cidr, zones, natGateways }: NewVpcOptions): Vpc {
  const reservedAzs = reservedZones(addressRange(cidr)!, zones);
  const vpc = new Vpc(scope, id, {
    vpcName: pathName(scope),
    ipAddresses: IpAddresses.cidr(cidr),
    maxAzs: zones,
    reservedAzs,
    natGateways,
    restrictDefaultSecurityGroup: true, // CloudFormation can only add rules to a default group
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: SUBNET_MASK, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: SUBNET_MASK },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: SUBNET_MASK },
    ],
  });
  vpc.availabilityZones.splice(zones); // the CDK counts those that are only kept free among them
  nameSubnets(vpc);
  return vpc;
}
