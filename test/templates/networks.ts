import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import type { SecureNetworkProps } from '../../src/secure-network/secure-network-props';

const { SQS, SECRETS_MANAGER, BEDROCK_RUNTIME, ECR_API, S3, DYNAMODB } = NetworkEndpoint;

/** A kind of network, as props that may need something of the app's. */
const networks = {
  'network, dev': () => ({ profile: EnvironmentProfile.dev() }),
  'network, staging': () => ({ profile: EnvironmentProfile.staging() }),
  'network, prod': () => ({ profile: EnvironmentProfile.prod() }),
  'network, maximal': (given) => ({
    profile: EnvironmentProfile.prod(),
    cidr: '10.20.0.0/20',
    availabilityZoneCount: 3,
    natGateways: NatGateways.none(),
    networkAcls: true,
    endpoints: [SQS, SECRETS_MANAGER, BEDROCK_RUNTIME, ECR_API],
    s3PrefixList: ec2.PrefixList.fromPrefixListId(given, 'S3', 'pl-6da54004'),
    dynamoDbPrefixList: ec2.PrefixList.fromPrefixListId(given, 'DynamoDb', 'pl-6fa54006'),
  }),
  'network, in a VPC that exists': (given) => ({
    profile: EnvironmentProfile.prod(),
    vpc: ec2.Vpc.fromVpcAttributes(given, 'Theirs', {
      vpcId: 'vpc-0123456789abcdef0',
      vpcCidrBlock: '172.16.0.0/16',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef1', 'rtb-0123456789abcdef2'],
    }),
    endpoints: [SQS, S3],
    existingEndpoints: [SECRETS_MANAGER, DYNAMODB],
  }),
} satisfies Record<string, (given: Construct) => SecureNetworkProps>;

/** A kind of network, by what is said of it. */
export type NetworkKind = keyof typeof networks;

/** Every kind of network whose template is judged: each environment, the most there is, and in a VPC that exists. */
export const NETWORKS = Object.keys(networks) as NetworkKind[];

/** A network in an app of its own. */
export interface NetworkFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly network: SecureNetwork;
}

/** An app with one network of a kind, and a group of each sort for functions in it; ids as given. */
export function networkOf(kind: NetworkKind, { stackId = 'Stack', ids = ['Network'] }: { readonly stackId?: string; readonly ids?: readonly string[] } = {}): NetworkFixture {
  const app = new App();
  const stack = new Stack(app, stackId, { env: { account: '123456789012', region: 'eu-west-1' } });
  const scope = ids.slice(0, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
  const props: SecureNetworkProps = networks[kind](new Construct(scope, 'Given'));
  const network = new SecureNetwork(scope, ids[ids.length - 1], props);
  network.securityGroupFor(network, 'NothingGroup');
  network.securityGroupFor(network, 'AllGroup', SQS, SECRETS_MANAGER, S3, DYNAMODB);
  return { app, stack, network };
}
