import { Duration, Names } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Customers } from './customers';
import { createPipelineAlarms, workerAlarmOptions, type JobProcessingPipelineAlarms } from './pipeline-alarms';
import { pipelineMetric } from './pipeline-metrics';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { checkPipeline } from './pipeline-rules';
import { workerProps } from './pipeline-worker';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createEncryptionKey } from '../internal/encryption';
import { JobApi } from '../job-api/job-api';
import { RestJobApi } from '../job-api/rest-job-api';
import { DEFAULT_PATHS } from '../job-api/routes';
import { statusFunction, submitFunction, type ApiFunctionProps } from '../job-functions/api-functions';
import { attemptTimeout, connectProcessor, shutdownTime } from '../job-processor/connect-processor';
import { jobsTable } from '../job-store/jobs-table';
import { QueuedLambdaWorker } from '../queued-lambda-worker/queued-lambda-worker';
import { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { AUTHENTICATION } from '../runtime/wire/environment';

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
  public readonly table: dynamodb.ITable;
  /** The key that encrypts queue, table and logs, if there is one. */
  public readonly encryptionKey?: kms.IKey;
  /** The queue's consumer, with its alarms. */
  public readonly worker: QueuedLambdaWorker;
  /** The API, if there is one. */
  public readonly api?: apigateway.RestApi;
  /** The function that accepts jobs. */
  public readonly submitFunction: lambda.IFunction;
  /** The environment that the pipeline's defaults are for. */
  public readonly profile: EnvironmentProfile;
  /** The alarms of the pipeline as a whole; those of queue and function are in `worker`. */
  public readonly alarms: JobProcessingPipelineAlarms;

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
    connectProcessor(props.processor._function, {
      pipelineName: this.pipelineName,
      table: this.table,
      queue: this.queue,
      encryptionKey: this.encryptionKey,
      retryPolicy,
      tracing: props.tracing ?? true,
    });

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
    this.alarms = createPipelineAlarms(this, this, props.alarms ?? {});
  }

  /**
   * Makes an API key for a customer. The customer owns the jobs that are submitted with it, and sees no other's.
   *
   * There is room for some thirty customers: the map from key to name travels in the environment of a function. Keys that are made elsewhere
   * and added to the usage plan are not counted; each owns its jobs under its own id.
   *
   * @param name 1 to 64 letters, digits, dots, dashes and underscores; it is the owner in records and logs
   * @param keyName the name of a further key of the same customer, for replacing one without a pause; the customer's only key has none
   * @returns the key, whose id the app may output
   * @throws if the API is not authenticated by API keys, or the key was added already
   */
  public addCustomer(name: string, keyName?: string): apigateway.IApiKey {
    return this.customers.add(name, keyName, this.restApi?.usagePlan);
  }

  /**
   * Lets somebody call the API: submit jobs, and read the status of those it submitted. With `ApiAuthentication.iam()`.
   *
   * @param grantee who may call it
   * @returns what was granted
   */
  public grantExecute(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: this.restApi?.methodArns ?? [] });
  }

  /**
   * Gives every alarm something to do when it rings, those of queue and function too, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    this.worker.addAlarmAction(...actions);
    for (const alarm of Object.values(this.alarms)) {
      alarm?.addAlarmAction(...actions);
    }
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
   * Jobs that the system gave up: their attempts were used up, or their deadline passed.
   *
   * @param options period, colour and the like
   * @returns the metric, as a sum over 5 minutes
   */
  public metricDeadLettered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return pipelineMetric(this.pipelineName, 'deadLettered', cloudwatch.Stats.SUM, options);
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
    const timeout = attemptTimeout(props.processor._function);
    return new QueuedLambdaWorker(this, 'Worker', {
      ...workerProps(props),
      encryptionKey: this.encryptionKey,
      alarms: workerAlarmOptions(props.alarms?.worker, { profile: this.profile, retryPolicy, timeout, shutdown: shutdownTime(timeout) }),
      label: this.pipelineName,
    });
  }
}
