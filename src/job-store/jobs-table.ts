import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { ENCRYPTION_KEY, PROFILE } from '../internal/common-kinds';
import { createEncryptionKey } from '../internal/encryption';
import { createOwnTable } from '../internal/own-table';
import { PropRules } from '../internal/prop-rules';
import { TABLE } from '../runtime/wire/table';

/** What a jobs table is made from. */
export interface JobsTableProps {
  /**
   * The environment that decides on backups, deletion and encryption.
   *
   * @default - the profile of the construct around this one, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * The key that encrypts the table.
   *
   * @default - a key of the table's own, or service-managed encryption with `EnvironmentProfile.dev()`
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A table of job records, for a stack that holds data apart from what works on it. A pipeline makes its own unless it is given one.
 *
 * It is billed by request, and has all indexes that jobs need: CloudFormation adds only one to a table at a time. They hold keys alone, so
 * a job costs three index writes: one for its owner, and one each when it appears among the deadlines and leaves them.
 *
 * @example
 * declare const dataStack: Stack;
 * declare const analyse: lambda.Function;
 *
 * const jobs = new JobsTable(dataStack, 'Jobs');
 * new JobProcessingPipeline(this, 'Pipeline', {
 *   processor: JobProcessor.inFunction(analyse),
 *   store: JobStore.dynamoDb({ table: jobs.table }),
 * });
 */
export class JobsTable extends Construct {
  /** The table. */
  public readonly table: dynamodb.Table;
  /** The key that it is encrypted with; none if DynamoDB manages the encryption. */
  public readonly encryptionKey?: kms.IKey;

  /**
   * Creates the table.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what decides on backups, deletion and encryption
   */
  constructor(scope: Construct, id: string, props: JobsTableProps = {}) {
    super(scope, id);
    new PropRules(this).kinds<JobsTableProps>(props, { profile: PROFILE, encryptionKey: ENCRYPTION_KEY });
    props.profile?.applyTo(this);
    const profile = EnvironmentProfile.of(this);
    this.encryptionKey = props.encryptionKey ?? (profile.customerManagedKeys
      ? createEncryptionKey(this, 'Key', { description: `Records of jobs: ${this.node.path}`, removalPolicy: profile.removalPolicy })
      : undefined);
    // The id adds nothing to the names of resources: a table that a pipeline made before there was this construct keeps its own.
    this.table = createOwnTable(this, 'Default', {
      partitionKey: TABLE.key, timeToLiveAttribute: TABLE.ttl, profile, encryptionKey: this.encryptionKey,
    });
    this.addIndexes();
  }

  private addIndexes(): void {
    for (const { name, partition, sort } of jobIndexes()) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: { name: partition, type: dynamodb.AttributeType.STRING },
        sortKey: { name: sort, type: dynamodb.AttributeType.NUMBER },
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      });
    }
  }
}

/** An index of the table: its partitions are texts, and sorted by a number. */
export interface JobIndexKeys {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
}

/** The indexes that jobs are looked up by. */
export function jobIndexes(): JobIndexKeys[] {
  return [
    { name: TABLE.deadlineIndex, partition: TABLE.deadlineShard, sort: TABLE.deadlineSort },
    { name: TABLE.ownerIndex, partition: TABLE.ownerShard, sort: TABLE.ownerSort },
    { name: TABLE.failedIndex, partition: TABLE.failedShard, sort: TABLE.failedSort },
  ];
}
