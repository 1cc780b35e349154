import { App, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { networkIn, newStack, placedStack, refusal, theirs, type Given } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import type { SecureNetworkProps } from '../../src/secure-network/secure-network-props';

type Case = [given: Given | ((stack: Stack) => Given), said: string, stack?: () => Stack];

const PROD = EnvironmentProfile.prod();
const { SQS, KMS, S3 } = NetworkEndpoint;
const oneZone = { availabilityZones: ['a'], privateSubnetIds: ['private-a'], privateSubnetRouteTableIds: ['routes-a'] };
const noSubnets = {
  privateSubnetIds: undefined, privateSubnetRouteTableIds: undefined, isolatedSubnetIds: undefined, isolatedSubnetRouteTableIds: undefined,
};
const LOOKED_UP = { 'availability-zones:account=123456789012:region=us-west-1': ['us-west-1a', 'us-west-1c'] };
const inTwoZones = () => new Stack(new App({ context: LOOKED_UP }), 'Stack', { env: { account: '123456789012', region: 'us-west-1' } });

/** What is given, and what is said of it. */
const REFUSED: Record<string, Case> = {
  // zones
  'one zone': [{ availabilityZoneCount: 1 }, 'availabilityZoneCount must be a whole number from 2 to 3. Given: 1. Fix: '],
  'four zones': [{ availabilityZoneCount: 4 }, 'availabilityZoneCount must be a whole number from 2 to 3. Given: 4.'],
  'half a zone': [{ availabilityZoneCount: 2.5 }, 'availabilityZoneCount must be a whole number from 2 to 3. Given: 2.5.'],
  'three zones where the place is not known': [
    { availabilityZoneCount: 3 },
    'availabilityZoneCount must be at most 2 in a stack that does not say where it is deployed: not every region has more. Given: 3. '
    + 'Fix: give the stack an env with account and region, or lower it to 2.',
  ],
  'three zones where there are two': [
    { availabilityZoneCount: 3 }, 'availabilityZoneCount must be at most 2, which us-west-1 has. Given: 3. Fix: lower it, or choose another region.', inTwoZones,
  ],
  'zones that are known later': [
    { availabilityZoneCount: Lazy.number({ produce: () => 2 }) },
    'availabilityZoneCount must be known before deployment: subnets are made for each zone. Fix: write 2 or 3.',
  ],

  // addresses
  'no range': [{ cidr: '10.0.0.0' }, "cidr must be an IPv4 range. Given: 10.0.0.0. Fix: write an address and a mask, such as '10.0.0.0/16'."],
  'a range of IPv6': [{ cidr: 'fd00::/64' }, 'cidr must be an IPv4 range. Given: fd00::/64.'],
  'a byte that is none': [{ cidr: '10.0.256.0/16' }, 'cidr must be an IPv4 range. Given: 10.0.256.0/16.'],
  'a mask that is none': [{ cidr: '10.0.0.0/33' }, 'cidr must be an IPv4 range. Given: 10.0.0.0/33.'],
  'spaces around it': [{ cidr: ' 10.0.0.0/16' }, 'cidr must be an IPv4 range.'],
  'an address within the range': [{ cidr: '10.1.2.3/16' }, "cidr must begin at the first address of its range. Given: 10.1.2.3/16. Fix: write '10.1.0.0/16'."],
  'a high address within the range': [{ cidr: '192.168.200.0/18' }, "Fix: write '192.168.192.0/18'."],
  'a range that is too large': [{ cidr: '10.0.0.0/15' }, 'cidr must have a mask of 16 or more: AWS makes no larger VPC. Given: 10.0.0.0/15. Fix: choose a mask from 16 to 20.'],
  'no room for two zones': [
    { cidr: '10.0.0.0/22' },
    'cidr must have room for 6 subnets of a /24 each: public, private and isolated in 2 zones, a mask of 21 or less. Given: 10.0.0.0/22. Fix: choose a mask from 16 to 21.',
  ],
  'no room for three zones': [
    { cidr: '10.0.0.0/21', availabilityZoneCount: 3 },
    'cidr must have room for 9 subnets of a /24 each: public, private and isolated in 3 zones, a mask of 20 or less. Given: 10.0.0.0/21.', placedStack,
  ],
  'loopback': [{ cidr: '127.0.0.0/16' }, 'cidr must not be in what is set aside (0, 127, 169.254, 224 and above). Given: 127.0.0.0/16. Fix: choose a private range'],
  'link-local': [{ cidr: '169.254.0.0/16' }, 'cidr must not be in what is set aside'],
  'multicast': [{ cidr: '224.1.0.0/16' }, 'cidr must not be in what is set aside'],
  'this host': [{ cidr: '0.0.0.0/16' }, 'cidr must not be in what is set aside'],
  'a range that is known later': [
    (stack) => ({ cidr: new CfnParameter(stack, 'Cidr').valueAsString }),
    'cidr must be known before deployment: it is divided among subnets. Fix: write it, or read it from context.',
  ],

  // a VPC that exists
  'settings of a new VPC': [
    (stack) => ({ vpc: theirs(stack), cidr: '10.0.0.0/16' }), 'cidr cannot be given beside an existing vpc. Fix: set it where the VPC is made, or remove cidr.',
  ],
  'places in a new VPC': [{ functionSubnets: {} }, 'functionSubnets cannot be given without vpc. Fix: give vpc, or remove functionSubnets.'],
  'endpoints that a new VPC has already': [{ existingEndpoints: [SQS] }, 'existingEndpoints cannot be given without vpc.'],
  'an endpoint that is there and is not': [
    (stack) => ({ vpc: theirs(stack), endpoints: [SQS, KMS, S3], existingEndpoints: [SQS, S3] }),
    'endpoints must not name what existingEndpoints names: a VPC has one endpoint for a service. Given: NetworkEndpoint.SQS, NetworkEndpoint.S3. '
    + 'Fix: leave it in existingEndpoints alone, if the VPC has it.',
  ],
  'no subnets but public ones': [
    (stack) => ({ vpc: theirs(stack, { ...noSubnets, publicSubnetIds: ['public-a', 'public-b'] }) }),
    'vpc must have private or isolated subnets for functions. Given: ',
  ],
  'no subnets that are as asked': [
    (stack) => ({ vpc: theirs(stack), databaseSubnets: { subnetGroupName: 'Data' } }),
    'vpc must have private or isolated subnets for databases. Given: ',
  ],
  'an empty list of subnets': [
    (stack) => ({ vpc: theirs(stack), functionSubnets: { subnets: [] } }), 'vpc must have private or isolated subnets for functions. Given: none.',
  ],
  'one zone for functions': [
    (stack) => ({ vpc: theirs(stack, { ...noSubnets, ...oneZone }) }),
    'vpc must have subnets for functions in at least 2 availability zones, or one that fails takes everything with it. Given: 1. '
    + 'Fix: add subnets in another zone, or choose others in functionSubnets.',
  ],
  'one zone of a VPC that the app makes': [
    (stack) => ({
      vpc: new ec2.Vpc(stack, 'Vpc', {
        maxAzs: 1, subnetConfiguration: ['One', 'Two'].map((name) => ({ name, subnetType: ec2.SubnetType.PRIVATE_ISOLATED })),
      }),
    }),
    'vpc must have subnets for functions in at least 2 availability zones, or one that fails',
  ],
  'one zone whose name is known later': [
    (stack) => ({ vpc: theirs(stack, { ...noSubnets, ...oneZone, availabilityZones: [Fn.importValue('A')] }) }),
    'vpc must have subnets for functions in at least 2 availability zones, or one that fails',
  ],
  'one zone for databases': [
    (stack) => ({ vpc: theirs(stack), databaseSubnets: { availabilityZones: ['a'], subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
    'vpc must have subnets for databases in at least 2 availability zones',
  ],
  'public subnets for functions': [
    (stack) => ({ vpc: theirs(stack, { publicSubnetIds: ['public-a', 'public-b'] }), functionSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    'functionSubnets must not be public: a function has no public address and gets nowhere there. Fix: choose private or isolated subnets.',
  ],
  'public subnets for databases': [
    (stack) => ({ vpc: theirs(stack, { publicSubnetIds: ['public-a', 'public-b'] }), databaseSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    'databaseSubnets must not be public: databases stay within there.',
  ],
};

describe('refuses', () => {
  test.each(Object.entries(REFUSED))('%s', (_, [given, said, make = newStack]) => {
    const stack = make();
    const message = refusal(typeof given === 'function' ? given(stack) : given, stack);
    expect(message).toContain(`Stack/Network: ${said}`.replace(/^Stack\/Network: Fix/, 'Fix'));
  });

  test('everything at once', () => {
    const message = refusal({ availabilityZoneCount: 5, cidr: '10.0.0.1/24', existingEndpoints: [] });
    expect(message).toMatch(/^Stack\/Network: 4 rules are broken\./);
  });

  test('every setting of a new VPC beside one that exists', () => {
    const stack = newStack();
    const message = refusal({
      vpc: theirs(stack),
      cidr: '10.0.0.0/16',
      availabilityZoneCount: 2,
      natGateways: NatGateways.one(),
      networkAcls: false,
      flowLogRetention: RetentionDays.ONE_DAY,
      flowLogTraffic: ec2.FlowLogTrafficType.ALL,
      encryptionKey: new kms.Key(stack, 'Key'),
      removalPolicy: 'retain' as SecureNetworkProps['removalPolicy'],
    }, stack);
    expect([...message.matchAll(/: (\w+) cannot be given beside an existing vpc/g)].map(([, prop]) => prop)).toEqual([
      'cidr', 'availabilityZoneCount', 'natGateways', 'networkAcls', 'flowLogRetention', 'flowLogTraffic', 'encryptionKey', 'removalPolicy',
    ]);
  });

  /** As JavaScript, or a cast, lets pass. */
  test.each<[string, unknown, string]>([
    ['no profile', {}, 'profile must be an EnvironmentProfile. Given: nothing. Fix: write profile: EnvironmentProfile.prod(), .staging() or .dev().'],
    ['nothing at all', undefined, 'props must be an object'],
    ['retention that CloudWatch does not know', { profile: PROD, flowLogRetention: 42 }, 'flowLogRetention must be one of logs.RetentionDays. Given: 42.'],
    ['traffic that there is not', { profile: PROD, flowLogTraffic: 'SOME' }, "flowLogTraffic must be one of ec2.FlowLogTrafficType. Given: 'SOME'."],
    ['a service as text', { profile: PROD, endpoints: ['sqs'] }, "endpoints[0] must be a NetworkEndpoint. Given: 'sqs'. Fix: write NetworkEndpoint.SQS"],
    ['a number of gateways', { profile: PROD, natGateways: 1 }, 'natGateways must be a NatGateways. Given: 1. Fix: write natGateways: NatGateways.none(), .one() or .onePerAz().'],
    ['the id of a VPC', { profile: PROD, vpc: 'vpc-1' }, "vpc must be an ec2.IVpc. Given: 'vpc-1'."],
    ['a name of a prefix list', { profile: PROD, s3PrefixList: 'com.amazonaws.eu-west-1.s3' }, 's3PrefixList must be an ec2.IPrefixList.'],
  ])('%s', (_, props, said) => {
    expect(() => new SecureNetwork(newStack(), 'Network', props as SecureNetworkProps)).toThrow(said);
  });

  test.each([['com.amazonaws.eu-west-1.textract '], ['SQS'], [''], ['sqs.'], [undefined]])('%p as a service', (service) => {
    expect(() => NetworkEndpoint.of(service as string)).toThrow(
      /^NetworkEndpoint\.of\(\): service must be what follows the region in the name of an endpoint\. Given: .*\. Fix: write 'textract' for com\.amazonaws\.eu-west-1\.textract\.$/,
    );
  });
});

describe('takes', () => {
  test.each<[string, Given, (() => Stack)?]>([
    ['the largest range', { cidr: '10.0.0.0/16' }],
    ['the smallest range of two zones', { cidr: '10.0.8.0/21' }],
    ['the smallest range of three zones', { cidr: '10.0.16.0/20', availabilityZoneCount: 3 }, placedStack],
    ['the last range of all', { cidr: '223.255.0.0/16' }],
    ['two zones where there are two', { availabilityZoneCount: 2 }, inTwoZones],
    ['retention for ever', { flowLogRetention: RetentionDays.INFINITE }],
  ])('%s', (_, props, make = newStack) => {
    expect(() => networkIn(make(), props)).not.toThrow();
  });

  test('a VPC whose zones are known only at deployment', () => {
    const stack = newStack();
    const list = (name: string) => Fn.split(',', Fn.importValue(name));
    const unknown = { ...noSubnets, availabilityZones: Fn.getAzs(), privateSubnetIds: list('Private'), isolatedSubnetIds: list('Isolated') };
    expect(() => networkIn(stack, { vpc: theirs(stack, unknown) })).not.toThrow();
    const other = newStack();
    expect(() => networkIn(other, { vpc: theirs(other, { availabilityZones: [Fn.importValue('A'), Fn.importValue('B')] }) })).not.toThrow();
  });

  test('a VPC that the app makes', () => {
    const stack = newStack();
    expect(() => networkIn(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) })).not.toThrow();
  });

  test('a VPC that is looked up', () => {
    const stack = placedStack();
    expect(() => networkIn(stack, { vpc: ec2.Vpc.fromLookup(stack, 'Theirs', { vpcId: 'vpc-1' }) })).not.toThrow();
  });
});
