import {
  CaCertificate, ClusterInstance, Credentials, DatabaseCluster, DatabaseClusterEngine, ParameterGroup, ProxyTarget, type IClusterInstance,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { auroraConnections } from './connection-limits';
import { insightsRetention } from './instance-server';
import type { AuroraSettings } from './postgres-settings';
import { PORT, type Server, type ServerOptions, type Target } from './server';
import { acknowledge } from '../internal/acknowledge';

/** What a cluster writes that is worth keeping. */
export const AURORA_LOGS = ['postgresql'] as const;

/** An Aurora cluster whose servers scale. */
export function createAuroraServer(scope: Construct, size: AuroraSettings, options: ServerOptions): Server {
  const { settings, encryptionKey } = options;
  const engine = DatabaseClusterEngine.auroraPostgres({ version: size.version });
  const parameterGroup = new ParameterGroup(scope, 'Parameters', {
    engine, description: 'Aurora PostgreSQL that takes encrypted connections alone', parameters: { ...options.parameters },
  });
  const cluster = new DatabaseCluster(scope, 'Cluster', {
    engine,
    parameterGroup,
    clusterIdentifier: options.identifier,
    vpc: options.vpc,
    vpcSubnets: options.subnets,
    securityGroups: [options.securityGroup],
    port: PORT,
    defaultDatabaseName: settings.databaseName,
    credentials: Credentials.fromSecret(options.masterSecret, options.masterUser),
    writer: serverless('Writer', options),
    readers: Array.from({ length: size.readers }, (_, index) => serverless(`Reader${index + 1}`, options, index === 0)),
    serverlessV2MinCapacity: size.minCapacity,
    serverlessV2MaxCapacity: size.maxCapacity,
    serverlessV2AutoPauseDuration: size.autoPause,
    storageEncrypted: true,
    storageEncryptionKey: encryptionKey,
    iamAuthentication: true,
    backup: { retention: settings.backupRetention, preferredWindow: settings.backupWindow },
    deleteAutomatedBackups: !settings.deletionProtection,
    preferredMaintenanceWindow: settings.maintenanceWindow,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    deletionProtection: settings.deletionProtection,
    removalPolicy: settings.removalPolicy,
    cloudwatchLogsExports: [...AURORA_LOGS],
    monitoringInterval: settings.monitoringInterval,
    monitoringRole: options.monitoringRole,
    enableClusterLevelEnhancedMonitoring: true,
    ...insightsOf(options),
    databaseInsightsMode: settings.databaseInsights,
  });
  acknowledgeCluster(cluster, settings.deletionProtection);
  const target = (host: string): Target => ({
    host,
    securityGroup: options.securityGroup,
    grant: (grantee, role) => { cluster.grantConnect(grantee, role); },
  });
  return {
    cluster,
    writer: target(cluster.clusterEndpoint.hostname),
    readers: size.readers > 0 ? [target(cluster.clusterReadEndpoint.hostname)] : [],
    replicas: [],
    secret: cluster.secret!,
    proxyTarget: ProxyTarget.fromCluster(cluster),
    connectionLimit: auroraConnections(size.minCapacity, size.maxCapacity),
  };
}

function serverless(id: string, options: ServerOptions, scaleWithWriter?: boolean): IClusterInstance {
  const { settings } = options;
  return ClusterInstance.serverlessV2(id, {
    scaleWithWriter,
    ...insightsOf(options),
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
    preferredMaintenanceWindow: settings.maintenanceWindow,
  });
}

function insightsOf({ settings, encryptionKey }: ServerOptions) {
  return {
    enablePerformanceInsights: true,
    performanceInsightRetention: insightsRetention(settings.databaseInsights),
    performanceInsightEncryptionKey: encryptionKey,
  };
}

function acknowledgeCluster(cluster: DatabaseCluster, isProtected: boolean): void {
  acknowledge(
    cluster,
    { id: 'AwsSolutions-RDS11', reason: 'the port is no secret: what keeps others out is a security group that lets in functions by name, TLS and IAM' },
    ...(isProtected ? [] : [{ id: 'AwsSolutions-RDS10', reason: 'what is for trying things out must be deletable with its stack' }]),
  );
}
