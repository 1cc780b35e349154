import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { JobApiCors } from '../job-api/cors';
import { keepFor } from '../job-files/files-lifetime';

/** How long files are needed, and from where browsers reach them. */
export interface PipelineFiles {
  readonly filesPrefix: string;
  readonly deadline: Duration;
  readonly retention: Duration;
  readonly cors?: JobApiCors;
}

/**
 * Has a bucket of this app look after the files of a pipeline: those that no record needs any more expire, and pages that may call the API
 * may upload to it and read results. An imported bucket is its owner's affair.
 */
export function preparePipelineBucket(bucket: s3.IBucket, files: PipelineFiles): void {
  if (!(bucket instanceof s3.Bucket)) {
    return;
  }
  const days = daysKept(files);
  keepFor(bucket, days);
  bucket.addLifecycleRule({
    id: `cdk-jobworks ${files.filesPrefix}`,
    prefix: `${files.filesPrefix}/`,
    expiration: Duration.days(days),
    noncurrentVersionExpiration: Duration.days(1),
  });
  if (files.cors) {
    bucket.addCorsRule({
      allowedOrigins: [...files.cors.allowOrigins],
      allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.GET],
      allowedHeaders: ['*'],
      maxAge: 3600,
    });
  }
}

/**
 * A record is there until its deadline and its retention are over, and may be retried to its last day, which takes until a further deadline.
 * A job that is retried again and again for longer than that finds its payload gone, and fails.
 */
export function daysKept({ deadline, retention }: Pick<PipelineFiles, 'deadline' | 'retention'>): number {
  return Math.ceil((2 * deadline.toSeconds() + retention.toSeconds()) / 86_400) + 1;
}
