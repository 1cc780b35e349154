import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SizedDatabase } from '../capacity-plan/carrier';
import type { PropRules } from '../internal/prop-rules';
import type { PipelineRecords } from '../job-functions/pipeline-records';
import type { ProxiedPostgres } from '../proxied-postgres/proxied-postgres';

/** A place for records, as the pipeline sees it: first judged, then asked for. */
export interface StoreKind {
  /** Whether each process that works on records holds something that there is little of, so that nobody may have them without a limit. */
  readonly isScarce: boolean;

  /** The size of a database that has the records. */
  readonly sized?: SizedDatabase;

  /** How many layers a function gets that works on records. */
  layersFor(fn: lambda.Function): number;

  /**
   * Everything that is wrong with it for a pipeline.
   *
   * @param scope the pipeline
   * @param worker the user's function that will work on the records; nothing where it is one of the library's
   */
  check(rules: PropRules, scope: Construct, worker: lambda.IFunction | undefined): void;

  /**
   * Makes what there is not yet, and claims it for the pipeline.
   *
   * @param encryptionKey the key of the pipeline
   */
  create(scope: Construct, encryptionKey: kms.IKey | undefined): StoredRecords;
}

/** Where the records are: in the one or in the other. */
export interface StoredRecords {
  readonly records: PipelineRecords;
  readonly table?: dynamodb.ITable;
  readonly database?: ProxiedPostgres;
}
