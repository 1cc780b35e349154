import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { TABLE } from '../runtime/wire/table';

/** What a jobs table is made from. */
export interface JobsTableOptions {
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
}

/**
 * The table of job records. All its indexes are made at once, since CloudFormation adds only one to a table at a time. They hold keys
 * alone, so a job costs three index writes: one for its owner, and one each when it appears among the deadlines and leaves them.
 */
export function jobsTable(scope: Construct, id: string, { profile, encryptionKey }: JobsTableOptions): dynamodb.Table {
  const { STRING, NUMBER } = dynamodb.AttributeType;
  const table = new dynamodb.Table(scope, id, {
    partitionKey: { name: TABLE.key, type: STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: TABLE.ttl,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: profile.pointInTimeRecovery },
    deletionProtection: profile.deletionProtection,
    // A protected table cannot be deleted, so CloudFormation must not try to when a first deployment fails.
    removalPolicy: profile.deletionProtection ? RemovalPolicy.RETAIN : profile.removalPolicy,
    ...(encryptionKey
      ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey }
      : { encryption: dynamodb.TableEncryption.DEFAULT }),
  });
  const indexes = [
    { indexName: TABLE.deadlineIndex, shard: TABLE.deadlineShard, sort: TABLE.deadlineSort },
    { indexName: TABLE.ownerIndex, shard: TABLE.ownerShard, sort: TABLE.ownerSort },
    { indexName: TABLE.failedIndex, shard: TABLE.failedShard, sort: TABLE.failedSort },
  ];
  for (const { indexName, shard, sort } of indexes) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: shard, type: STRING },
      sortKey: { name: sort, type: NUMBER },
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
    });
  }
  return table;
}
