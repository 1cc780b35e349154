import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../internal/acknowledge';
import { authorizeFunction, keysFunction } from '../job-functions/keys-functions';
import type { PipelineResources } from '../job-functions/pipeline-resources';
import { KEYS_TABLE } from '../runtime/wire/keys';

/**
 * API keys of an HTTP API, which has none of its own: their hashes, a function that tells whose a key is, and one that makes and revokes keys.
 * The table is not that of the jobs, which may live elsewhere. None of it is in a network: what stands before the API must start at once.
 */
export class IssuedKeys extends Construct {
  public readonly table: dynamodb.Table;
  /** For the API. */
  public readonly authorizeFunction: lambda.Function;
  /** For who manages keys. */
  public readonly manageFunction: lambda.Function;

  constructor(scope: Construct, id: string, resources: Pick<PipelineResources, 'pipelineName' | 'profile' | 'encryptionKey'>) {
    super(scope, id);
    this.table = this.createTable(resources);
    this.authorizeFunction = authorizeFunction(this, 'Authorize', resources, this.table);
    this.manageFunction = keysFunction(this, 'Manage', resources, this.table);
  }

  private createTable({ profile, encryptionKey }: Pick<PipelineResources, 'profile' | 'encryptionKey'>): dynamodb.Table {
    const table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: KEYS_TABLE.key, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: KEYS_TABLE.ttl,
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
}
