import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { checkOptions } from '../internal/prop-rules';
import { constructKind } from '../internal/value-kinds';

const TABLE = constructKind('dynamodb.ITable', 'tableArn', 'jobs.table', 'with const jobs = new JobsTable(…)');

/** Options of a store in DynamoDB. */
export interface DynamoDbJobStoreOptions {
  /**
   * A table that already exists, for this pipeline alone: that of a `JobsTable`, or one with its key, its time-to-live attribute and its
   * indexes. A table of this app is checked; what an imported one has is its owner's affair. Where the table is encrypted with a key, import
   * it with that key, by `Table.fromTableAttributes()`, so that the pipeline's functions are allowed to use it.
   *
   * @default - a table of the pipeline's own, billed by request
   */
  readonly table?: dynamodb.ITable;
}

/** Where the records of a pipeline's jobs live. */
export class JobStore {
  /**
   * A DynamoDB table. The default.
   *
   * @param options the table, if there is one already
   * @returns the store
   * @throws when the pipeline is created, if the table lacks what jobs need, or is another pipeline's
   */
  public static dynamoDb(options: DynamoDbJobStoreOptions = {}): JobStore {
    checkOptions<DynamoDbJobStoreOptions>('JobStore.dynamoDb()', options, { table: TABLE });
    return new JobStore(options.table);
  }

  private constructor(
    /** @internal */
    public readonly _table: dynamodb.ITable | undefined,
  ) {}
}
