import { RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuroraPostgresEngineVersion, DatabaseInsightsMode, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { BackupCopy, type BackupReplicationOptions, type BackupVaultCopyOptions } from './backup-copy';
import type { ProxiedPostgresAlarmOptions } from './postgres-alarms';
import { PostgresEngine, type AuroraServerlessV2Options, type PostgresInstanceOptions } from './postgres-engine';
import { PostgresProxy, type PostgresProxyOptions } from './postgres-proxy';
import type { ProxiedPostgresProps } from './proxied-postgres-props';
import { MIGRATION_KINDS, SqlMigrations } from './sql-migrations';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { ALARM } from '../internal/common-kinds';
import {
  constructKind, DURATION, enumKind, FLAG, instanceKind, madeBy, mapKind, numberKind, required, SIZE, structKind, TEXT, type KindsOf,
} from '../internal/value-kinds';
import { SecureNetwork } from '../secure-network/secure-network';

const ALARMS = structKind<ProxiedPostgresAlarmOptions>('{ cpu: { enabled: false } }', {
  connections: ALARM,
  cpu: ALARM,
  freeStorage: ALARM,
  capacity: ALARM,
  replicaLag: ALARM,
  deadlocks: ALARM,
  borrowLatency: ALARM,
  rotation: ALARM,
}, 'alarm by alarm');

/** What kind of value each option of an instance takes. */
export const INSTANCE_KINDS: KindsOf<PostgresInstanceOptions> = {
  version: instanceKind('rds.PostgresEngineVersion', () => PostgresEngineVersion, 'rds.PostgresEngineVersion.VER_17'),
  instanceType: instanceKind('ec2.InstanceType', () => InstanceType, 'ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE)'),
  storage: SIZE,
  maximumStorage: SIZE,
  multiAz: FLAG,
  readers: numberKind(1),
};

/** What kind of value each option of a cluster takes. */
export const AURORA_KINDS: KindsOf<AuroraServerlessV2Options> = {
  version: instanceKind('rds.AuroraPostgresEngineVersion', () => AuroraPostgresEngineVersion, 'rds.AuroraPostgresEngineVersion.VER_17_7'),
  minCapacity: numberKind(0.5),
  maxCapacity: numberKind(4),
  readers: numberKind(1),
  autoPause: DURATION,
};

/** What kind of value each option of a proxy takes. */
export const PROXY_KINDS: KindsOf<PostgresProxyOptions> = {
  maxConnectionsPercent: numberKind(90),
  maxIdleConnectionsPercent: numberKind(45),
  borrowTimeout: DURATION,
  idleClientTimeout: DURATION,
  debugLogging: FLAG,
};

/** What kind of value each prop of a database takes. */
export const POSTGRES_KINDS: KindsOf<ProxiedPostgresProps> = {
  profile: required(instanceKind('EnvironmentProfile', () => EnvironmentProfile, 'EnvironmentProfile.prod(), .staging() or .dev()')),
  network: required(instanceKind('SecureNetwork', () => SecureNetwork, 'network, with const network = new SecureNetwork(…)')),
  engine: madeBy(instanceKind('PostgresEngine', () => PostgresEngine, 'PostgresEngine.instance() or .auroraServerlessV2()'),
    ({ _instance, _aurora }: PostgresEngine) => [
      ['', _instance, structKind('PostgresEngine.instance({ readers: 1 })', INSTANCE_KINDS)],
      ['', _aurora, structKind('PostgresEngine.auroraServerlessV2({ minCapacity: 1, maxCapacity: 8 })', AURORA_KINDS)],
    ]),
  proxy: madeBy(instanceKind('PostgresProxy', () => PostgresProxy, 'PostgresProxy.pooled() or .none()'), ({ _options }: PostgresProxy) => [
    ['', _options, structKind('PostgresProxy.pooled({ maxConnectionsPercent: 90 })', PROXY_KINDS)],
  ]),
  databaseName: TEXT,
  migrations: madeBy(instanceKind('SqlMigrations', () => SqlMigrations, "SqlMigrations.fromDirectory('sql') or .onlyExtensions('vector')"),
    ({ _options }: SqlMigrations) => [['', _options, structKind("SqlMigrations.fromDirectory('sql', { extensions: ['vector'] })", MIGRATION_KINDS)]]),
  parameters: mapKind("{ log_min_duration_statement: '1000' }", TEXT),
  encryptionKey: constructKind('kms.IKey', 'keyArn', 'key, with const key = new kms.Key(…) or kms.Key.fromKeyArn(…)'),
  backupRetention: DURATION,
  backupWindow: TEXT,
  backupCopy: madeBy(instanceKind('BackupCopy', () => BackupCopy, 'BackupCopy.replication(…) or .dailyToVault(…)'), ({ _replication, _vault }: BackupCopy) => [
    ['', _replication, structKind<BackupReplicationOptions>("BackupCopy.replication({ region: 'eu-central-1' })", {
      region: required({ ...TEXT, write: "'eu-central-1'" }), encryptionKeyArn: TEXT, retention: DURATION,
    })],
    ['', _vault, structKind<BackupVaultCopyOptions>('BackupCopy.dailyToVault({ vaultArn })', { vaultArn: required(TEXT), retention: DURATION })],
  ]),
  maintenanceWindow: TEXT,
  deletionProtection: FLAG,
  removalPolicy: enumKind('RemovalPolicy', () => RemovalPolicy, 'SNAPSHOT'),
  logRetention: enumKind('logs.RetentionDays', () => RetentionDays, 'ONE_MONTH'),
  databaseInsights: enumKind('rds.DatabaseInsightsMode', () => DatabaseInsightsMode, 'STANDARD'),
  monitoringInterval: DURATION,
  rotateMasterSecret: FLAG,
  rotationInterval: DURATION,
  alarms: ALARMS,
};
