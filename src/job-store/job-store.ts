import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { DynamoDbStore } from './dynamodb-store';
import { PostgresStore } from './postgres-store';
import type { StoreKind } from './store-kind';
import { checkOptions } from '../internal/prop-rules';
import { constructKind, structKind, type GivenOptions, type KindsOf } from '../internal/value-kinds';
import type { ProxiedPostgres } from '../proxied-postgres/proxied-postgres';

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

const DYNAMODB_KINDS: KindsOf<DynamoDbJobStoreOptions> = { table: TABLE };

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
    checkOptions('JobStore.dynamoDb()', options, DYNAMODB_KINDS);
    return new JobStore(new DynamoDbStore(options.table), [': dynamoDb()', options, structKind('{ table: jobs.table }', DYNAMODB_KINDS)]);
  }

  /**
   * Tables in PostgreSQL, in schema `jobworks` of a database that has them already: a job's end and the rows that belong to it can be one commit,
   * and people ask for jobs in SQL. Several pipelines may share a database.
   *
   * Every function that works on records connects to the database as `PostgresRole.APP`, through its proxy where there is one: it is placed in
   * the network of the database, and let out to no more than it calls. So is the function of `JobProcessor.inFunction()`: name what else it
   * calls by `database.grantConnect(fn, { role: PostgresRole.APP, services: […] })`. Without NAT gateways, the network needs the endpoints
   * `SQS` and `LAMBDA`, and with state machines `STEP_FUNCTIONS`; synthesis names those that are missing.
   *
   * Each process that works on a job holds a connection, so without `maximumConcurrency` 20 jobs run at once, or 10 state machines start.
   *
   * @param database the database, of any stack of the same region and account
   * @returns the store
   * @throws when the pipeline is created, if the database is in another region or account, or the function that runs the jobs in another network
   */
  public static postgres(database: ProxiedPostgres): JobStore {
    return new JobStore(new PostgresStore(database));
  }

  private constructor(
    /** @internal */
    public readonly _kind: StoreKind,
    /** @internal */
    public readonly _given?: GivenOptions,
  ) {}
}
