import { Duration, Size, type RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { AuroraPostgresEngineVersion, DatabaseInsightsMode, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { AuroraServerlessV2Options, PostgresInstanceOptions } from './postgres-engine';
import type { PostgresProxyOptions } from './postgres-proxy';
import type { ProxiedPostgresProps } from './proxied-postgres-props';
import { SqlMigrations } from './sql-migrations';
import type { EnvironmentSizes } from '../environment-profile/environment-sizes';

/** The size of an instance, with what the profile decides filled in. */
export type InstanceSettings = Required<PostgresInstanceOptions>;
/** The size of a cluster, likewise. */
export type AuroraSettings = Required<Omit<AuroraServerlessV2Options, 'autoPause'>> & Pick<AuroraServerlessV2Options, 'autoPause'>;
/** How a proxy shares connections, likewise. */
export type ProxySettings = Required<PostgresProxyOptions>;

/** Everything that is settled before anything is made. */
export interface PostgresSettings {
  readonly instance?: InstanceSettings;
  readonly aurora?: AuroraSettings;
  readonly proxy?: ProxySettings;
  readonly databaseName: string;
  readonly migrations: SqlMigrations;
  readonly backupRetention: Duration;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly deletionProtection: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly databaseInsights: DatabaseInsightsMode;
  readonly monitoringInterval: Duration;
  readonly rotationInterval: Duration;
}

/** A visible chain for each: what is given, else what the profile says. */
export function settle(props: ProxiedPostgresProps): PostgresSettings {
  const { sizes } = props.profile;
  const { _instance: instance, _aurora: aurora } = props.engine ?? { _instance: {}, _aurora: undefined };
  const pooled = props.proxy ? props.proxy._options : sizes.databaseProxy ? {} : undefined;
  return {
    instance: instance && settleInstance(instance, sizes),
    aurora: aurora && settleAurora(aurora, sizes),
    proxy: pooled && settleProxy(pooled),
    databaseName: props.databaseName ?? 'app',
    migrations: props.migrations ?? SqlMigrations._none(),
    backupRetention: props.backupRetention ?? Duration.days(7),
    backupWindow: props.backupWindow ?? '02:00-03:00',
    maintenanceWindow: props.maintenanceWindow ?? 'sun:03:30-sun:04:30',
    deletionProtection: props.deletionProtection ?? sizes.databaseDeletionProtection,
    removalPolicy: props.removalPolicy ?? sizes.databaseRemovalPolicy,
    databaseInsights: props.databaseInsights ?? DatabaseInsightsMode.STANDARD,
    monitoringInterval: props.monitoringInterval ?? Duration.minutes(1),
    rotationInterval: props.rotationInterval ?? Duration.days(30),
  };
}

function settleInstance(options: PostgresInstanceOptions, sizes: EnvironmentSizes): InstanceSettings {
  return {
    version: options.version ?? PostgresEngineVersion.VER_17,
    instanceType: options.instanceType ?? new InstanceType(sizes.databaseInstance),
    storage: options.storage ?? Size.gibibytes(20),
    maximumStorage: options.maximumStorage ?? Size.tebibytes(1),
    multiAz: options.multiAz ?? sizes.databaseMultiAz,
    readers: options.readers ?? 0,
  };
}

function settleAurora(options: AuroraServerlessV2Options, sizes: EnvironmentSizes): AuroraSettings {
  return {
    version: options.version ?? AuroraPostgresEngineVersion.of('17.7', '17'), // whatever release of the CDK knows it
    minCapacity: options.minCapacity ?? sizes.auroraMinCapacity,
    maxCapacity: options.maxCapacity ?? sizes.auroraMaxCapacity,
    readers: options.readers ?? sizes.auroraReaders,
    autoPause: options.autoPause,
  };
}

function settleProxy(options: PostgresProxyOptions): ProxySettings {
  const maxConnectionsPercent = options.maxConnectionsPercent ?? 90;
  return {
    maxConnectionsPercent,
    maxIdleConnectionsPercent: options.maxIdleConnectionsPercent ?? Math.floor(maxConnectionsPercent / 2),
    borrowTimeout: options.borrowTimeout ?? Duration.seconds(30),
    idleClientTimeout: options.idleClientTimeout ?? Duration.minutes(30),
    debugLogging: options.debugLogging ?? false,
  };
}
