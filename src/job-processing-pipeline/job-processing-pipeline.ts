import { Duration, Names } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Customers } from './customers';
import { failureRate, pipelineMetric } from './pipeline-metrics';
import { checkPipeline } from './pipeline-rules';
import type { AlarmOptions } from '../alarms/alarm-options';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm } from '../internal/alarm-factory';
import { createEncryptionKey } from '../internal/encryption';
import { grantKeyUse } from '../internal/key-grants';
import { JobApi } from '../job-api/job-api';
import type { PayloadSchema } from '../job-api/payload-schema';
import { DEFAULT_PATHS, RestJobApi } from '../job-api/rest-job-api';
import { statusFunction, submitFunction, type ApiFunctionProps } from '../job-functions/api-functions';
import type { JobProcessor } from '../job-processor/job-processor';
import { installLayer } from '../job-processor/node-layer';
import type { JobStore } from '../job-store/job-store';
import { jobsTable } from '../job-store/jobs-table';
import { QueuedLambdaWorker } from '../queued-lambda-worker/queued-lambda-worker';
import { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import type { QueuedLambdaWorkerAlarmOptions } from '../queued-lambda-worker/worker-alarms';
import { AUTHENTICATION, ENVIRONMENT } from '../runtime/wire/environment';

/** Alarms of a pipeline as a whole; each can be tuned or removed. */
export interface JobProcessingPipelineAlarmOptions {
  /**
   * Of the jobs that ended, too large a share failed, in percent. Rings only when at least 10 jobs ended in the period.
   *
   * @default - from 10 % (25 % with `EnvironmentProfile.dev()`) over 5 minutes
   */
  readonly failureRate?: AlarmOptions;

  /**
   * The API answered with a 5xx: callers could not submit jobs.
   *
   * @default - from the first in 5 minutes
   */
  readonly apiErrors?: AlarmOptions;

  /**
   * Alarms of the queue and the function that works through it.
   *
   * @default - all, as `QueuedLambdaWorker` has them
   */
  readonly worker?: QueuedLambdaWorkerAlarmOptions;
}

/** The alarms of a pipeline as a whole: those that were not removed and have something to judge. */
export interface JobProcessingPipelineAlarms {
  /**
   * Too large a share of the jobs failed.
   *
   * @default - removed
   */
  readonly failureRate?: cloudwatch.Alarm;

  /**
   * The API answered with a 5xx.
   *
   * @default - removed, or there is no API
   */
  readonly apiErrors?: cloudwatch.Alarm;
}

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
   * The pipeline's name in metrics and log lines: 1 to 128 letters, digits, dots, dashes and underscores.
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
   * How long a job may take in all, from its submission: one that has not ended by then fails. 1 minute to 4 days.
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
   * How many jobs run at once at most, from 2 to 1,000.
   *
   * @default - as many as the account's concurrency allows
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maximumConcurrency?: number;

  /**
   * The key that encrypts the queue, the table and the logs.
   *
   * @default - a key of the pipeline's own, or service-managed encryption with `EnvironmentProfile.dev()`
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Alarms, to be tuned or removed one by one.
   *
   * @default - all of them
   */
  readonly alarms?: JobProcessingPipelineAlarmOptions;
}

/** Jobs that must have ended in a period before their failure rate is judged. */
const FAILURE_RATE_FLOOR = 10;

/**
 * Background jobs: an API that accepts them, a queue, your function that runs them, a record of each that is always right, and alarms.
 *
 * A job that was accepted ends exactly once, as succeeded, failed or cancelled, whatever crashes. An attempt that fails is repeated after
 * a growing pause and goes on from the checkpoint that the last one saved.
 *
 * @example
 * declare const analyse: lambda.Function;
 *
 * new JobProcessingPipeline(this, 'Jobs', {
 *   processor: JobProcessor.inFunction(analyse),
 * });
 */
export class JobProcessingPipeline extends Construct {
  /** The pipeline's name in metrics and log lines. */
  public readonly pipelineName: string;
  /** Where the jobs wait. */
  public readonly queue: sqs.IQueue;
  /** Where messages end up that the queue gave up. */
  public readonly deadLetterQueue: sqs.IQueue;
  /** The records of the jobs. */
  public readonly table: dynamodb.Table;
  /** The key that encrypts queue, table and logs, if there is one. */
  public readonly encryptionKey?: kms.IKey;
  /** The queue's consumer, with its alarms. */
  public readonly worker: QueuedLambdaWorker;
  /** The API, if there is one. */
  public readonly api?: apigateway.RestApi;
  /** The function that accepts jobs. */
  public readonly submitFunction: lambda.Function;
  /** The alarms of the pipeline as a whole; those of queue and function are in `worker`. */
  public readonly alarms: JobProcessingPipelineAlarms;

  private readonly profile: EnvironmentProfile;
  private readonly customers: Customers;
  private readonly restApi?: RestJobApi;

  constructor(scope: Construct, id: string, props: JobProcessingPipelineProps) {
    super(scope, id);
    checkPipeline(this, props);
    props.profile?.applyTo(this);
    this.profile = EnvironmentProfile.of(this);
    this.pipelineName = props.pipelineName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    const retryPolicy = props.retryPolicy ?? RetryPolicy.exponential();

    this.encryptionKey = props.encryptionKey ?? this.createKey();
    this.table = jobsTable(this, 'Table', { profile: this.profile, encryptionKey: this.encryptionKey });
    this.worker = this.createWorker(props, retryPolicy);
    this.queue = this.worker.queue;
    this.deadLetterQueue = this.worker.deadLetterQueue!;
    this.connectProcessor(props.processor._function, retryPolicy);

    this.customers = new Customers(this, 'Customers');
    const rest = (props.api ?? JobApi.rest())._rest;
    const functionProps: ApiFunctionProps = {
      pipelineName: this.pipelineName,
      table: this.table,
      queue: this.queue,
      profile: this.profile,
      encryptionKey: this.encryptionKey,
      retryPolicy,
      deadline: props.deadline ?? Duration.days(3),
      retention: props.retention ?? Duration.days(30),
      payloadSchema: props.payloadSchema,
      authentication: rest?.authentication?._kind ?? AUTHENTICATION.iam,
      customers: this.customers.json,
      statusPath: rest?.statusPath ?? DEFAULT_PATHS.status,
    };
    this.submitFunction = submitFunction(this, 'Submit', functionProps);
    if (rest) {
      this.restApi = new RestJobApi(this, 'Api', {
        options: rest,
        name: this.pipelineName,
        profile: this.profile,
        submit: this.submitFunction,
        status: statusFunction(this, 'Status', functionProps),
        payloadSchema: props.payloadSchema,
        encryptionKey: this.encryptionKey,
      });
      this.api = this.restApi.api;
    }
    this.alarms = this.createAlarms(props.alarms ?? {});
  }

  /**
   * Makes an API key for a customer. The customer owns the jobs that are submitted with it, and sees no other's.
   *
   * @param name 1 to 64 letters, digits, dots, dashes and underscores; it is the owner in records and logs
   * @returns the key, whose id the app may output
   * @throws if the API is not authenticated by API keys, or the name is taken
   */
  public addCustomer(name: string): apigateway.IApiKey {
    return this.customers.add(name, this.restApi?.usagePlan);
  }

  /**
   * Gives every alarm something to do when it rings, those of queue and function too, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    this.worker.addAlarmAction(...actions);
    this.alarms.failureRate?.addAlarmAction(...actions);
    this.alarms.apiErrors?.addAlarmAction(...actions);
  }

  /**
   * Jobs accepted.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricSubmitted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'submitted', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that succeeded.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricSucceeded(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'succeeded', cloudwatch.Stats.SUM, options);
  }

  /**
   * Jobs that failed: the handler said so, the attempts were used up or the deadline passed.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'failed', cloudwatch.Stats.SUM, options);
  }

  /**
   * Attempts that failed and are repeated.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricRetried(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'retried', cloudwatch.Stats.SUM, options);
  }

  /**
   * How long jobs ran, from their first attempt to their end, in milliseconds.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the 90th percentile over 5 minutes
   */
  public metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'duration', 'p90', options);
  }

  /**
   * How long jobs waited for their first attempt, in milliseconds.
   *
   * @param options statistic, period, colour and the like
   * @returns the metric, as the 90th percentile over 5 minutes
   */
  public metricQueueWait(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'queueWait', 'p90', options);
  }

  private createKey(): kms.IKey | undefined {
    return this.profile.customerManagedKeys
      ? createEncryptionKey(this, 'Key', { description: `Jobs of ${this.node.path}`, removalPolicy: this.profile.removalPolicy })
      : undefined;
  }

  private createWorker(props: JobProcessingPipelineProps, retryPolicy: RetryPolicy): QueuedLambdaWorker {
    return new QueuedLambdaWorker(this, 'Worker', {
      function: props.processor._function,
      batchSize: 1,
      maximumConcurrency: props.maximumConcurrency,
      // The record counts attempts. This is a fuse for deliveries whose worker never started.
      maxReceiveCount: 2 * retryPolicy.maxAttempts + 5,
      encryptionKey: this.encryptionKey,
      alarms: {
        ...props.alarms?.worker,
        // The layer sets each message's visibility to its attempt's own time, so the queue's long one does not count here.
        oldestMessageAge: { threshold: this.profile.oldestMessageAge.toSeconds(), ...props.alarms?.worker?.oldestMessageAge },
      },
      label: this.pipelineName,
    });
  }

  private connectProcessor(fn: lambda.Function, retryPolicy: RetryPolicy): void {
    installLayer(fn);
    const timeout = fn.timeout ?? Duration.seconds(3);
    const environment = {
      [ENVIRONMENT.pipeline]: this.pipelineName,
      [ENVIRONMENT.table]: this.table.tableName,
      [ENVIRONMENT.queueUrl]: this.queue.queueUrl,
      [ENVIRONMENT.queueArn]: this.queue.queueArn,
      [ENVIRONMENT.backoffFirstMs]: String((retryPolicy.firstDelay ?? Duration.seconds(0)).toMilliseconds()),
      [ENVIRONMENT.backoffMaxMs]: String((retryPolicy.maxDelay ?? Duration.seconds(0)).toMilliseconds()),
      [ENVIRONMENT.backoffJitter]: String(retryPolicy.jitter),
      [ENVIRONMENT.shutdownMs]: String(Math.min(10_000, Math.floor(timeout.toMilliseconds() / 5))),
    };
    for (const [name, value] of Object.entries(environment)) {
      fn.addEnvironment(name, value);
    }
    fn.addToRolePolicy(new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [this.table.tableArn],
    }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'], resources: [this.queue.queueArn] }));
    grantKeyUse(this.encryptionKey, fn);
  }

  private createAlarms(options: JobProcessingPipelineAlarmOptions): JobProcessingPipelineAlarms {
    const api = this.api;
    return {
      failureRate: createAlarm(this, 'FailureRateAlarm', {
        metric: (metricOptions) => failureRate(this.pipelineName, FAILURE_RATE_FLOOR, metricOptions),
        threshold: this.profile.errorRatePercent,
        description: `${this.pipelineName}: too large a share of the jobs failed, in percent. Look at the errors of failed jobs in the worker's log.`,
      }, options.failureRate),
      apiErrors: api && createAlarm(this, 'ApiErrorsAlarm', {
        metric: (metricOptions) => api.metricServerError(metricOptions),
        threshold: 1,
        description: `${this.pipelineName}: the API answered with a 5xx, so jobs could not be submitted or read. Look at the access log and the functions' logs.`,
      }, options.apiErrors),
    };
  }
}
