import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { databaseWith, ENV, failureOf, templateOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';

test('is one machine that nobody can connect to, however often it is asked for', () => {
  const fixture = databaseWith();
  expect(fixture.database.allowSessionManagerAccess()).toBe(fixture.database.allowSessionManagerAccess());
  const template = templateOf(fixture);
  template.resourceCountIs('AWS::EC2::Instance', 1);
  template.hasResourceProperties('AWS::EC2::Instance', {
    InstanceType: 't4g.nano',
    KeyName: Match.absent(),
    BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: Match.anyValue() } }],
    NetworkInterfaces: [{ AssociatePublicIpAddress: false, SubnetId: { Ref: Match.stringLikeRegexp('PrivateSubnet1') } }],
  });
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } });
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => JSON.stringify(Properties));
  expect(ingress.filter((text) => /"GroupId":\{"Fn::GetAtt":\["DatabaseSessionManager/.test(text))).toEqual([]);
  expect(ingress.filter((text) => /"GroupId":\{"Fn::GetAtt":\["DatabaseSecurityGroup.*SessionManager/.test(text))).toHaveLength(1);
});

test('without NAT gateways it needs the endpoints of Systems Manager, and says so', () => {
  const synthesised = (...endpoints: NetworkEndpoint[]) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const profile = EnvironmentProfile.dev();
    const network = new SecureNetwork(stack, 'Network', { profile, natGateways: NatGateways.none(), endpoints: [NetworkEndpoint.SECRETS_MANAGER, ...endpoints] });
    new ProxiedPostgres(stack, 'Database', { profile, network }).allowSessionManagerAccess();
    return app.synth();
  };
  expect(failureOf(() => synthesised())).toContain('add NetworkEndpoint.SSM, NetworkEndpoint.SSM_MESSAGES and NetworkEndpoint.EC2_MESSAGES to endpoints');
  expect(() => synthesised(NetworkEndpoint.SSM, NetworkEndpoint.SSM_MESSAGES, NetworkEndpoint.EC2_MESSAGES)).not.toThrow();
});
