import type { Duration, Size } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { AuroraPostgresEngineVersion, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';

/** A database server of a fixed size. */
export interface PostgresInstanceOptions {
  /**
   * PostgreSQL 16 or newer. A version without its minor part gets the current one, which the maintenance window keeps current.
   *
   * @default PostgresEngineVersion.VER_17
   */
  readonly version?: PostgresEngineVersion;

  /**
   * How large the server is, and each reader. Its memory decides how many connections there can be.
   *
   * @default - db.t4g.micro in dev, db.t4g.small in staging, db.m7g.large in production
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
   */
  readonly instanceType?: InstanceType;

  /**
   * How much gp3 storage there is to begin with, in whole GiB from 20 on. It can never be made smaller.
   *
   * @default Size.gibibytes(20)
   */
  readonly storage?: Size;

  /**
   * How far the storage grows by itself, in whole GiB up to 65,536: at least a tenth more than `storage`.
   *
   * @default Size.tebibytes(1)
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
   */
  readonly maximumStorage?: Size;

  /**
   * Whether a standby waits in another zone, which takes over within a minute or two. It doubles the price of the server and its storage.
   *
   * @default - only in production
   */
  readonly multiAz?: boolean;

  /**
   * How many read replicas there are, 0 to 15. They are reached directly, as a proxy of an instance leads to the writer alone.
   *
   * @default 0
   */
  readonly readers?: number;
}

/** An Aurora cluster whose servers grow and shrink with what they have to do. */
export interface AuroraServerlessV2Options {
  /**
   * Aurora PostgreSQL 16 or newer.
   *
   * @default - Aurora PostgreSQL 17.7
   */
  readonly version?: AuroraPostgresEngineVersion;

  /**
   * How small a server can become, in Aurora capacity units (ACU, 2 GiB of memory each): half units from 0 to 256. With 0 it pauses when nobody is
   * connected, and the first connection waits some 15 seconds; a proxy stays connected and keeps it awake. With less than 1 there are at most 2,000
   * connections.
   *
   * @default - 0.5 in dev and staging, 1 in production
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
   */
  readonly minCapacity?: number;

  /**
   * How large a server can become, in half ACUs from 1 to 256. It decides how many connections there can be.
   *
   * @default - 2 in dev, 4 in staging, 8 in production
   */
  readonly maxCapacity?: number;

  /**
   * How many readers there are beside the writer, 0 to 15. The first scales with the writer and takes its place when it fails; without one, a
   * writer that fails is made anew, which takes about 10 minutes.
   *
   * @default - 1 in production, else 0
   */
  readonly readers?: number;

  /**
   * After how long without a connection the cluster pauses, from 5 minutes to a day. Only with a `minCapacity` of 0.
   *
   * @default Duration.minutes(5) with a `minCapacity` of 0
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
   */
  readonly autoPause?: Duration;
}

/**
 * What serves a database: an instance of a fixed size, or an Aurora cluster that scales.
 *
 * @example
 * declare const network: SecureNetwork;
 *
 * new ProxiedPostgres(this, 'Database', {
 *   profile: EnvironmentProfile.prod(),
 *   network,
 *   engine: PostgresEngine.auroraServerlessV2({ minCapacity: 1, maxCapacity: 8, readers: 1 }),
 * });
 */
export class PostgresEngine {
  /**
   * An RDS instance with gp3 storage: the cheaper one for a load that is known.
   *
   * @param options what is different from what the profile says
   * @returns the engine
   */
  public static instance(options: PostgresInstanceOptions = {}): PostgresEngine {
    return new PostgresEngine('instance', options, undefined);
  }

  /**
   * An Aurora cluster of the class db.serverless: for a load that comes and goes, and for failover in half a minute.
   *
   * @param options what is different from what the profile says
   * @returns the engine
   */
  public static auroraServerlessV2(options: AuroraServerlessV2Options = {}): PostgresEngine {
    return new PostgresEngine('aurora-serverless-v2', undefined, options);
  }

  private constructor(
    /** What the engine is called: `instance` or `aurora-serverless-v2`. */
    public readonly name: string,
    /** @internal */
    public readonly _instance: PostgresInstanceOptions | undefined,
    /** @internal */
    public readonly _aurora: AuroraServerlessV2Options | undefined,
  ) {}
}
