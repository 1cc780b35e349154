import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import {
  FlowLogTrafficType, SubnetType, type CfnNatGateway, type IConnectable, type ISecurityGroup, type IVpc, type SecurityGroup, type SubnetSelection,
  type VpcEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { leadOut, placesIn } from './existing-vpc';
import { createFlowLogs } from './flow-logs';
import { groupDescription } from './names';
import { NatGateways } from './nat-gateways';
import { NeededServices } from './needed-services';
import { createNetworkAcls, type SecureNetworkAcls } from './network-acls';
import { createNetworkAlarms, natGatewaysOf, type SecureNetworkAlarms } from './network-alarms';
import { NetworkEndpoint } from './network-endpoint';
import { NETWORK_KINDS } from './network-kinds';
import { monitorNetwork } from './network-monitoring';
import { checkNetworkProps, DEFAULT_CIDR, DEFAULT_ZONES } from './network-rules';
import { createVpc } from './new-vpc';
import type { SecureNetworkProps } from './secure-network-props';
import { createVpcEndpoints, type VpcEndpoints } from './vpc-endpoints';
import { WaysOut } from './ways-out';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { checkAlarmActions } from '../internal/arguments';
import { createClosedSecurityGroup } from '../internal/closed-security-group';
import { createEncryptionKey } from '../internal/encryption';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import type { IMonitored, Monitoring } from '../monitoring/monitored';

/** Where things are placed in a VPC, and whether there is a way to the internet. */
interface Placement {
  readonly vpc: IVpc;
  readonly functionSubnets: SubnetSelection;
  readonly databaseSubnets: SubnetSelection;
  readonly leadsOut: boolean;
}

/**
 * A network for functions and their database: a VPC with public, private and isolated subnets, or one that exists.
 *
 * Functions are in the private subnets, databases in the isolated ones. S3 and DynamoDB are reached by gateway endpoints, other services by interface
 * endpoints or through NAT gateways. Security groups let functions out only to what they need. The default security group is closed, nothing is given
 * a public address by itself, and flow logs tell who talked to whom.
 *
 * @example
 * const network = new SecureNetwork(this, 'Network', {
 *   profile: EnvironmentProfile.staging(),
 *   endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER],
 * });
 *
 * new lambda.Function(this, 'Worker', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   code: lambda.Code.fromInline('exports.handler = async () => {};'),
 *   handler: 'index.handler',
 *   vpc: network.vpc,
 *   vpcSubnets: network.functionSubnets,
 *   securityGroups: [network.securityGroupFor(this, 'WorkerGroup', NetworkEndpoint.SQS, NetworkEndpoint.S3)],
 * });
 */
export class SecureNetwork extends Construct implements IMonitored {
  /** The VPC, new or given. */
  public readonly vpc: IVpc;
  /** Where functions are placed: `vpcSubnets` of a function. */
  public readonly functionSubnets: SubnetSelection;
  /** Where databases are placed. */
  public readonly databaseSubnets: SubnetSelection;
  /** What guards the interface endpoints that were made here; none without. */
  public readonly endpointSecurityGroup?: ISecurityGroup;
  /** The network ACLs, where they were asked for. */
  public readonly networkAcls?: SecureNetworkAcls;
  /** Who talked to whom; none for a VPC that exists. */
  public readonly flowLogGroup?: ILogGroup;
  /** The key that flow logs are encrypted with; none if CloudWatch manages the encryption. */
  public readonly encryptionKey?: IKey;
  /** The alarms of the NAT gateways that were made here. */
  public readonly alarms: SecureNetworkAlarms;

  private readonly gateways: readonly CfnNatGateway[];
  private readonly endpoints: VpcEndpoints;
  private readonly waysOut: WaysOut;
  private readonly needed = new NeededServices();

  /**
   * Creates the network, or what is missing in one that exists.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what it is made of
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: SecureNetworkProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, NETWORK_KINDS);
    checkNetworkProps(rules, this, props);
    rules.throwIfBroken();
    if (new.target === SecureNetwork) {
      warnOfUnknownProps(this, 'cdk-jobworks:network.unknownProps', props, NETWORK_KINDS);
    }

    props.profile.applyTo(this);
    const placement = props.vpc ? existing(props.vpc, props) : this.create(props);
    this.vpc = placement.vpc;
    this.functionSubnets = placement.functionSubnets;
    this.databaseSubnets = placement.databaseSubnets;

    if (!props.vpc) {
      this.encryptionKey = this.keyFor(props);
      this.flowLogGroup = this.logFlows(props);
      this.networkAcls = props.networkAcls ? createNetworkAcls(this, 'NetworkAcls', this.vpc) : undefined;
    }
    this.gateways = props.vpc ? [] : natGatewaysOf(this.vpc);
    this.alarms = createNetworkAlarms(new Construct(this, 'Alarms'), this.node.path, this.gateways, props.alarms);
    this.endpoints = this.createEndpoints(props);
    this.endpointSecurityGroup = this.endpoints.securityGroup;
    this.waysOut = new WaysOut(this, {
      vpc: this.vpc,
      endpoints: this.endpoints,
      existing: props.existingEndpoints ?? [],
      leadsOut: placement.leadsOut,
      s3PrefixList: props.s3PrefixList,
      dynamoDbPrefixList: props.dynamoDbPrefixList,
    });
    this.node.addValidation({ validate: () => this.needed.problems(this.waysOut.isReached, this.node.path, props.vpc === undefined) });
  }

  /**
   * A security group for one function, which nothing gets in by, and which lets out to the services named. What else the function connects to is
   * added with `connections.allowTo()`; a database's `grantConnect` does.
   *
   * @param scope the construct that the group belongs to
   * @param id its name within the scope
   * @param services what the function calls
   * @returns the group, for the function's `securityGroups`
   */
  public securityGroupFor(scope: Construct, id: string, ...services: NetworkEndpoint[]): SecurityGroup {
    const group = createClosedSecurityGroup(scope, id, this.vpc, groupDescription('A function of', scope));
    this._connect(group, group, services);
    return group;
  }

  /**
   * Lets a function of this network out to services, and in at their endpoints.
   *
   * @param fn a function that is placed in `vpc`
   * @param services what it calls
   * @throws an error if the function is in no network
   */
  public allowServices(fn: IFunction, ...services: NetworkEndpoint[]): void {
    if (!fn.isBoundToVpc) {
      throw new Error(`${fn.node.path}: the function must be in the network ${this.node.path} to be let out of it. `
        + 'Fix: give it vpc, vpcSubnets: network.functionSubnets and securityGroups: [network.securityGroupFor(…)].');
    }
    this._connect(fn, fn, services);
  }

  /**
   * The endpoint of a service, such as to give it a policy.
   *
   * @param service which one
   * @returns the endpoint; nothing where it was not made here
   */
  public findEndpoint(service: NetworkEndpoint): VpcEndpoint | undefined {
    return this.endpoints.all.get(service.service);
  }

  /**
   * Gives every alarm something to do when it rings, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: IAlarmAction[]): void {
    checkAlarmActions(this, actions);
    for (const alarm of Object.values(this.alarms)) {
      alarm?.addAlarmAction(...actions);
    }
  }

  /**
   * What there is to watch of the network, for a dashboard: its NAT gateways and interface endpoints.
   *
   * @returns its alarms, its part of the page, its flow logs and costs
   */
  public monitor(): Monitoring {
    return monitorNetwork({
      title: this.node.path,
      alarms: this.alarms,
      natGateways: this.gateways,
      endpoints: this.endpoints.all,
      vpcId: this.vpc.vpcId,
      zones: this.vpc.availabilityZones.length,
      flowLogGroup: this.flowLogGroup,
    });
  }

  /**
   * Notes that somebody in the network calls a service. Synthesis names everything that nobody gets to, at once.
   *
   * @internal
   */
  public _require(service: NetworkEndpoint, who: IConstruct): void {
    this.needed.add(service, who);
  }

  /**
   * Notes what somebody calls, and lets it out.
   *
   * @internal
   */
  public _connect(client: IConnectable, who: IConstruct, services: readonly NetworkEndpoint[]): void {
    for (const service of services) {
      this._require(service, who);
      if (this.waysOut.isReached(service)) {
        this.waysOut.open(client, service);
      }
    }
  }

  private create(props: SecureNetworkProps): Placement {
    const zones = props.availabilityZoneCount ?? DEFAULT_ZONES;
    const natGateways = (props.natGateways ?? defaultNatGateways(props.profile))._count(zones);
    return {
      vpc: createVpc(this, 'Vpc', { cidr: props.cidr ?? DEFAULT_CIDR, zones, natGateways }),
      functionSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      databaseSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      leadsOut: natGateways > 0,
    };
  }

  private keyFor({ encryptionKey, profile, removalPolicy = profile.removalPolicy }: SecureNetworkProps): IKey | undefined {
    return encryptionKey ?? (profile.customerManagedKeys
      ? createEncryptionKey(this, 'Key', { description: `Flow logs of ${this.node.path}`, removalPolicy })
      : undefined);
  }

  private logFlows({ profile, ...props }: SecureNetworkProps): ILogGroup {
    return createFlowLogs(this, 'FlowLogs', this.vpc, {
      traffic: props.flowLogTraffic ?? FlowLogTrafficType.ALL,
      retention: props.flowLogRetention ?? profile.logRetention,
      removalPolicy: props.removalPolicy ?? profile.removalPolicy,
      encryptionKey: this.encryptionKey,
    });
  }

  /** In a VPC that exists, gateway endpoints stand in the routes of functions alone: others may have their own. */
  private createEndpoints({ vpc, endpoints = [] }: SecureNetworkProps): VpcEndpoints {
    return createVpcEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      wanted: vpc ? endpoints : [NetworkEndpoint.S3, NetworkEndpoint.DYNAMODB, ...endpoints],
      placement: this.functionSubnets,
      routedFrom: vpc && [this.functionSubnets],
    });
  }
}

function existing(vpc: IVpc, props: SecureNetworkProps): Placement {
  const { functionSubnets, databaseSubnets } = placesIn(vpc, props);
  return {
    vpc,
    functionSubnets: functionSubnets.selection,
    databaseSubnets: databaseSubnets.selection,
    leadsOut: leadOut(vpc, functionSubnets.subnets),
  };
}

/** In production a zone that fails must not cut off the others. */
function defaultNatGateways(profile: EnvironmentProfile): NatGateways {
  return profile.sizes.natGatewayPerZone ? NatGateways.onePerAz() : NatGateways.one();
}
