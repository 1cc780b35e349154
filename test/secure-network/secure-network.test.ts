import { App, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { networkIn, newStack, placedStack, plain, resources, said, synthesise, theirs, type Given } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';

const { SQS, S3, DYNAMODB, BEDROCK_RUNTIME } = NetworkEndpoint;
const dev = { profile: EnvironmentProfile.dev() };
const staging = { profile: EnvironmentProfile.staging() };
const prod = { profile: EnvironmentProfile.prod() };

/** Subnets, as a name, a range and the zone's number. */
function subnetsOf(template: Template): string[] {
  return resources(template, 'EC2::Subnet').map(([id, { CidrBlock }]) => `${plain(id).replace(/^NetworkVpc|Subnet$/g, '')} ${String(CidrBlock)}`);
}

/** What default routes lead to, by subnet. */
function waysOut(template: Template): string[] {
  return resources(template, 'EC2::Route').map(([id, { GatewayId, NatGatewayId }]) =>
    `${plain(id).replace(/^NetworkVpc|Subnet|DefaultRoute$/g, '')} → ${plain(said(NatGatewayId ?? GatewayId)).replace(/^NetworkVpc|Subnet|$/g, '')}`);
}

describe('a new VPC', () => {
  test('has public, private and isolated subnets of a /24 in two zones, and room for a third', () => {
    expect(subnetsOf(synthesise().template)).toEqual([
      'PublicSubnet1 10.0.0.0/24', 'PublicSubnet2 10.0.1.0/24',
      'PrivateSubnet1 10.0.3.0/24', 'PrivateSubnet2 10.0.4.0/24',
      'IsolatedSubnet1 10.0.6.0/24', 'IsolatedSubnet2 10.0.7.0/24',
    ]);
  });

  test('gets a third zone without moving what is there', () => {
    const two = subnetsOf(synthesise({}, placedStack()).template);
    const three = subnetsOf(synthesise({ availabilityZoneCount: 3 }, placedStack()).template);
    expect(three).toHaveLength(9);
    expect(three.filter((subnet) => !subnet.includes('Subnet3'))).toEqual(two);
  });

  test('knows no zone beside those that it has', () => {
    expect(synthesise().network.vpc.availabilityZones).toHaveLength(2);
  });

  test('keeps no room free that there is not', () => {
    expect(subnetsOf(synthesise({ cidr: '192.168.8.0/21' }).template)).toEqual([
      'PublicSubnet1 192.168.8.0/24', 'PublicSubnet2 192.168.9.0/24',
      'PrivateSubnet1 192.168.10.0/24', 'PrivateSubnet2 192.168.11.0/24',
      'IsolatedSubnet1 192.168.12.0/24', 'IsolatedSubnet2 192.168.13.0/24',
    ]);
  });

  test('gives nothing a public address by itself', () => {
    const { template } = synthesise();
    expect(resources(template, 'EC2::Subnet').map(([, { MapPublicIpOnLaunch }]) => MapPublicIpOnLaunch)).toEqual(Array(6).fill(false));
  });

  test('has its default security group closed, whatever the flags of the app', () => {
    for (const context of [{}, { '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': false }]) {
      const { template } = synthesise({}, newStack(new App({ context })));
      template.hasResourceProperties('Custom::VpcRestrictDefaultSG', {
        DefaultSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkVpc'), 'DefaultSecurityGroup'] },
      });
    }
  });

  test.each<[string, Given, string[]]>([
    ['none', { natGateways: NatGateways.none() }, []],
    ['one', { natGateways: NatGateways.one() }, ['Private1 → Public1NATGateway', 'Private2 → Public1NATGateway']],
    ['one per AZ', { natGateways: NatGateways.onePerAz() }, ['Private1 → Public1NATGateway', 'Private2 → Public2NATGateway']],
    ['one in dev', dev, ['Private1 → Public1NATGateway', 'Private2 → Public1NATGateway']],
    ['one in staging', staging, ['Private1 → Public1NATGateway', 'Private2 → Public1NATGateway']],
    ['one per AZ in prod', prod, ['Private1 → Public1NATGateway', 'Private2 → Public2NATGateway']],
    ['as asked, whatever the profile', { ...prod, natGateways: NatGateways.one() }, ['Private1 → Public1NATGateway', 'Private2 → Public1NATGateway']],
  ])('leads out of private subnets: %s', (_, props, expected) => {
    const { template } = synthesise(props);
    expect(waysOut(template)).toEqual(expect.arrayContaining(['Public1 → IGW', 'Public2 → IGW']));
    expect(waysOut(template).filter((way) => !way.startsWith('Public'))).toEqual(expected);
    template.resourceCountIs('AWS::EC2::NatGateway', new Set(expected.map((way) => way.split(' → ')[1])).size);
  });

  test('says where functions and databases are placed', () => {
    const { network } = synthesise();
    const names = (selection: ec2.SubnetSelection) => network.vpc.selectSubnets(selection).subnets.map(({ node }) => node.id);
    expect(names(network.functionSubnets)).toEqual(['PrivateSubnet1', 'PrivateSubnet2']);
    expect(names(network.databaseSubnets)).toEqual(['IsolatedSubnet1', 'IsolatedSubnet2']);
  });
});

describe('flow logs', () => {
  test.each<[string, Given, RetentionDays, boolean, string]>([
    ['dev', dev, 7, false, 'Delete'],
    ['staging', staging, 14, true, 'Delete'],
    ['prod', prod, 30, true, 'RetainExceptOnCreate'],
    ['as asked', { ...prod, flowLogRetention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY }, 180, true, 'Delete'],
  ])('are kept and encrypted: %s', (_, props, days, encrypted, policy) => {
    const { network, template } = synthesise(props);
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: days, KmsKeyId: encrypted ? Match.anyValue() : Match.absent() }, DeletionPolicy: policy,
    });
    template.resourceCountIs('AWS::KMS::Key', encrypted ? 1 : 0);
    expect(network.encryptionKey !== undefined).toBe(encrypted);
    expect(network.flowLogGroup).toBeDefined();
  });

  test('tell of everything, unless asked for less', () => {
    const traffic = ({ template }: { template: Template }) => resources(template, 'EC2::FlowLog').map(([, { TrafficType }]) => TrafficType);
    expect(traffic(synthesise())).toEqual(['ALL']);
    expect(traffic(synthesise({ flowLogTraffic: ec2.FlowLogTrafficType.REJECT }))).toEqual(['REJECT']);
  });

  test('are delivered for flow logs of this account alone, to this log group alone', () => {
    const { template } = synthesise();
    const [[group]] = resources(template, 'Logs::LogGroup');
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      ResourceType: 'VPC',
      ResourceId: { Ref: Match.stringLikeRegexp('^NetworkVpc') },
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: { Ref: group },
      DeliverLogsPermissionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkFlowLogsRole'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: {
              'aws:SourceArn': {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':vpc-flow-log/*']],
              },
            },
          },
        }],
      },
      Policies: [{
        PolicyDocument: {
          Statement: [{
            Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [group, 'Arn'] },
          }],
        },
      }],
    });
  });

  test('are encrypted with the key that is given, which lets CloudWatch Logs in', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Mine');
    const { template, network } = synthesise({ encryptionKey }, stack);
    expect(network.encryptionKey).toBe(encryptionKey);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Sid: 'CloudWatchLogs', Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
        })]),
      },
    });
  });
});

describe('endpoints', () => {
  /** What each endpoint is of, where it is, and how many routes lead to it. */
  const endpoints = (template: Template) => resources(template, 'EC2::VPCEndpoint').map(([, { ServiceName, VpcEndpointType, SubnetIds = [], RouteTableIds = [] }]) => [
    said(ServiceName).replace(/.*com\.amazonaws\."?,\{"Ref":"AWS::Region"\},"?\.|.*"\.|"\]\]\}$/g, ''), VpcEndpointType, (SubnetIds as unknown[]).length, (RouteTableIds as unknown[]).length,
  ]);

  test('of S3 and DynamoDB are there always, in every route table', () => {
    expect(endpoints(synthesise().template)).toEqual([['s3', 'Gateway', 0, 6], ['dynamodb', 'Gateway', 0, 6]]);
  });

  test('of others are made once each, in the private subnet of each zone', () => {
    const { network, template } = synthesise({ endpoints: [SQS, BEDROCK_RUNTIME, NetworkEndpoint.of('textract'), NetworkEndpoint.of('sqs'), S3] });
    expect(endpoints(template).slice(2)).toEqual([['sqs', 'Interface', 2, 0], ['bedrock-runtime', 'Interface', 2, 0], ['textract', 'Interface', 2, 0]]);
    const [, { PrivateDnsEnabled, SubnetIds, SecurityGroupIds }] = resources(template, 'EC2::VPCEndpoint')[2];
    expect(PrivateDnsEnabled).toBe(true);
    expect((SubnetIds as unknown[]).map(said).map(plain)).toEqual(['NetworkVpcPrivateSubnet1Subnet', 'NetworkVpcPrivateSubnet2Subnet']);
    expect((SecurityGroupIds as unknown[]).map(said).map(plain)).toEqual(['NetworkEndpointsSecurityGroup.GroupId']);
    expect(network.findEndpoint(SQS)).toBeInstanceOf(ec2.InterfaceVpcEndpoint);
    expect(network.findEndpoint(DYNAMODB)).toBeInstanceOf(ec2.GatewayVpcEndpoint);
    expect(network.findEndpoint(NetworkEndpoint.KMS)).toBeUndefined();
  });

  test('let nobody in by themselves, and nothing out', () => {
    const { network, template } = synthesise({ endpoints: [SQS] });
    expect(network.endpointSecurityGroup).toBeDefined();
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })],
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('need no security group where none is an interface', () => {
    const { network, template } = synthesise();
    expect(network.endpointSecurityGroup).toBeUndefined();
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('are called what AWS calls them', () => {
    const Interface = ec2.InterfaceVpcEndpointAwsService;
    const byUs = Object.entries(NetworkEndpoint).filter(([, value]) => value instanceof NetworkEndpoint) as [string, NetworkEndpoint][];
    const byAws = new Set(Object.values(Interface).filter((value) => value instanceof Interface).map(({ shortName }) => shortName));
    expect(byUs.length).toBeGreaterThan(20);
    expect(byUs.filter(([name, endpoint]) => String(endpoint) !== `NetworkEndpoint.${name}` || !byAws.has(endpoint.service))).toEqual([]);
  });
});

describe('network ACLs', () => {
  test('are there only where they are asked for', () => {
    const { network, template } = synthesise();
    expect(network.networkAcls).toBeUndefined();
    template.resourceCountIs('AWS::EC2::NetworkAcl', 0);
  });

  test('let pass what functions, endpoints and databases need, and nothing else', () => {
    const { network, template } = synthesise({ networkAcls: true });
    const entries = resources(template, 'EC2::NetworkAclEntry').map(([, { NetworkAclId, Egress, CidrBlock, PortRange, Protocol, RuleAction }]) => {
      const { From, To } = PortRange as { readonly From: number; readonly To: number };
      const of = plain(said(NetworkAclId)).replace('NetworkNetworkAcls', '');
      return `${of} ${Egress ? 'out' : 'in'}: ${String(RuleAction)} ${String(Protocol)} ${From}-${To} ${plain(said(CidrBlock))}`;
    });
    expect(entries).toEqual([
      'Public in: allow 6 443-443 NetworkVpc.CidrBlock',
      'Public in: allow 6 1024-65535 0.0.0.0/0',
      'Public out: allow 6 443-443 0.0.0.0/0',
      'Public out: allow 6 1024-65535 NetworkVpc.CidrBlock',
      'Private in: allow 6 443-443 NetworkVpc.CidrBlock',
      'Private in: allow 6 1024-65535 0.0.0.0/0',
      'Private out: allow 6 443-443 0.0.0.0/0',
      'Private out: allow 6 1024-65535 NetworkVpc.CidrBlock',
      'Isolated in: allow 6 1024-65535 NetworkVpc.CidrBlock',
      'Isolated out: allow 6 1024-65535 NetworkVpc.CidrBlock',
    ]);
    const associated = resources(template, 'EC2::SubnetNetworkAclAssociation').map(([, { NetworkAclId, SubnetId }]) =>
      `${plain(said(SubnetId)).replace(/NetworkVpc|Subnet\d?/g, '')} ${plain(said(NetworkAclId)).replace('NetworkNetworkAcls', '')}`);
    expect(associated).toEqual(['Public', 'Public', 'Private', 'Private', 'Isolated', 'Isolated'].map((tier) => `${tier} ${tier}`));
    expect(Object.keys(network.networkAcls!)).toEqual(['publicSubnets', 'privateSubnets', 'isolatedSubnets']);
  });
});

describe('a VPC that exists', () => {
  test('is taken as it is', () => {
    const stack = newStack();
    const vpc = theirs(stack);
    const { network, template } = synthesise({ vpc }, stack);
    expect(network.vpc).toBe(vpc);
    expect(network.vpc.selectSubnets(network.functionSubnets).subnetIds).toEqual(['private-a', 'private-b']);
    expect(network.vpc.selectSubnets(network.databaseSubnets).subnetIds).toEqual(['isolated-a', 'isolated-b']);
    expect(template.toJSON().Resources).toBeUndefined();
  });

  test('may have subnets of one kind alone', () => {
    const stack = newStack();
    const { network } = synthesise({ vpc: theirs(stack, { privateSubnetIds: undefined, privateSubnetRouteTableIds: undefined }) }, stack);
    expect(network.vpc.selectSubnets(network.functionSubnets).subnetIds).toEqual(['isolated-a', 'isolated-b']);
    const other = newStack();
    const second = synthesise({ vpc: theirs(other, { isolatedSubnetIds: undefined, isolatedSubnetRouteTableIds: undefined }) }, other).network;
    expect(second.vpc.selectSubnets(second.databaseSubnets).subnetIds).toEqual(['private-a', 'private-b']);
  });

  test('gets the endpoints that are asked for, gateways in the routes of functions alone', () => {
    const stack = newStack();
    const { template } = synthesise({ vpc: theirs(stack), endpoints: [SQS, S3] }, stack);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', RouteTableIds: ['routes-a', 'routes-b'] });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['private-a', 'private-b'] });
  });

  test('may be used where its user says', () => {
    const stack = newStack();
    const vpc = theirs(stack);
    const { network } = synthesise({
      vpc, functionSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, databaseSubnets: { subnets: vpc.privateSubnets },
    }, stack);
    expect(vpc.selectSubnets(network.functionSubnets).subnetIds).toEqual(['isolated-a', 'isolated-b']);
    expect(vpc.selectSubnets(network.databaseSubnets).subnetIds).toEqual(['private-a', 'private-b']);
  });

  test('may be that of the app, or of another network', () => {
    const stack = newStack();
    const network = networkIn(stack);
    const again = networkIn(newStack(stack.node.root as App, 'Other'), { vpc: network.vpc });
    expect(again.vpc).toBe(network.vpc);
    expect(again.functionSubnets).toEqual(network.functionSubnets);
  });
});
