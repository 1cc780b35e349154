import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';

/** What tells one table of the library from another. */
export interface OwnTableProps {
  readonly partitionKey: string;
  readonly timeToLiveAttribute: string;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
}

/** A table of the library's: billed by request, kept, backed up and encrypted as the profile says. */
export function createOwnTable(scope: Construct, id: string, props: OwnTableProps): dynamodb.Table {
  const { partitionKey, timeToLiveAttribute, profile, encryptionKey } = props;
  const table = new dynamodb.Table(scope, id, {
    partitionKey: { name: partitionKey, type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: profile.pointInTimeRecovery },
    deletionProtection: profile.deletionProtection,
    // A protected table cannot be deleted, so CloudFormation must not try to when a first deployment fails.
    removalPolicy: profile.deletionProtection ? RemovalPolicy.RETAIN : profile.removalPolicy,
    ...(encryptionKey
      ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey }
      : { encryption: dynamodb.TableEncryption.DEFAULT }),
  });
  if (!profile.pointInTimeRecovery) {
    acknowledge(table, { id: 'AwsSolutions-DDB3', reason: `the profile ${profile.name} keeps no backups: its data may be lost` });
  }
  return table;
}
