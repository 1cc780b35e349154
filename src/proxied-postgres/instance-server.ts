import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  CaCertificate, Credentials, DatabaseInsightsMode, DatabaseInstance, DatabaseInstanceEngine, DatabaseInstanceReadReplica, ParameterGroup,
  PerformanceInsightRetention, ProxyTarget, StorageType, type CfnDBInstance, type DatabaseInstanceProps, type IInstanceEngine, type IParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { instanceConnections } from './connection-limits';
import type { InstanceSettings } from './postgres-settings';
import { PORT, type Server, type ServerOptions, type Target } from './server';
import { acknowledge } from '../internal/acknowledge';

/** What an instance writes that is worth keeping. */
export const INSTANCE_LOGS = ['postgresql', 'upgrade', 'iam-db-auth-error'] as const;

/** An instance of PostgreSQL, and its readers. */
export function createInstanceServer(scope: Construct, size: InstanceSettings, options: ServerOptions): Server {
  const engine = DatabaseInstanceEngine.postgres({ version: size.version });
  const parameterGroup = new ParameterGroup(scope, 'Parameters', {
    engine, description: 'PostgreSQL that takes encrypted connections alone', parameters: { ...options.parameters },
  });
  const instance = createWriter(scope, size, options, engine, parameterGroup);
  const replicas = Array.from({ length: size.readers }, (_, index) => createReader(scope, index + 1, size, options, instance, parameterGroup));
  const target = (one: DatabaseInstance | DatabaseInstanceReadReplica): Target => ({
    host: one.dbInstanceEndpointAddress,
    securityGroup: options.securityGroup,
    grant: (grantee, role) => allowConnect(one, grantee, role),
  });
  return {
    instance,
    writer: target(instance),
    readers: replicas.map(target),
    replicas: replicas.map(({ instanceIdentifier }) => instanceIdentifier),
    secret: instance.secret!,
    proxyTarget: ProxyTarget.fromInstance(instance),
    connectionLimit: instanceConnections(size.instanceType),
  };
}

/** Not by the instance's own method: without a flag of the app, it names a replica by its ARN, which lets nobody in. */
function allowConnect(instance: DatabaseInstance | DatabaseInstanceReadReplica, grantee: IGrantable, role: string): void {
  const { attrDbiResourceId } = instance.node.defaultChild as CfnDBInstance;
  const user = Stack.of(instance).formatArn({
    service: 'rds-db', resource: 'dbuser', resourceName: `${attrDbiResourceId}/${role}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  Grant.addToPrincipal({ grantee, actions: ['rds-db:connect'], resourceArns: [user] }).assertSuccess();
}

function createWriter(
  scope: Construct, size: InstanceSettings, options: ServerOptions, engine: IInstanceEngine, parameterGroup: IParameterGroup,
): DatabaseInstance {
  const { settings } = options;
  const instance = new DatabaseInstance(scope, 'Instance', {
    ...common(size, options),
    engine,
    parameterGroup,
    instanceIdentifier: options.identifier,
    databaseName: settings.databaseName,
    credentials: Credentials.fromSecret(options.masterSecret, options.masterUser),
    allocatedStorage: size.storage.toGibibytes(),
    maxAllocatedStorage: size.maximumStorage.toGibibytes(),
    storageEncrypted: true,
    storageEncryptionKey: options.encryptionKey,
    multiAz: size.multiAz,
    backupRetention: settings.backupRetention,
    preferredBackupWindow: settings.backupWindow,
    deleteAutomatedBackups: !settings.deletionProtection,
    allowMajorVersionUpgrade: false,
  });
  acknowledgeInstance(instance, settings.deletionProtection, size.multiAz);
  return instance;
}

function createReader(
  scope: Construct, number: number, size: InstanceSettings, options: ServerOptions, source: DatabaseInstance, parameterGroup: IParameterGroup,
): DatabaseInstanceReadReplica {
  const reader = new DatabaseInstanceReadReplica(scope, `Reader${number}`, {
    ...common(size, options),
    parameterGroup,
    instanceIdentifier: `${options.identifier}-r${number}`,
    sourceDatabaseInstance: source,
    deletionProtection: false, // there is nothing on it that is not on the writer
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const resource = reader.node.defaultChild as CfnDBInstance;
  resource.maxAllocatedStorage = size.maximumStorage.toGibibytes();
  for (const ofSource of ['AllocatedStorage', 'StorageEncrypted', 'KmsKeyId']) {
    resource.addPropertyDeletionOverride(ofSource);
  }
  acknowledgeInstance(reader, false, false);
  acknowledge(reader, { id: 'AwsSolutions-RDS2', reason: 'a replica is encrypted as its source is, which is, and cannot be told to be' });
  return reader;
}

/** What writer and readers have in common. */
function common(size: InstanceSettings, { settings, ...options }: ServerOptions) {
  return {
    vpc: options.vpc,
    vpcSubnets: options.subnets,
    securityGroups: [options.securityGroup],
    instanceType: size.instanceType,
    port: PORT,
    storageType: StorageType.GP3,
    publiclyAccessible: false,
    iamAuthentication: true,
    caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    preferredMaintenanceWindow: settings.maintenanceWindow,
    deletionProtection: settings.deletionProtection,
    removalPolicy: settings.removalPolicy,
    cloudwatchLogsExports: [...INSTANCE_LOGS],
    monitoringInterval: settings.monitoringInterval,
    monitoringRole: options.monitoringRole,
    enablePerformanceInsights: true,
    performanceInsightRetention: insightsRetention(settings.databaseInsights),
    performanceInsightEncryptionKey: options.encryptionKey,
    databaseInsightsMode: settings.databaseInsights,
  } satisfies Omit<DatabaseInstanceProps, 'engine'>;
}

/** A week costs nothing; the advanced mode takes 15 months and no less. */
export function insightsRetention(mode: DatabaseInsightsMode): PerformanceInsightRetention {
  return mode === DatabaseInsightsMode.ADVANCED ? PerformanceInsightRetention.MONTHS_15 : PerformanceInsightRetention.DEFAULT;
}

function acknowledgeInstance(construct: Construct, isProtected: boolean, multiAz: boolean): void {
  acknowledge(
    construct,
    { id: 'AwsSolutions-RDS11', reason: 'the port is no secret: what keeps others out is a security group that lets in functions by name, TLS and IAM' },
    ...(isProtected ? [] : [{ id: 'AwsSolutions-RDS10', reason: 'what is for trying things out, or a copy, must be deletable with its stack' }]),
    ...(multiAz ? [] : [{ id: 'AwsSolutions-RDS3', reason: 'a standby doubles the price; the profile, or the user, has chosen none' }]),
  );
}
