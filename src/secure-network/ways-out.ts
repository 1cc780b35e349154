import { Annotations } from 'aws-cdk-lib';
import { Peer, Port, type IConnectable, type IPrefixList, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { NetworkEndpoint } from './network-endpoint';
import type { SecureNetworkProps } from './secure-network-props';
import type { VpcEndpoints } from './vpc-endpoints';

/** AWS lets in so many others by one security group, unless asked for more. */
const MOST_RULES = 60;

/** What decides how a service is reached. */
export interface WaysOutOptions extends Pick<SecureNetworkProps, 's3PrefixList' | 'dynamoDbPrefixList'> {
  readonly vpc: IVpc;
  readonly endpoints: VpcEndpoints;
  /** Endpoints that were there before. */
  readonly existing: readonly NetworkEndpoint[];
  /** Whether functions get out to the internet. */
  readonly leadsOut: boolean;
}

/** How services are reached from a network, each by the narrowest way there is. */
export class WaysOut {
  private readonly existing: ReadonlySet<string>;
  private readonly prefixLists: ReadonlyMap<string, IPrefixList | undefined>;
  private readonly letIn = new Set<IConnectable>();

  constructor(private readonly scope: Construct, private readonly options: WaysOutOptions) {
    this.existing = new Set(options.existing.map(({ service }) => service));
    this.prefixLists = new Map([
      [NetworkEndpoint.S3.service, options.s3PrefixList],
      [NetworkEndpoint.DYNAMODB.service, options.dynamoDbPrefixList],
    ]);
  }

  /** Whether there is a way to a service. */
  public readonly isReached = ({ service }: NetworkEndpoint): boolean =>
    this.options.leadsOut || this.options.endpoints.all.has(service) || this.existing.has(service);

  /** Lets somebody out to a service, and in where it is reached. */
  public open(client: IConnectable, endpoint: NetworkEndpoint): void {
    const { endpoints: { all, securityGroup } } = this.options;
    const made = all.has(endpoint.service) && !endpoint._isGateway;
    if (made && securityGroup) {
      this.countLetIn(client);
      client.connections.allowTo(securityGroup, Port.HTTPS, 'HTTPS to interface endpoints');
    } else {
      client.connections.allowTo(this.addressesOf(endpoint), Port.HTTPS, `HTTPS to ${endpoint.service}`);
    }
  }

  /** Where a service is that has no security group: the list of its addresses, within the VPC, else anywhere, as far as routes lead. */
  private addressesOf(endpoint: NetworkEndpoint): IConnectable {
    if (endpoint._isGateway) {
      return this.prefixLists.get(endpoint.service) ?? Peer.anyIpv4();
    }
    const range = this.existing.has(endpoint.service) ? rangeOf(this.options.vpc) : undefined;
    return range === undefined ? Peer.anyIpv4() : Peer.ipv4(range);
  }

  private countLetIn(client: IConnectable): void {
    this.letIn.add(client);
    if (this.letIn.size === MOST_RULES + 1) {
      Annotations.of(this.scope).addWarningV2('cdk-jobworks:network.manyClients',
        `More than ${MOST_RULES} security groups are let in to the endpoints, which is what a group has room for by default. `
        + 'Have the quota "Inbound or outbound rules per security group" (L-0EA8095F) raised.');
    }
  }
}

/** The addresses of a VPC, unless it was imported without. */
function rangeOf(vpc: IVpc): string | undefined {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return undefined;
  }
}
