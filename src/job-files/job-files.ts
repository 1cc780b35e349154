import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { lifetimeOf, startLifetime } from './files-lifetime';
import { filesMonitoring } from './files-monitoring';
import type { JobFilesProps } from './job-files-props';
import { checkJobFiles, JOB_FILES_KINDS } from './job-files-rules';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { acknowledge } from '../internal/acknowledge';
import { createEncryptionKey } from '../internal/encryption';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import type { IMonitored, Monitoring } from '../monitoring/monitored';

const DEFAULT_DAYS = 30;
const LOGS_PREFIX = 'files/';

/**
 * A bucket for the files of jobs: uploads, and payloads, results and checkpoints that are too large for a record. Private, encrypted, reached by TLS
 * alone; files expire, access is logged, and what was overwritten or deleted can be had back for a day.
 *
 * @example
 * declare const analyse: lambda.Function;
 * const files = new JobFiles(this, 'Files');
 *
 * new JobProcessingPipeline(this, 'Jobs', {
 *   processor: JobProcessor.inFunction(analyse),
 *   bucket: files.bucket,
 * });
 */
export class JobFiles extends Construct implements IMonitored {
  /** The bucket: `bucket` of a pipeline. Several may have one. */
  public readonly bucket: s3.Bucket;
  /** Where access is logged: a bucket of its own, or the one given. */
  public readonly accessLogsBucket: s3.IBucket;
  /** The key that files are encrypted with; none if S3 manages the encryption. */
  public readonly encryptionKey?: IKey;

  /**
   * Creates the bucket.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what it is made of
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: JobFilesProps = {}) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, JOB_FILES_KINDS);
    checkJobFiles(rules, props);
    rules.throwIfBroken();
    if (new.target === JobFiles) {
      warnOfUnknownProps(this, 'cdk-jobworks:files.unknownProps', props, JOB_FILES_KINDS);
    }
    props.profile?.applyTo(this);
    const profile = EnvironmentProfile.of(this);
    const removalPolicy = props.removalPolicy ?? profile.removalPolicy;

    this.encryptionKey = props.encryptionKey ?? (profile.customerManagedKeys
      ? createEncryptionKey(this, 'Key', { description: `Files of ${this.node.path}`, removalPolicy })
      : undefined);
    this.accessLogsBucket = props.accessLogsBucket ?? this.createLogs(props.accessLogRetention ?? Duration.days(profile.logRetention), removalPolicy);
    this.bucket = this.createBucket(props, removalPolicy);
    this.logAccess();
  }

  /**
   * The size of the bucket and the number of its files, by storage class. S3 counts them once a day.
   *
   * @param storageType such as `StandardStorage`, `IntelligentTieringFAStorage` or `IntelligentTieringIAStorage`
   * @returns bytes, the average of a day
   */
  public metricSize(storageType: string = 'StandardStorage'): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/S3',
      metricName: 'BucketSizeBytes',
      dimensionsMap: { BucketName: this.bucket.bucketName, StorageType: storageType },
      statistic: cloudwatch.Stats.AVERAGE,
      period: Duration.days(1),
    });
  }

  /**
   * What there is to watch: size and number of the files, and what storing them costs.
   *
   * @returns rows and costs; there is nothing to alarm on that would not ring in the pipeline first
   */
  public monitor(): Monitoring {
    return filesMonitoring({ title: this.node.id, bucket: this.bucket, size: (storageType) => this.metricSize(storageType) });
  }

  private createBucket(props: JobFilesProps, removalPolicy: RemovalPolicy): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: this.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: this.encryptionKey && true, // else each file is a call of KMS
      versioned: true,
      transferAcceleration: props.transferAcceleration,
      ...common(removalPolicy),
    });
    startLifetime(bucket, props.expiration?.toDays(), DEFAULT_DAYS);
    bucket.addLifecycleRule({
      id: 'expire',
      expiration: laterDays(() => lifetimeOf(bucket)),
      noncurrentVersionExpiration: Duration.days(1),
    });
    bucket.addLifecycleRule({ id: 'tidy', abortIncompleteMultipartUploadAfter: Duration.days(1), expiredObjectDeleteMarker: true });
    if (props.intelligentTiering ?? true) {
      bucket.addLifecycleRule({ // files under 128 KB stay where they are, which is what S3 does by itself
        id: 'tier',
        transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
      });
    }
    return bucket;
  }

  /** S3 delivers access logs to no bucket that is encrypted with a customer's key. */
  private createLogs(retention: Duration, removalPolicy: RemovalPolicy): s3.Bucket {
    const logs = new s3.Bucket(this, 'AccessLogs', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'expire', expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      ...common(removalPolicy),
    });
    acknowledge(logs, { id: 'AwsSolutions-S1', reason: 'it has the access logs: to log who reads them would write further ones for ever' });
    return logs;
  }

  /** By a policy, as ACLs are closed. Not by the CDK's prop, which writes one or the other as a feature flag of the app says. */
  private logAccess(): void {
    const { bucket, accessLogsBucket } = this;
    (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: accessLogsBucket.bucketName,
      logFilePrefix: LOGS_PREFIX,
    };
    const stack = Stack.of(this);
    accessLogsBucket.addToResourcePolicy(new PolicyStatement({
      sid: 'AccessLogs',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogsBucket.arnForObjects(`${LOGS_PREFIX}*`)],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ...(Stack.of(accessLogsBucket) === stack && { ArnLike: { 'aws:SourceArn': bucket.bucketArn } }), // else each stack would need the other
      },
    }));
  }
}

/** What every bucket has. What is to go with the stack must be emptied first, or its deletion ends stuck. */
function common(removalPolicy: RemovalPolicy): s3.BucketProps {
  return {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY ? true : undefined,
  };
}

/** Days that are known when everybody has said for how long files are needed. */
function laterDays(produce: () => number): Duration {
  return Duration.days(Lazy.number({ produce }));
}
