import { Names } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Customers, type CustomerOptions } from './customers';
import { IssuedKeys } from './issued-keys';
import { MeasuredPipeline } from './measured-pipeline';
import { OperatorAccess } from './operator-access';
import type { JobProcessingPipelineAlarms } from './pipeline-alarm-options';
import { createPipelineAlarms, describeDuration, workerAlarmOptions } from './pipeline-alarms';
import { PipelineApi } from './pipeline-api';
import { preparePipelineBucket } from './pipeline-bucket';
import { createPipelineFunctions } from './pipeline-functions';
import { PIPELINE_KINDS } from './pipeline-kinds';
import { monitorPipeline, type WatchedParts } from './pipeline-monitoring';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { checkPipeline, nameClaim } from './pipeline-rules';
import { MOST_AT_ONCE, settlePipeline, type PipelineSettings } from './pipeline-settings';
import { PipelineWorker, workerProps, workerPropsWith } from './pipeline-worker';
import type { CapacityPlan } from '../capacity-plan/capacity-plan';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { deployPipeline } from '../gradual-deployment/deploy-pipeline';
import { checkAlarmActions, checkArgument, checkGrantee } from '../internal/arguments';
import { assumeConcurrency } from '../internal/assumed-concurrency';
import { claim } from '../internal/claims';
import { createEncryptionKey } from '../internal/encryption';
import { grantInvokeExactly } from '../internal/grant-invoke';
import { deployedAlias } from '../internal/live-alias';
import { known, PropRules } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import { constructKind } from '../internal/value-kinds';
import { grantFiles } from '../job-functions/pipeline-grants';
import type { PipelineRecords } from '../job-functions/pipeline-records';
import type { PipelineResources } from '../job-functions/pipeline-resources';
import type { IMonitored, Monitoring } from '../monitoring/monitored';
import type { ProxiedPostgres } from '../proxied-postgres/proxied-postgres';
import { InnerWorker } from '../queued-lambda-worker/inner-worker';
import type { QueuedLambdaWorker } from '../queued-lambda-worker/queued-lambda-worker';
import { settle } from '../queued-lambda-worker/worker-settings';

const OWN_FUNCTION = constructKind('lambda.Function', 'addEnvironment', 'fn', 'of this app; what is imported is granted where it is made');

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
export class JobProcessingPipeline extends MeasuredPipeline implements IMonitored {
  /** The pipeline's name in metrics and log lines. */
  public readonly pipelineName: string;
  /** The first part of the keys of all objects in `bucket`. It is made from the construct's path, and so is the same under another `pipelineName`. */
  public readonly filesPrefix: string;
  /**
   * Where the jobs wait, for metrics and the like. Let others submit by `grantSubmit`, and nobody send messages here: those are not checked
   * as submissions are, and name the owner of their job themselves.
   */
  public readonly queue: sqs.IQueue;
  /** Where messages end up that the queue gave up. */
  public readonly deadLetterQueue: sqs.IQueue;
  /** The database that has the records of the jobs, if they are not in `table`. */
  public readonly database?: ProxiedPostgres;
  /** The key that encrypts queue, table and logs, if there is one. */
  public readonly encryptionKey?: kms.IKey;
  /** What works through the queue, with its alarms. */
  public readonly worker: PipelineWorker;
  /** The API, if it is a REST API. */
  public readonly restApi?: apigateway.RestApi;
  /** The API, if it is an HTTP API. */
  public readonly httpApi?: apigatewayv2.HttpApi;
  /** The address of the API before its paths, with a slash at its end: that of its `domain`, if it has one. */
  public readonly apiUrl?: string;
  /** Where large payloads, results and checkpoints live, and uploads, if there is a bucket. */
  public readonly bucket?: s3.IBucket;
  /** The function that accepts jobs, or the alias that stands ready. Let others call it by `grantSubmit`. */
  public readonly submitFunction: lambda.IFunction;
  /** The function that tells how jobs are getting on, or the alias that stands ready. Let others call it by `grantReadJobs`. */
  public readonly statusFunction: lambda.IFunction;
  /** The function that operators call. Let them by `grantOperate`. */
  public readonly operateFunction: lambda.IFunction;
  /** The application of CodeDeploy that moves traffic to new versions, if there is `deployment`. */
  public readonly deploymentApplication?: codedeploy.ILambdaApplication;
  /** What the expected load needs, waits and costs, if there is one. */
  public readonly capacityPlan?: CapacityPlan;
  /** The environment that the pipeline's defaults are for. */
  public readonly profile: EnvironmentProfile;
  /** The alarms of the pipeline as a whole; those of queue and function are in `worker`. */
  public readonly alarms: JobProcessingPipelineAlarms;

  private readonly recordTable?: dynamodb.ITable;
  private readonly records: PipelineRecords;
  private readonly api: PipelineApi;
  private readonly operators: OperatorAccess;
  private readonly watched: WatchedParts;

  constructor(scope: Construct, id: string, props: JobProcessingPipelineProps) {
    super(scope, id);
    new PropRules(this).kinds(props, PIPELINE_KINDS);
    const settings = settlePipeline(props);
    this.capacityPlan = checkPipeline(this, props, settings);
    if (new.target === JobProcessingPipeline) {
      warnOfUnknownProps(this, 'cdk-jobworks:pipeline.unknownProps', props, PIPELINE_KINDS);
    }
    props.profile?.applyTo(this);
    this.profile = EnvironmentProfile.of(this);
    this.pipelineName = props.pipelineName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    claim(this, nameClaim(this, this.pipelineName));
    this.filesPrefix = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    this.encryptionKey = props.encryptionKey ?? this.createKey();
    this.bucket = props.bucket;
    const stored = settings.store.create(this, this.encryptionKey);
    this.records = stored.records;
    this.recordTable = stored.table;
    this.database = stored.database;
    const worker = this.createWorker(props, settings);
    this.worker = PipelineWorker._of(worker);
    this.queue = worker.queue;
    this.deadLetterQueue = worker.deadLetterQueue!;

    const customers = new Customers(this, 'Customers');
    const resources = this.resourcesWith(this.queue);
    const functions = createPipelineFunctions(this, resources, settings, {
      customers: customers.json,
      payloadSchema: props.payloadSchema,
      worker: this.worker.function,
      deadLetterQueue: this.deadLetterQueue,
      eventSourceMapping: worker.eventSourceMapping,
      isDeployed: props.deployment !== undefined,
    });
    const ends = props.processor._kind.connectOthers?.(this, { ...resources, ...settings }, functions);
    this.submitFunction = functions.submit;
    this.statusFunction = functions.status;
    this.operateFunction = functions.operate;
    this.deploymentApplication = this.deployVersions(props, settings);
    const issuedKeys = settings.issuesKeys ? new IssuedKeys(this, 'Keys', this) : undefined;
    this.operators = new OperatorAccess(this, 'Operators', this.pipelineName, functions.operate, issuedKeys?.manageFunction);

    const { pipelineName, profile, encryptionKey } = this;
    this.api = new PipelineApi(this, settings, functions, {
      pipelineName, profile, encryptionKey, payloadSchema: props.payloadSchema, uploads: this.bucket !== undefined, customers, issuedKeys,
    });
    this.restApi = this.api.restApi;
    this.httpApi = this.api.httpApi;
    this.apiUrl = this.api.gateway?.url;
    if (this.bucket) {
      preparePipelineBucket(this.bucket, { ...settings, filesPrefix: this.filesPrefix, cors: settings.api?.cors });
    }
    this.watched = {
      functions,
      others: { authorize: issuedKeys?.authorizeFunction, keys: issuedKeys?.manageFunction, executionEnded: ends?.function },
      gateway: this.api.gateway,
      maximumConcurrency: worker._concurrencyLimit,
      besides: props.processor._kind.besides,
      table: this.recordTable,
    };
    this.alarms = createPipelineAlarms(this, {
      pipelineName: this.pipelineName,
      profile: this.profile,
      api: this.api.gateway,
      queue: this.queue,
      attempt: props.processor._kind.longestAttempt ?? props.processor._kind.attemptTimeout,
      deadLetterQueue: this.deadLetterQueue,
      submitFunction: functions.submit,
      statusFunction: functions.status,
      deadLetterFunction: functions.deadLetter,
      sweeperFunction: functions.sweeper,
      ends,
    }, props.alarms);
  }

  /**
   * The records of the jobs, if they are in DynamoDB.
   *
   * @throws an error if they are in `database`
   */
  public get table(): dynamodb.ITable {
    if (!this.recordTable) {
      throw new Error(`${this.node.path}: there is no table, as the records are in PostgreSQL. Fix: use database, or JobStore.dynamoDb().`);
    }
    return this.recordTable;
  }

  /**
   * Makes an API key of a REST API for a customer. The customer owns the jobs that are submitted with it, and sees no other's. Keys of an
   * HTTP API are made by `npx cdk-jobworks keys create`.
   *
   * There is room for some thirty customers: the map from key to name travels in the environment of a function. Keys that are made elsewhere
   * and added to the usage plan are not counted; each owns its jobs under its own id.
   *
   * @param name 1 to 64 letters, digits, dots, dashes and underscores; it is the owner in records and logs
   * @param options which of the customer's keys it is, if there are several
   * @returns the key, whose id the app may output
   * @throws if the API is not authenticated by API keys, or the key was added already
   */
  public addCustomer(name: string, options: CustomerOptions = {}): apigateway.IApiKey {
    return this.api.addCustomer(name, options);
  }

  /**
   * Lets somebody call the API: submit, read, list, cancel and retry jobs, all of them its own. With `ApiAuthentication.iam()`.
   *
   * @param grantee who may call it
   * @returns what was granted
   * @throws if there is no API, or it does not ask for IAM
   */
  public grantExecute(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(this, 'grantExecute', grantee);
    return this.api.grantExecute(grantee);
  }

  /**
   * Lets somebody submit jobs without the API, by invoking `submitFunction` with `{"payload": …, "owner"?, "idempotency_key"?,
   * "correlation_id"?}`. Whoever may do so is trusted with every owner. Nobody else may send to the queue.
   *
   * @param grantee who may submit, also in another stack
   * @returns what was granted
   */
  public grantSubmit(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(this, 'grantSubmit', grantee);
    return grantInvokeExactly(this.submitFunction, grantee);
  }

  /**
   * Lets somebody read jobs without the API, by invoking `statusFunction` with `{"job_id": …}` or `{"owner": …, "status"?, "limit"?,
   * "next_token"?}`. Whoever may do so is trusted with every owner.
   *
   * @param grantee who may read, also in another stack
   * @returns what was granted
   */
  public grantReadJobs(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(this, 'grantReadJobs', grantee);
    return grantInvokeExactly(this.statusFunction, grantee);
  }

  /**
   * Lets a function read the files of jobs, by the keys that it is given: uploads, and payloads and checkpoints over 64 KiB. For the steps of a
   * state machine, or a function that is called; one that runs jobs by `JobProcessor.inFunction()` may do so anyway. One that is in a network needs a
   * way to S3 there: `services` of `grantConnect()`, or `network.allowServices()`.
   *
   * @param fn a function of this app
   * @throws if the pipeline has no bucket
   */
  public grantReadFiles(fn: lambda.Function): void {
    checkArgument(this, 'grantReadFiles(', fn, OWN_FUNCTION);
    if (!this.bucket) {
      throw new Error(`${this.node.path}: there are no files without a bucket. Fix: give the pipeline bucket.`);
    }
    grantFiles(fn, { bucket: this.bucket, filesPrefix: this.filesPrefix }, { get: ['jobs', 'uploads'] }, 'JobWorksReadFiles');
  }

  /**
   * Lets somebody operate the pipeline, as the command line does: list, show, retry and cancel jobs of every owner, pause and resume.
   *
   * @param grantee who may operate, also in another stack
   * @returns what was granted
   */
  public grantOperate(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(this, 'grantOperate', grantee);
    return this.operators.grant(grantee);
  }

  /**
   * Lets somebody make, list and revoke the API keys of an HTTP API, as `npx cdk-jobworks keys` does. Whoever may do so can call the API as
   * any customer.
   *
   * @param grantee who may manage keys, also in another stack
   * @returns what was granted
   * @throws if the API is no HTTP API with `ApiAuthentication.apiKeys()`
   */
  public grantManageKeys(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(this, 'grantManageKeys', grantee);
    return this.operators.grantKeys(grantee);
  }

  /**
   * The API as an OpenAPI 3.0 document, for those who write or generate clients: every route, what it takes and what it answers. The address
   * is that of the API's `domain`, or the path of its stage, as API Gateway makes the rest at deployment.
   *
   * @returns the document, as JSON
   * @throws if there is no API
   */
  public toOpenApi(): string {
    return this.api.toOpenApi();
  }

  /**
   * Gives every alarm something to do when it rings, those of queue and function too, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    checkAlarmActions(this, actions);
    for (const alarm of [...Object.values(this.worker.alarms), ...Object.values(this.alarms)]) {
      alarm?.addAlarmAction(...actions);
    }
  }

  /**
   * What there is to watch of the pipeline, for a dashboard: its alarms and those of queue and function, its part of the page, logs and costs.
   *
   * @returns all of it
   */
  public monitor(): Monitoring {
    return monitorPipeline(this, this.watched);
  }

  private createKey(): kms.IKey | undefined {
    return this.profile.customerManagedKeys
      ? createEncryptionKey(this, 'Key', { description: `Jobs of ${this.node.path}`, removalPolicy: this.profile.removalPolicy })
      : undefined;
  }

  private createWorker(props: JobProcessingPipelineProps, settings: PipelineSettings): QueuedLambdaWorker {
    const { retryPolicy, tracing } = settings;
    const processor = props.processor._kind;
    const fn = processor.function(this, this);
    const given = workerPropsWith(props.deployment ? deployedAlias(fn) : fn, workerProps(props, settings));
    const worker = new InnerWorker(this, 'Worker', {
      ...given,
      encryptionKey: this.encryptionKey,
      alarms: workerAlarmOptions(props.alarms?.worker, { profile: this.profile, retryPolicy, processor }),
      label: this.pipelineName,
    });
    describeDuration(worker.alarms.duration, this.pipelineName, processor);
    if (props.maximumConcurrency === undefined && settle(processor.workerProps).maximumConcurrency === undefined) {
      assumeConcurrency(fn, 'maximumConcurrency');
    }
    processor.connect(fn, { ...this.resourcesWith(worker.queue), retryPolicy, tracing, atOnce: known(given.maximumConcurrency) ?? MOST_AT_ONCE });
    return worker;
  }

  private deployVersions({ deployment, alarms }: JobProcessingPipelineProps, { api }: PipelineSettings): codedeploy.ILambdaApplication | undefined {
    if (!deployment) {
      return undefined;
    }
    const [worker, submit, status] = [this.worker.function, this.submitFunction, this.statusFunction] as lambda.Alias[];
    return deployPipeline(this, deployment, {
      name: this.pipelineName,
      profile: this.profile,
      encryptionKey: this.encryptionKey,
      worker,
      api: api?.provisionedConcurrency === undefined ? { submit, status } : undefined,
      percent: alarms?.failureRate?.threshold ?? this.profile.errorRatePercent,
      doors: { submit: submit.lambda as lambda.Function, status: status.lambda as lambda.Function },
    }).application;
  }

  private resourcesWith(queue: sqs.IQueue): PipelineResources {
    return {
      pipelineName: this.pipelineName,
      filesPrefix: this.filesPrefix,
      records: this.records,
      queue,
      bucket: this.bucket,
      profile: this.profile,
      encryptionKey: this.encryptionKey,
    };
  }
}
