import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { JobProcessingPipelineAlarmOptions } from './pipeline-alarm-options';
import type { ExpectedLoad } from '../capacity-plan/expected-load';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { GradualDeployment } from '../gradual-deployment/gradual-deployment';
import type { JobApi } from '../job-api/job-api';
import type { PayloadSchema } from '../job-api/payload-schema';
import type { JobProcessor } from '../job-processor/job-processor';
import type { JobStore } from '../job-store/job-store';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';

/** What a pipeline is made from. */
export interface JobProcessingPipelineProps {
  /** What runs the jobs. */
  readonly processor: JobProcessor;

  /**
   * Where the records of jobs live.
   *
   * @default - `JobStore.dynamoDb()`
   */
  readonly store?: JobStore;

  /**
   * Where payloads, results and checkpoints are stored that are over 64 KiB, and what callers upload: under the pipeline's
   * `filesPrefix`, and there under the owner's. Several pipelines may have one bucket.
   *
   * A bucket of this app gets a lifecycle rule for what is under `filesPrefix`: it expires when no record can need it any more, a day
   * after twice `deadline` and once `retention`, which leaves time for a job that is retried on its record's last day. Where the API has
   * CORS, the bucket gets a rule as well, so that pages of these origins may upload and read results. An imported bucket is its owner's affair.
   *
   * @default - none: what is over 64 KiB is refused, and there are no uploads
   */
  readonly bucket?: s3.IBucket;

  /**
   * How jobs are submitted.
   *
   * @default - `JobApi.rest()`, open to whoever has the IAM permission to call it
   */
  readonly api?: JobApi;

  /**
   * Sizes, retention, encryption and alarm limits of an environment. Any other prop wins over it.
   *
   * @default - the profile of the construct around this one, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * The pipeline's name in metrics and log lines, and that by which operators call it: 1 to 128 letters, digits, dots, dashes and
   * underscores, one letter or digit among them. No other pipeline of the account and region may have it.
   *
   * It may be changed. Jobs, records and files stay what they are; metrics, and dashboards that show them, begin anew under the new name,
   * and operators must use it from then on, as must whatever reads the parameter `/cdk-jobworks/{pipelineName}`.
   *
   * With `JobStore.postgres()` it is a part of each record's key: under another name the pipeline has no jobs, until somebody renames them in
   * the database as well.
   *
   * @default - made from the construct's path
   */
  readonly pipelineName?: string;

  /**
   * What a payload must look like. Anything else is refused with 400.
   *
   * @default - any JSON
   */
  readonly payloadSchema?: PayloadSchema;

  /**
   * How often an attempt that failed is repeated, and when.
   *
   * @default - `RetryPolicy.exponential()`: 3 attempts, 10 seconds and then 20 between them, half of it left to chance
   */
  readonly retryPolicy?: RetryPolicy;

  /**
   * How long a job may take in all, from its submission: no attempt starts after it, and a job that is delivered later fails.
   * 1 minute to 4 days, less the longest pause and the timeout of one attempt, since the queue keeps no message longer.
   *
   * @default Duration.days(3)
   */
  readonly deadline?: Duration;

  /**
   * How long the record of a job is kept after it ended or its deadline passed, whichever is later, so that no message outlives it.
   * 4 days to 10 years.
   *
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * How many jobs run at once at most, from 2 to 1,000. Without it a flood of long jobs may take all of the account's concurrency, so
   * there is a warning where an attempt may take a minute or more.
   *
   * @default - as many as the account's concurrency allows; 20 with `JobStore.postgres()`, where each job holds a connection
   * (up to 10 with `runStateMachine()`, whose jobs hold one while they start)
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maximumConcurrency?: number;

  /**
   * What is expected to come: then synthesis fails where the pipeline cannot carry it, and `capacityPlan` says what it needs and costs.
   * `cdk synth -c cdk-jobworks:plan=true` shows it.
   *
   * @default - not known, and not judged
   */
  readonly expectedLoad?: ExpectedLoad;

  /**
   * Whether X-Ray traces the function given to `JobProcessor.inFunction()`, if nothing is said on the function itself.
   *
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * The key that encrypts the queue, the table, and the logs and variables of the pipeline's own functions. CloudWatch Logs is let in by
   * its policy; the policy of an imported key must do so already. The logs of your function are its own affair.
   *
   * @default - a key of the pipeline's own, or service-managed encryption with `EnvironmentProfile.dev()`
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How new versions take over from old ones: of the function that runs jobs, and of those that submit jobs and tell their status. Each has an
   * alias then, which its callers are given. What is called seldom (cancel, retry, uploads) changes at once.
   *
   * @default - at once, as CloudFormation does it: whoever deploys to try something should not have to wait
   */
  readonly deployment?: GradualDeployment;

  /**
   * Alarms, to be tuned or removed one by one.
   *
   * @default - all of them
   */
  readonly alarms?: JobProcessingPipelineAlarmOptions;
}
