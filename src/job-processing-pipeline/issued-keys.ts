import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { createOwnTable } from '../internal/own-table';
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
    this.table = createOwnTable(this, 'Table', { ...resources, partitionKey: KEYS_TABLE.key, timeToLiveAttribute: KEYS_TABLE.ttl });
    this.authorizeFunction = authorizeFunction(this, 'Authorize', resources, this.table);
    this.manageFunction = keysFunction(this, 'Manage', resources, this.table);
  }
}
