import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { databaseWith, ENV, only, templateOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { SecureNetwork } from '../../src/secure-network/secure-network';

const PROXY = 'AWS::RDS::DBProxy';
const GROUP = 'AWS::RDS::DBProxyTargetGroup';

test.each([
  ['dev', EnvironmentProfile.dev, 0],
  ['staging', EnvironmentProfile.staging, 1],
  ['prod', EnvironmentProfile.prod, 1],
] as const)('in %s there is one only if it is asked for or worth it', (_, profile, count) => {
  templateOf(databaseWith({ profile: profile() })).resourceCountIs(PROXY, count);
  templateOf(databaseWith({ profile: profile(), proxy: PostgresProxy.pooled() })).resourceCountIs(PROXY, 1);
  templateOf(databaseWith({ profile: profile(), proxy: PostgresProxy.none() })).resourceCountIs(PROXY, 0);
});

test('it takes TLS and IAM alone, and has no secret', () => {
  const { Auth, ...proxy } = only(templateOf(databaseWith()), PROXY);
  expect(Auth).toBeUndefined();
  expect(proxy).toMatchObject({ RequireTLS: true, DefaultAuthScheme: 'IAM_AUTH', EngineFamily: 'POSTGRESQL', DebugLogging: false, IdleClientTimeout: 1800 });
});

test.each([
  ['instance', PostgresEngine.instance(), 'DbiResourceId'],
  ['cluster', PostgresEngine.auroraServerlessV2(), 'DBClusterResourceId'],
] as const)('it comes to an %s as the two roles and as nobody else', (_, engine, resourceId) => {
  const template = templateOf(databaseWith({ engine }));
  const { RoleArn } = only(template, PROXY) as { RoleArn: { 'Fn::GetAtt': [string] } };
  const [roleId] = RoleArn['Fn::GetAtt'];
  const policies = Object.values(template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: roleId }] } }));
  const statements = policies
    .map(({ Properties }) => Properties as { PolicyDocument: { Statement: { Action: string; Resource: object | object[] }[] } })
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  expect([...new Set(statements.map(({ Action }) => Action))]).toEqual(['rds-db:connect']);
  const resources = statements.flatMap(({ Resource }) => Resource).map((resource) => JSON.stringify(resource));
  expect(resources).toHaveLength(2);
  expect(resources.every((text) => text.includes(`"${resourceId}"`))).toBe(true);
  expect(resources.map((text) => /\/(\w+)"\]\]/.exec(text)?.[1]).sort()).toEqual(['app', 'readonly']);
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'rds.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }] },
  });
});

test('the pool is what it is said to be', () => {
  const proxy = PostgresProxy.pooled({ maxConnectionsPercent: 60, maxIdleConnectionsPercent: 10, borrowTimeout: Duration.seconds(5) });
  expect(only(templateOf(databaseWith({ proxy })), GROUP)).toMatchObject({
    ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 60, MaxIdleConnectionsPercent: 10, ConnectionBorrowTimeout: 5 },
  });
  expect(only(templateOf(databaseWith()), GROUP)).toMatchObject({
    ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 90, MaxIdleConnectionsPercent: 45, ConnectionBorrowTimeout: 30 },
  });
});

test('in other subnets it has another name, since AWS moves none and would refuse two of one name; the database keeps its own', () => {
  const names = (availabilityZoneCount: number) => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    const profile = EnvironmentProfile.staging();
    const network = new SecureNetwork(stack, 'Network', { profile, availabilityZoneCount });
    new ProxiedPostgres(stack, 'Database', { profile, network, engine: PostgresEngine.auroraServerlessV2({ readers: 1 }) });
    const template = Template.fromStack(stack);
    const nameOf = (type: string, property: string) => JSON.stringify(only(template, type)[property]);
    return [nameOf('AWS::RDS::DBCluster', 'DBClusterIdentifier'), nameOf(PROXY, 'DBProxyName'), nameOf('AWS::RDS::DBProxyEndpoint', 'DBProxyEndpointName')];
  };
  const [two, again, three] = [names(2), names(2), names(3)];
  expect(again).toEqual(two);
  expect(three[0]).toBe(two[0]);
  expect(three[1]).not.toBe(two[1]);
  expect(three[2]).not.toBe(two[2]);
});

test('its log group is there before it', () => {
  const [{ DependsOn }] = Object.values(templateOf(databaseWith()).findResources(PROXY)) as { DependsOn: string[] }[];
  expect(DependsOn).toContainEqual(expect.stringMatching(/^DatabaseProxyLogs/));
});

test('its targets wait for the servers of a cluster', () => {
  const template = templateOf(databaseWith({ engine: PostgresEngine.auroraServerlessV2({ readers: 1 }) }));
  template.hasResource(GROUP, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('ClusterReader1'), Match.stringLikeRegexp('ClusterWriter')]) });
});

test('only a cluster with readers has an endpoint that reads', () => {
  const endpoint = 'AWS::RDS::DBProxyEndpoint';
  templateOf(databaseWith({ engine: PostgresEngine.auroraServerlessV2({ readers: 1 }) })).hasResourceProperties(endpoint, { TargetRole: 'READ_ONLY' });
  templateOf(databaseWith({ engine: PostgresEngine.auroraServerlessV2({ readers: 0 }) })).resourceCountIs(endpoint, 0);
  templateOf(databaseWith({ engine: PostgresEngine.instance({ readers: 1 }) })).resourceCountIs(endpoint, 0);
});

test('the database lets in the proxy, the migrations and the rotation, and nobody else', () => {
  const template = templateOf(databaseWith());
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties as {
    GroupId: { 'Fn::GetAtt': [string] }; SourceSecurityGroupId: { 'Fn::GetAtt': [string] }; FromPort: unknown; ToPort: unknown;
  });
  const toDatabase = ingress.filter(({ GroupId }) => GroupId['Fn::GetAtt'][0].startsWith('DatabaseSecurityGroup'));
  expect(toDatabase.map(({ SourceSecurityGroupId }) => SourceSecurityGroupId['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, '')).sort())
    .toEqual(['DatabaseMigrationsSecurityGroup', 'DatabaseProxySecurityGroup', 'DatabaseRotationSecurityGroup']);
});
