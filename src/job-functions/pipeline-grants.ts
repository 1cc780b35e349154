import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { PipelineResources } from './pipeline-resources';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';
import { grantKeyUse } from '../internal/key-grants';

/*
 * What functions may do with the resources of their pipeline: each action by name, on one table, one queue or one kind of object. The grants
 * of the CDK are not taken, as they allow more (a scan of the table, every object of the bucket).
 */

/** Does with records what is named, and uses the keys that are needed for it: that of the table, and that of the function's own environment. */
export function grantRecords(fn: lambda.Function, { table, encryptionKey }: PipelineResources, ...actions: RecordAction[]): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [table.tableArn] }));
  const writes = actions.some((action) => action === 'PutItem' || action === 'UpdateItem');
  for (const key of different(encryptionKey, table.encryptionKey)) {
    if (writes) {
      grantKeyUse(key, fn);
    } else {
      key.grantDecrypt(fn);
    }
  }
}

/** What can be done with records. An index is asked by `grantIndexes`. */
export type RecordAction = 'BatchGetItem' | 'GetItem' | 'PutItem' | 'UpdateItem';

/** Asks indexes, each by its name. */
export function grantIndexes(fn: lambda.Function, { table }: PipelineResources, ...names: string[]): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: names.map((name) => `${table.tableArn}/index/${name}`) }));
}

/** Sends jobs. Whoever does writes records as well, and with that may use the key. */
export function grantSend(fn: lambda.Function, { queue }: PipelineResources): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
}

/** Kinds of objects, as the second part of their keys names them; the first is the owner's. */
export type FileKind = 'jobs' | 'uploads';

/** What a function does with objects of which kind. */
export interface FileGrants {
  /** Reads them, and is told where there is none. */
  readonly get?: readonly FileKind[];
  /** Signs addresses by which others read them. */
  readonly sign?: readonly FileKind[];
  readonly put?: readonly FileKind[];
}

/**
 * Gets and puts objects under the pipeline's prefix, where there is a bucket. In a policy of its own, so that the reason for its wildcards
 * covers nothing else.
 *
 * S3 tells whoever may not list a bucket that access is denied where there is no such object. It takes the key that was asked for as the
 * prefix of the listing, so the permission can have the pipeline's prefix as its condition.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function grantFiles(fn: lambda.Function, { bucket, filesPrefix }: PipelineResources, { get = [], sign = [], put = [] }: FileGrants): void {
  if (!bucket) {
    return;
  }
  const reads = [...get, ...sign];
  const objects = (kinds: readonly FileKind[]) => kinds.map((kind) => bucket.arnForObjects(`${filesPrefix}/*/${kind}/*`));
  const policy = new iam.Policy(fn, 'JobWorksFiles', {
    statements: [
      ...(reads.length > 0 ? [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: objects(reads) })] : []),
      ...(get.length > 0 ? [new iam.PolicyStatement({
        actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${filesPrefix}/*` } },
      })] : []),
      ...(put.length > 0 ? [new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: objects(put) })] : []),
    ],
  });
  fn.role!.attachInlinePolicy(policy);
  fn.node.defaultChild!.node.addDependency(policy); // so that no call comes before it
  acknowledgeWildcards(policy, 'keys hold the owner and the job, which nobody knows before: the function may reach one kind of object of one pipeline');
  const key = bucket.encryptionKey;
  const actions = [...(reads.length + put.length > 0 ? ['kms:Decrypt'] : []), ...(put.length > 0 ? ['kms:GenerateDataKey'] : [])];
  key?.grant(fn, ...actions);
}

/** Keys that are given, each once. */
function different(...keys: Array<kms.IKey | undefined>): kms.IKey[] {
  return [...new Set(keys.filter((key) => key !== undefined))];
}
