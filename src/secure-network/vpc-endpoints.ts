import {
  GatewayVpcEndpoint, GatewayVpcEndpointAwsService, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService,
  type IVpc, type SecurityGroup, type SubnetSelection, type VpcEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { groupDescription } from './names';
import { NetworkEndpoint } from './network-endpoint';
import { createClosedSecurityGroup } from '../internal/closed-security-group';

/** The endpoints of a network, by service. */
export interface VpcEndpoints {
  readonly all: ReadonlyMap<string, VpcEndpoint>;
  /** What guards the interface endpoints, where there are any. */
  readonly securityGroup?: SecurityGroup;
}

/** Where endpoints are needed, and which. */
export interface VpcEndpointOptions {
  readonly vpc: IVpc;
  readonly wanted: readonly NetworkEndpoint[];
  /** Where interface endpoints are placed. */
  readonly placement: SubnetSelection;
  /** From where gateway endpoints are reached; everywhere, if not given. */
  readonly routedFrom?: SubnetSelection[];
}

/** Every service that is asked for, once. */
export function createVpcEndpoints(scope: Construct, id: string, options: VpcEndpointOptions): VpcEndpoints {
  const services = [...new Map(options.wanted.map((endpoint) => [endpoint.service, endpoint])).values()];
  if (services.length === 0) {
    return { all: new Map() };
  }
  const inside = new Construct(scope, id);
  const securityGroup = services.some(({ _isGateway }) => !_isGateway) ? createSecurityGroup(inside, options.vpc) : undefined;
  const all = services.map((endpoint) => {
    const made = endpoint._isGateway ? createGateway(inside, endpoint, options) : createInterface(inside, endpoint, options, securityGroup!);
    return [endpoint.service, made] as const;
  });
  return { all: new Map(all), securityGroup };
}

function createSecurityGroup(scope: Construct, vpc: IVpc): SecurityGroup {
  return createClosedSecurityGroup(scope, 'SecurityGroup', vpc, groupDescription('443 from functions that call services: endpoints of', scope));
}

function createGateway(scope: Construct, endpoint: NetworkEndpoint, { vpc, routedFrom }: VpcEndpointOptions): GatewayVpcEndpoint {
  const service = endpoint.service === NetworkEndpoint.S3.service ? GatewayVpcEndpointAwsService.S3 : GatewayVpcEndpointAwsService.DYNAMODB;
  return new GatewayVpcEndpoint(scope, idOf(endpoint), { vpc, service, subnets: routedFrom });
}

function createInterface(
  scope: Construct, endpoint: NetworkEndpoint, { vpc, placement }: VpcEndpointOptions, securityGroup: SecurityGroup,
): InterfaceVpcEndpoint {
  return new InterfaceVpcEndpoint(scope, idOf(endpoint), {
    vpc,
    service: new InterfaceVpcEndpointAwsService(endpoint.service),
    subnets: { ...placement, onePerAz: true },
    securityGroups: [securityGroup],
    open: false, // not to the whole VPC: each function is let in by its group
    privateDnsEnabled: true,
  });
}

/** The service as an id: `BedrockRuntime`. */
function idOf({ service }: NetworkEndpoint): string {
  return service.split(/[.-]/).map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}
