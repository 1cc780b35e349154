import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';

/** What a bucket for jobs is made of. */
export interface JobFilesProps {
  /**
   * The environment, which decides on encryption, logs and what is deleted with the stack.
   *
   * @default - that of the construct around it, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * After how long files are deleted, in whole days, 1 to 3,650. Those of a pipeline are needed for as long as its records are, and a day more than
   * twice its `deadline`: where that is longer than what is given here, the pipeline says so.
   *
   * @default - 30 days, or as long as the pipelines need that have the bucket (37 days with their defaults)
   */
  readonly expiration?: Duration;

  /**
   * Whether files from 128 KB on are moved to S3 Intelligent-Tiering: those that nobody reads for 30 days cost half as much from then on. To move one
   * costs 0.00001 USD and to watch it 0.0000025 USD a month, so it pays for files of some megabytes that are kept for longer than 37 days. Smaller
   * files are never tiered.
   *
   * @default true
   * @see https://aws.amazon.com/s3/pricing/
   */
  readonly intelligentTiering?: boolean;

  /**
   * Whether uploads and results travel by the nearest edge location of CloudFront: the forms and addresses that a pipeline signs lead there. For
   * callers far from the region; 0.04 USD a gigabyte (0.08 USD outside the USA, Europe and Japan), where it is faster.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
   */
  readonly transferAcceleration?: boolean;

  /**
   * What the bucket is called, where somebody outside must know beforehand. No two buckets of all accounts have one name, and a bucket with a name
   * cannot be replaced. With `transferAcceleration` it must have no dots.
   *
   * @default - CloudFormation makes one
   */
  readonly bucketName?: string;

  /**
   * The key that files are encrypted with. Whoever reads or writes them needs it; the pipelines that have the bucket are granted what they do.
   *
   * @default - a new key where the profile has customer-managed keys, else S3 manages the encryption
   */
  readonly encryptionKey?: IKey;

  /**
   * Where S3 logs who did what with the files. An imported bucket must let `logging.s3.amazonaws.com` put objects, and be in the same region and
   * account.
   *
   * @default - a bucket of its own
   */
  readonly accessLogsBucket?: IBucket;

  /**
   * After how long access logs are deleted from the bucket of their own, in whole days, 1 to 3,650.
   *
   * @default - as long as the profile keeps logs
   */
  readonly accessLogRetention?: Duration;

  /**
   * What happens to the bucket, its key and its logs when they leave the stack. With `RemovalPolicy.DESTROY` the files are deleted too, by a function
   * of the CDK's.
   *
   * @default - as the profile says: deleted in `dev` and `staging`, kept in `prod`
   */
  readonly removalPolicy?: RemovalPolicy;
}
