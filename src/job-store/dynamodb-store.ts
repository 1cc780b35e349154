import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { JobsTable } from './jobs-table';
import type { StoredRecords, StoreKind } from './store-kind';
import { checkTable, tableClaim } from './table-rules';
import { claim } from '../internal/claims';
import { grantKeyUse } from '../internal/key-grants';
import type { PropRules } from '../internal/prop-rules';
import type { PipelineRecords, RecordAction } from '../job-functions/pipeline-records';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** Records in a DynamoDB table, one that is given or the pipeline's own. */
export class DynamoDbStore implements StoreKind {
  readonly isScarce = false;

  constructor(private readonly given: dynamodb.ITable | undefined) {}

  layersFor(): number {
    return 0;
  }

  check(rules: PropRules, scope: Construct): void {
    checkTable(rules, scope, this.given);
  }

  create(scope: Construct, encryptionKey: kms.IKey | undefined): StoredRecords {
    const table = this.given ?? new JobsTable(scope, 'Table', { encryptionKey }).table;
    claim(scope, tableClaim(scope, table));
    return { records: new TableRecords(table, encryptionKey), table };
  }
}

/**
 * A table, of which functions are told its name. Each may do what is named and no more: the grants of the CDK are not taken, as they allow
 * more, a scan of the table among it.
 */
class TableRecords implements PipelineRecords {
  readonly environment: Record<string, string>;

  constructor(private readonly table: dynamodb.ITable, private readonly encryptionKey: kms.IKey | undefined) {
    this.environment = { [ENVIRONMENT.table]: table.tableName };
  }

  grantRecords(fn: lambda.Function, actions: readonly RecordAction[]): void {
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [this.table.tableArn] }));
    const writes = actions.some((action) => action === 'PutItem' || action === 'UpdateItem');
    for (const key of different(this.encryptionKey, this.table.encryptionKey)) {
      if (writes) {
        grantKeyUse(key, fn);
      } else {
        key.grantDecrypt(fn);
      }
    }
  }

  grantIndexes(fn: lambda.Function, names: readonly string[]): void {
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: names.map((name) => `${this.table.tableArn}/index/${name}`) }));
  }

  /** Whoever sends writes records as well, and with that may use the key. */
  letSend(): void {}

  /** No function is in a network because of it. */
  letOut(): void {}
}

/** Keys that are given, each once. */
function different(...keys: Array<kms.IKey | undefined>): kms.IKey[] {
  return [...new Set(keys.filter((key) => key !== undefined))];
}
