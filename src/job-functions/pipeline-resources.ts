import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { PipelineRecords } from './pipeline-records';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { isAccelerated } from '../internal/bucket-acceleration';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** What a pipeline's functions work on. */
export interface PipelineResources {
  readonly pipelineName: string;
  /** First part of the keys of all its objects; it does not change with its name. */
  readonly filesPrefix: string;
  readonly records: PipelineRecords;
  readonly queue: sqs.IQueue;
  readonly bucket?: s3.IBucket;
  readonly profile: EnvironmentProfile;
  /** The key of queue, logs and environments; the records and the bucket may have keys of their own. */
  readonly encryptionKey?: kms.IKey;
}

/** What every function is told. */
export function commonEnvironment({ pipelineName, records }: PipelineResources): Record<string, string> {
  return { [ENVIRONMENT.pipeline]: pipelineName, ...records.environment };
}

/** What a function is told that reads or writes files: which are the pipeline's own, and where there is a place for them. */
export function filesEnvironment({ filesPrefix, bucket }: PipelineResources): Record<string, string> {
  return { ...prefixEnvironment({ filesPrefix }), ...(bucket && { [ENVIRONMENT.bucket]: bucket.bucketName }) };
}

/** What a function is told that signs forms and addresses for others, who may be far away. */
export function signingEnvironment(resources: PipelineResources): Record<string, string> {
  return { ...filesEnvironment(resources), ...(isAccelerated(resources.bucket) && { [ENVIRONMENT.bucketAccelerated]: '1' }) };
}

/** What a function is told that judges references to files and follows none. */
export function prefixEnvironment({ filesPrefix }: Pick<PipelineResources, 'filesPrefix'>): Record<string, string> {
  return { [ENVIRONMENT.filesPrefix]: filesPrefix };
}
