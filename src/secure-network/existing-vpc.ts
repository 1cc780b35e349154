import { Stack, Token } from 'aws-cdk-lib';
import { CfnRoute, Subnet, SubnetType, type ISubnet, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { SecureNetworkProps } from './secure-network-props';

const ANYWHERE = '0.0.0.0/0';

/** Where something is placed in a VPC that exists. */
export interface Places {
  readonly selection: SubnetSelection;
  readonly subnets: readonly ISubnet[];
  /** Why there are none. */
  readonly problem?: string;
  /** In how many zones they are; not known before deployment where the VPC is imported so. */
  readonly zones?: number;
  readonly isPublic: boolean;
}

/** Where functions and databases are placed in a VPC that exists. */
export function placesIn(
  vpc: IVpc, { functionSubnets, databaseSubnets }: Pick<SecureNetworkProps, 'functionSubnets' | 'databaseSubnets'>,
): Record<'functionSubnets' | 'databaseSubnets', Places> {
  const [withEgress, isolated] = [vpc.privateSubnets.length > 0, vpc.isolatedSubnets.length > 0];
  const inPrivate: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  const inIsolated: SubnetSelection = { subnetType: SubnetType.PRIVATE_ISOLATED };
  return {
    functionSubnets: places(vpc, functionSubnets ?? (withEgress ? inPrivate : inIsolated)),
    databaseSubnets: places(vpc, databaseSubnets ?? (isolated ? inIsolated : inPrivate)),
  };
}

/**
 * Whether there is a way from subnets to the internet. An imported subnet is taken at its word: what is private is with egress. One of the app
 * may be without a NAT gateway.
 */
export function leadOut(vpc: IVpc, subnets: readonly ISubnet[]): boolean {
  const withEgress = new Set(vpc.privateSubnets.map(({ subnetId }) => subnetId));
  return subnets.every((subnet) => withEgress.has(subnet.subnetId) && (!Subnet.isVpcSubnet(subnet) || hasDefaultRoute(subnet)));
}

function places(vpc: IVpc, selection: SubnetSelection): Places {
  try {
    const { subnets } = vpc.selectSubnets(selection);
    const open = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
    return {
      selection,
      subnets,
      ...(subnets.length === 0 && { problem: 'none' }),
      // a list of zones that is known only at deployment is one token for all of them
      zones: Token.isUnresolved(vpc.availabilityZones) ? undefined : new Set(subnets.map(zoneOf)).size,
      isPublic: subnets.some(({ subnetId }) => open.has(subnetId)),
    };
  } catch (error) {
    return { selection, subnets: [], problem: (error as Error).message, isPublic: false };
  }
}

/** What tells a zone from others, known now or as it is referred to. */
function zoneOf(subnet: ISubnet): string {
  return JSON.stringify(Stack.of(subnet).resolve(subnet.availabilityZone));
}

/** Looked for in what the app makes; routes of an imported subnet cannot be seen. */
function hasDefaultRoute(subnet: ISubnet): boolean {
  return subnet.node.findAll().some((one) => one instanceof CfnRoute && one.destinationCidrBlock === ANYWHERE);
}
