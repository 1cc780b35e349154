import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RecordAction } from './pipeline-records';
import type { PipelineResources } from './pipeline-resources';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

/*
 * What functions may do with the resources of their pipeline: each action by name, on one queue or one kind of object, and as the store
 * says on records. The grants of the CDK are not taken, as they allow more (every object of the bucket).
 */

/**
 * Does with records what is named.
 *
 * @param atOnce how many processes of the function run at once at most
 */
export function grantRecords(fn: lambda.Function, { records }: PipelineResources, atOnce: number, ...actions: RecordAction[]): void {
  records.grantRecords(fn, actions, atOnce);
}

/** Asks indexes, each by its name. */
export function grantIndexes(fn: lambda.Function, { records }: PipelineResources, ...names: string[]): void {
  records.grantIndexes(fn, names);
}

/** Sends jobs. */
export function grantSend(fn: lambda.Function, { queue, records }: PipelineResources): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  records.letSend(fn);
}

/** Kinds of objects, as the second part of their keys names them; the first is the owner's. */
export type FileKind = 'jobs' | 'uploads';

/** Where objects are. A function of the app's own finds its way there itself, and has no need of `records`. */
export type FilesOfPipeline = Pick<PipelineResources, 'bucket' | 'filesPrefix'> & Partial<Pick<PipelineResources, 'records'>>;

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
export function grantFiles(fn: lambda.Function, resources: FilesOfPipeline, { get = [], sign = [], put = [] }: FileGrants, id = 'JobWorksFiles'): void {
  const { bucket, filesPrefix, records } = resources;
  if (!bucket) {
    return;
  }
  const reads = [...get, ...sign];
  const objects = (kinds: readonly FileKind[]) => kinds.map((kind) => bucket.arnForObjects(`${filesPrefix}/*/${kind}/*`));
  const policy = new iam.Policy(fn, id, {
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
  if (get.length + put.length > 0) { // what is only signed is fetched by others
    records?.letOut(fn, NetworkEndpoint.S3);
  }
}
