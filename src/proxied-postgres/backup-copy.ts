import type { Duration } from 'aws-cdk-lib';

/** Where the backups of an instance are replicated to. */
export interface BackupReplicationOptions {
  /** The region, such as `eu-central-1`. Not every pair of regions is possible. */
  readonly region: string;

  /**
   * The ARN of a key in that region, for the copies. Required unless the database is encrypted with a key that AWS manages.
   *
   * @default - the key of that region that AWS manages for RDS
   */
  readonly encryptionKeyArn?: string;

  /**
   * How long copies are kept, in whole days from 1 to 35.
   *
   * @default - as long as the backups themselves
   */
  readonly retention?: Duration;
}

/** How backups are copied to a vault of AWS Backup. */
export interface BackupVaultCopyOptions {
  /** The ARN of the vault, in another region or account. It exists already, with a key of its own. */
  readonly vaultArn: string;

  /**
   * How long copies are kept, in whole days from 1 on.
   *
   * @default Duration.days(35)
   */
  readonly retention?: Duration;
}

/**
 * A copy of backups elsewhere, for the day on which a region fails.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
 */
export class BackupCopy {
  /**
   * RDS replicates snapshots and transaction logs, so that any point in time can be restored there, some minutes behind. Of an instance only.
   *
   * @param options where to
   * @returns the copy
   */
  public static replication(options: BackupReplicationOptions): BackupCopy {
    return new BackupCopy('replication', options, undefined);
  }

  /**
   * AWS Backup takes a snapshot each day and copies it. Of an instance or a cluster.
   *
   * @param options where to
   * @returns the copy
   */
  public static dailyToVault(options: BackupVaultCopyOptions): BackupCopy {
    return new BackupCopy('daily to a vault', undefined, options);
  }

  private constructor(
    /** What the choice is called: `replication` or `daily to a vault`. */
    public readonly name: string,
    /** @internal */
    public readonly _replication: BackupReplicationOptions | undefined,
    /** @internal */
    public readonly _vault: BackupVaultCopyOptions | undefined,
  ) {}
}
