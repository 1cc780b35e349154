import { Stack } from 'aws-cdk-lib';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';

/** Whether files may travel to and from a bucket of this app by S3's nearest edge location. Of an imported one nobody knows. */
export function isAccelerated(bucket: IBucket | undefined): boolean {
  if (!(bucket instanceof Bucket)) {
    return false;
  }
  const { accelerateConfiguration } = bucket.node.defaultChild as CfnBucket;
  const { accelerationStatus } = (Stack.of(bucket).resolve(accelerateConfiguration) ?? {}) as { readonly accelerationStatus?: string };
  return accelerationStatus === 'Enabled';
}
