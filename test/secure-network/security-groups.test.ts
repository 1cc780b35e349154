import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { failureOf, functionIn, networkIn, newStack, plain, resources, said, theirs, type Given } from './support';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';

const { SQS, KMS, S3, DYNAMODB, SECRETS_MANAGER } = NetworkEndpoint;
const withoutNat = { natGateways: NatGateways.none() };
/** The rule that a group always has in itself: with none, EC2 would let everything out. */
const NOWHERE = 'Group → 255.255.255.255/32';

/** Who is let out to whom, and in from whom, each as a line. */
function rulesOf(template: Template): string[] {
  const port = ({ FromPort, ToPort }: Record<string, unknown>) => (FromPort === ToPort ? String(FromPort) : `${String(FromPort)}-${String(ToPort)}`);
  const name = (value: unknown) => plain(said(value)).replace(/\.GroupId$/, '');
  const rules = resources(template, 'EC2::SecurityGroup').flatMap(([id, { SecurityGroupEgress = [], SecurityGroupIngress = [] }]) => [
    ...(SecurityGroupEgress as Record<string, unknown>[]).map((rule) => `${plain(id)} → ${name(rule.CidrIp)}${rule.IpProtocol === 'icmp' ? '' : `:${port(rule)}`}`),
    ...(SecurityGroupIngress as Record<string, unknown>[]).map((rule) => `${plain(id)} ← ${name(rule.CidrIp)}:${port(rule)}`),
  ]);
  const out = resources(template, 'EC2::SecurityGroupEgress').map(([, { GroupId, DestinationSecurityGroupId, DestinationPrefixListId, ...rule }]) =>
    `${name(GroupId)} → ${name(DestinationSecurityGroupId ?? DestinationPrefixListId)}:${port(rule)}`);
  const into = resources(template, 'EC2::SecurityGroupIngress').map(([, { GroupId, SourceSecurityGroupId, ...rule }]) =>
    `${name(GroupId)} ← ${name(SourceSecurityGroupId)}:${port(rule)}`);
  return [...rules, ...out, ...into].filter((rule) => !/^NetworkEndpointsSecurityGroup → 255/.test(rule));
}

function rulesWith(props: Given | ((stack: Stack) => Given), ...services: NetworkEndpoint[]): string[] {
  const stack = newStack();
  const network = networkIn(stack, typeof props === 'function' ? props(stack) : props);
  network.securityGroupFor(stack, 'Group', ...services);
  return rulesOf(Template.fromStack(stack));
}

const prefixList = (stack: Stack, id: string) => ec2.PrefixList.fromPrefixListId(stack, id, `pl-${id.toLowerCase()}`);

describe('a function that needs', () => {
  test('nothing gets nowhere, and nothing gets in', () => {
    expect(rulesWith({})).toEqual([NOWHERE]);
  });

  test('a service with an endpoint gets to that, and is let in there', () => {
    expect(rulesWith({ ...withoutNat, endpoints: [SQS, KMS] }, SQS, KMS)).toEqual([
      NOWHERE, 'Group → NetworkEndpointsSecurityGroup:443', 'NetworkEndpointsSecurityGroup ← Group:443',
    ]);
  });

  test('the same with a way to the internet: the endpoint is nearer', () => {
    expect(rulesWith({ endpoints: [SQS] }, SQS)).toEqual([
      NOWHERE, 'Group → NetworkEndpointsSecurityGroup:443', 'NetworkEndpointsSecurityGroup ← Group:443',
    ]);
  });

  test('a service without an endpoint gets to anywhere by HTTPS, through NAT gateways', () => {
    expect(rulesWith({}, SECRETS_MANAGER)).toEqual([NOWHERE, 'Group → 0.0.0.0/0:443']);
  });

  test('S3 and DynamoDB gets to their addresses alone, where these are known', () => {
    expect(rulesWith((stack) => ({ s3PrefixList: prefixList(stack, 'S3'), dynamoDbPrefixList: prefixList(stack, 'Dynamo') }), S3, DYNAMODB)).toEqual([
      NOWHERE, 'Group → pl-s3:443', 'Group → pl-dynamo:443',
    ]);
  });

  test('S3 gets as far as routes lead, where its addresses are not known', () => {
    expect(rulesWith(withoutNat, S3)).toEqual([NOWHERE, 'Group → 0.0.0.0/0:443']);
    expect(rulesWith((stack) => ({ dynamoDbPrefixList: prefixList(stack, 'Dynamo') }), S3)).toEqual([NOWHERE, 'Group → 0.0.0.0/0:443']);
  });

  test('what a VPC has already gets to the addresses of that VPC', () => {
    expect(rulesWith((stack) => ({ vpc: theirs(stack), existingEndpoints: [SQS, KMS] }), SQS, KMS)).toEqual([NOWHERE, 'Group → 172.16.0.0/16:443']);
  });

  test('what a VPC has already, whose addresses nobody knows, gets to anywhere', () => {
    expect(rulesWith((stack) => ({ vpc: theirs(stack, { vpcCidrBlock: undefined }), existingEndpoints: [SQS] }), SQS)).toEqual([NOWHERE, 'Group → 0.0.0.0/0:443']);
  });

  test('a gateway endpoint that a VPC has already gets to its addresses', () => {
    expect(rulesWith((stack) => ({ vpc: theirs(stack), existingEndpoints: [S3], s3PrefixList: prefixList(stack, 'S3') }), S3)).toEqual([
      NOWHERE, 'Group → pl-s3:443',
    ]);
  });
});

describe('a function of the network', () => {
  test('is let out to further services, and to a database beside', () => {
    const stack = newStack();
    const network = networkIn(stack, { ...withoutNat, endpoints: [SQS] });
    const group = network.securityGroupFor(stack, 'Group');
    const fn = functionIn(stack, { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [group] });
    network.allowServices(fn, SQS);
    fn.connections.allowTo(network.securityGroupFor(stack, 'Database'), ec2.Port.POSTGRES);
    expect(rulesOf(Template.fromStack(stack))).toEqual([
      NOWHERE, 'Database → 255.255.255.255/32',
      'Group → NetworkEndpointsSecurityGroup:443', 'Group → Database:5432',
      'NetworkEndpointsSecurityGroup ← Group:443', 'Database ← Group:5432',
    ]);
  });

  test('is refused where it is in no network', () => {
    const stack = newStack();
    const network = networkIn(stack);
    expect(() => network.allowServices(functionIn(stack), SQS)).toThrow(
      'Stack/Fn: the function must be in the network Stack/Network to be let out of it. Fix: give it vpc, vpcSubnets: network.functionSubnets '
      + 'and securityGroups: [network.securityGroupFor(…)].',
    );
  });

  test('may be in another stack, which alone needs the other', () => {
    const app = new App();
    const network = networkIn(newStack(app, 'Network'), { endpoints: [SQS] });
    const stack = newStack(app, 'Functions');
    network.securityGroupFor(stack, 'Group', SQS);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    expect(stack.dependencies.map(({ stackName }) => stackName)).toEqual(['Network']);
  });

  test('is one of 60 that a group has room for, unless more were asked for', () => {
    const stack = newStack();
    const network = networkIn(stack, { endpoints: [SQS, KMS] });
    const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Network', Match.anyValue()).map(({ entry }) => entry.data as string);
    for (let count = 1; count <= 60; count += 1) network.securityGroupFor(stack, `Group${count}`, SQS, KMS);
    const groups = stack.node.children.length;
    expect(network.node.metadata.filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
    network.securityGroupFor(stack, 'Group61', SQS);
    expect(stack.node.children).toHaveLength(groups + 1);
    expect(warnings()).toEqual([expect.stringMatching(/^More than 60 security groups .* raised\. \[ack: cdk-jobworks:network\.manyClients\]$/)]);
  });
});

describe('without a way to a service', () => {
  test('synthesis names all that is missing, who needs it, and what to do', () => {
    const app = new App();
    const stack = newStack(app);
    const network = networkIn(stack, { ...withoutNat, endpoints: [KMS] });
    network.securityGroupFor(stack, 'First', SQS, KMS, S3);
    network.securityGroupFor(stack, 'Second', SQS);
    network._require(NetworkEndpoint.of('textract'), stack);
    network._require(NetworkEndpoint.of('textract'), stack);
    expect(failureOf(app)).toContain(
      '[Stack/Network] endpoints must name each service that is called, since there is no way to the internet. '
      + "Missing: NetworkEndpoint.SQS, which Stack/First and Stack/Second need; NetworkEndpoint.of('textract'), which Stack needs. "
      + "Fix: add NetworkEndpoint.SQS and NetworkEndpoint.of('textract') to endpoints of Stack/Network, or give it natGateways: NatGateways.one().",
    );
  });

  test('a VPC that exists may have it', () => {
    const app = new App();
    const stack = newStack(app);
    const isolated = { privateSubnetIds: undefined, privateSubnetRouteTableIds: undefined };
    networkIn(stack, { vpc: theirs(stack, isolated), existingEndpoints: [KMS] }).securityGroupFor(stack, 'Group', SQS, KMS, S3);
    expect(failureOf(app)).toContain(
      'Missing: NetworkEndpoint.SQS, which Stack/Group needs; NetworkEndpoint.S3, which Stack/Group needs. '
      + 'Fix: add NetworkEndpoint.SQS and NetworkEndpoint.S3 to endpoints of Stack/Network, or to existingEndpoints if the VPC has them already, '
      + 'or choose functionSubnets that lead to the internet.',
    );
  });

  test.each<[string, (stack: Stack) => Given]>([
    ['a NAT gateway', () => ({})],
    ['an endpoint', () => ({ ...withoutNat, endpoints: [NetworkEndpoint.of('sqs')] })],
    ['an endpoint that is there', (stack) => ({
      vpc: theirs(stack, { privateSubnetIds: undefined, privateSubnetRouteTableIds: undefined }), existingEndpoints: [SQS],
    })],
    ['private subnets of a VPC that exists', (stack) => ({ vpc: theirs(stack) })],
    ['private subnets of a VPC of the app', (stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc') })],
  ])('nothing is said where there is one: %s', (_, props) => {
    const app = new App();
    const stack = newStack(app);
    networkIn(stack, props(stack)).securityGroupFor(stack, 'Group', SQS);
    expect(() => app.synth()).not.toThrow();
  });

  test.each<[string, (stack: Stack) => Given]>([
    ['private subnets of a VPC of the app that has no NAT gateway', (stack) => ({
      vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }] }),
    })],
    ['isolated subnets, where there are private ones', (stack) => ({ vpc: theirs(stack), functionSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })],
  ])('it is said of %s', (_, props) => {
    const app = new App();
    const stack = newStack(app);
    networkIn(stack, props(stack)).securityGroupFor(stack, 'Group', SQS);
    expect(failureOf(app)).toContain('Missing: NetworkEndpoint.SQS, which Stack/Group needs.');
  });
});
