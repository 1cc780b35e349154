import { Stack } from 'aws-cdk-lib';
import type { IVpc, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDBProxyEndpoint, DatabaseProxy, DefaultAuthScheme } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { identifierOf } from './identifiers';
import { PostgresRole } from './postgres-role';
import type { ProxySettings } from './postgres-settings';
import type { Server, Target } from './server';
import type { LogGroupOptions } from '../internal/log-group';
import { createLogGroup } from '../internal/log-group';

/** What a proxy is made with. */
export interface DatabaseProxyOptions {
  readonly settings: ProxySettings;
  readonly server: Server;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: SecurityGroup;
  readonly logs: LogGroupOptions;
}

/** A proxy, and where functions come to. */
export interface CreatedProxy {
  readonly proxy: DatabaseProxy;
  readonly writer: Target;
  /** Of a cluster that has readers. */
  readonly reader?: Target;
}

/**
 * A proxy that takes TLS and IAM alone, and comes to the database by IAM itself: as the roles of applications, and as nobody else. There is no
 * secret.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
 */
export function createDatabaseProxy(scope: Construct, id: string, options: DatabaseProxyOptions): CreatedProxy {
  const { settings, server, securityGroup } = options;
  // AWS moves no proxy to other subnets, of which a third zone is one: it is replaced then, which takes another name
  const identifier = identifierOf(scope, options.vpc.selectSubnets(options.subnets).subnetIds);
  const logs = createLogGroup(scope, `${id}Logs`, { ...options.logs, logGroupName: `/aws/rds/proxy/${identifier}` });
  const role = createProxyRole(scope, `${id}Role`, server);
  const proxy = new DatabaseProxy(scope, id, {
    dbProxyName: identifier,
    proxyTarget: server.proxyTarget,
    vpc: options.vpc,
    vpcSubnets: options.subnets,
    securityGroups: [securityGroup],
    role,
    requireTLS: true,
    defaultAuthScheme: DefaultAuthScheme.IAM_AUTH,
    maxConnectionsPercent: settings.maxConnectionsPercent,
    maxIdleConnectionsPercent: settings.maxIdleConnectionsPercent,
    borrowTimeout: settings.borrowTimeout,
    idleClientTimeout: settings.idleClientTimeout,
    debugLogging: settings.debugLogging,
  });
  proxy.node.addDependency(role); // its permissions among it: else the first connections are refused
  proxy.node.addDependency(logs); // a group that the proxy had made would be in the way
  const target = (host: string): Target => ({
    host,
    securityGroup,
    grant: (grantee, name) => { proxy.grantConnect(grantee, name); },
  });
  return {
    proxy,
    writer: target(proxy.endpoint),
    ...(server.cluster && server.readers.length > 0 && { reader: target(createReadOnlyEndpoint(scope, `${id}Readers`, proxy, identifier, options)) }),
  };
}

/** Nobody but RDS of this account, for no more than the two roles. */
function createProxyRole(scope: Construct, id: string, server: Server): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('rds.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
  for (const name of Object.values(PostgresRole)) {
    server.writer.grant(role, name);
  }
  return role;
}

/** The proxy has one for what writes; who only reads is led to the readers by another. */
function createReadOnlyEndpoint(scope: Construct, id: string, proxy: DatabaseProxy, identifier: string, options: DatabaseProxyOptions): string {
  const endpoint = new CfnDBProxyEndpoint(scope, id, {
    dbProxyName: proxy.dbProxyName,
    dbProxyEndpointName: `${identifier}-ro`,
    targetRole: 'READ_ONLY',
    vpcSubnetIds: options.vpc.selectSubnets(options.subnets).subnetIds,
    vpcSecurityGroupIds: [options.securityGroup.securityGroupId],
  });
  return endpoint.attrEndpoint;
}
