import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DatabaseInsightsMode } from 'aws-cdk-lib/aws-rds';
import type { BackupCopy } from './backup-copy';
import type { ProxiedPostgresAlarmOptions } from './postgres-alarms';
import type { PostgresEngine } from './postgres-engine';
import type { PostgresProxy } from './postgres-proxy';
import type { SqlMigrations } from './sql-migrations';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { SecureNetwork } from '../secure-network/secure-network';

/** What a database is made of. */
export interface ProxiedPostgresProps {
  /**
   * The environment, which decides on sizes, standby, proxy, retention and encryption. Required, since what it decides is billed by the hour.
   *
   * @see https://aws.amazon.com/rds/postgresql/pricing/
   */
  readonly profile: EnvironmentProfile;

  /** Where it is placed: the database in the network's isolated subnets, the functions that connect in its private ones. */
  readonly network: SecureNetwork;

  /**
   * What serves the database, and its size.
   *
   * @default PostgresEngine.instance()
   */
  readonly engine?: PostgresEngine;

  /**
   * Whether an RDS Proxy pools connections.
   *
   * @default - PostgresProxy.pooled() in staging and production, PostgresProxy.none() in dev
   */
  readonly proxy?: PostgresProxy;

  /**
   * What the database is called within the server: a letter, then letters, digits and underscores, 63 in all. It cannot be changed.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * SQL files and extensions that the database is made of, applied at deployment. The roles that functions come as are made in any case, and the
   * library's own tables, in schema `jobworks`. The function that applies them needs a way to Secrets Manager.
   *
   * @default - the library's own tables alone
   */
  readonly migrations?: SqlMigrations;

  /**
   * Parameters of the server beside those that are set here (`rds.force_ssl`).
   *
   * @default - the engine's own
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
   */
  readonly parameters?: { [name: string]: string };

  /**
   * The key for storage, backups, logs, insights and the master's secret. It cannot be changed.
   *
   * @default - a key of the database's own, which is kept when the database goes; keys that AWS manages in dev
   */
  readonly encryptionKey?: IKey;

  /**
   * To how long ago the database can be restored, in whole days from 1 to 35.
   *
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;

  /**
   * When backups are made, in UTC: `hh:mm-hh:mm`, half an hour at least, not within the maintenance window.
   *
   * @default '02:00-03:00'
   */
  readonly backupWindow?: string;

  /**
   * Where backups are copied to, such as another region.
   *
   * @default - nowhere
   */
  readonly backupCopy?: BackupCopy;

  /**
   * When minor versions and patches are applied, in UTC: `ddd:hh:mm-ddd:hh:mm`, half an hour at least.
   *
   * @default 'sun:03:30-sun:04:30'
   */
  readonly maintenanceWindow?: string;

  /**
   * Whether AWS refuses to delete the database until this is switched off.
   *
   * @default - in staging and production
   */
  readonly deletionProtection?: boolean;

  /**
   * What happens to the database when it leaves the stack. With `SNAPSHOT` a last snapshot stays.
   *
   * @default - RemovalPolicy.SNAPSHOT in staging and production, RemovalPolicy.DESTROY in dev
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the logs of the database are kept.
   *
   * @default - as the profile says
   */
  readonly logRetention?: RetentionDays;

  /**
   * How much Database Insights tells. The standard mode keeps a week and costs nothing; the advanced one keeps 15 months and is billed by vCPU
   * or ACU.
   *
   * @default DatabaseInsightsMode.STANDARD
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html
   */
  readonly databaseInsights?: DatabaseInsightsMode;

  /**
   * How often enhanced monitoring measures the operating system: 1, 5, 10, 15, 30 or 60 seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly monitoringInterval?: Duration;

  /**
   * Whether the password of the master user is changed by itself. The function that does it needs a way to Secrets Manager.
   *
   * @default true
   */
  readonly rotateMasterSecret?: boolean;

  /**
   * How often, in whole days from 1 to 365.
   *
   * @default Duration.days(30)
   */
  readonly rotationInterval?: Duration;

  /**
   * Tunes or removes alarms, one by one.
   *
   * @default - all of them, with the limits they name
   */
  readonly alarms?: ProxiedPostgresAlarmOptions;
}
