import { Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression, Stats, type IAlarmAction, type Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILambdaApplication } from 'aws-cdk-lib/aws-codedeploy';
import { Grant, Role, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type Alias, type Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import { createWorkerAlarms, type QueuedLambdaWorkerAlarms } from './worker-alarms';
import { createWorkerFunction } from './worker-function';
import { WORKER_KINDS } from './worker-kinds';
import { monitorWorker } from './worker-monitoring';
import { workerQueues } from './worker-queues';
import { checkWorkerProps, warn } from './worker-rules';
import { INVOCATIONS_PER_POLLER, isProvisioned, settle, type WorkerSettings } from './worker-settings';
import { ERRORS_FLOOR } from '../alarms/create-function-alarms';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { deployWorker } from '../gradual-deployment/deploy-worker';
import { checkWorkerDeployment, warnOfDeployment } from '../gradual-deployment/deployment-rules';
import { acknowledge } from '../internal/acknowledge';
import { checkAlarmActions, checkGrantee } from '../internal/arguments';
import { createEncryptionKey } from '../internal/encryption';
import { concurrentExecutions, errorRate } from '../internal/function-metrics';
import { deployedAlias } from '../internal/live-alias';
import { known, PropRules, seconds } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import type { IMonitored, Monitoring } from '../monitoring/monitored';

/**
 * A queue, a function that works through it, a dead-letter queue for what it cannot do, and alarms on all of them.
 *
 * For messages that need no record of their own; jobs that somebody asks about belong in a `JobProcessingPipeline`.
 * Function and queue are created, or given: a function may be a version or an alias, a queue standard or FIFO. Failures are reported
 * message by message, so that the rest of a batch is not repeated.
 *
 * @example
 * const worker = new QueuedLambdaWorker(this, 'Thumbnails', {
 *   code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
 *   handler: 'index.handler',
 *   timeout: Duration.minutes(1),
 *   maximumConcurrency: 10,
 * });
 *
 * declare const uploads: lambda.Function;
 * worker.grantSendMessages(uploads);
 */
export class QueuedLambdaWorker extends Construct implements IMonitored {
  /** The queue that messages are taken from. */
  public readonly queue: IQueue;
  /** Where messages end that were tried too often; not known if an imported queue was given without it. */
  public readonly deadLetterQueue?: IQueue;
  /** The function, version or alias that gets the messages; with `deployment` an alias. */
  public readonly function: IFunction;
  /** The log group of the new function; none if an existing function was given. */
  public readonly logGroup?: ILogGroup;
  /** What takes messages from the queue and calls the function. */
  public readonly eventSourceMapping: EventSourceMapping;
  /** The alarms, by what they watch. */
  public readonly alarms: QueuedLambdaWorkerAlarms;
  /** The key that new queues and logs are encrypted with; none if services manage the encryption. */
  public readonly encryptionKey?: IKey;

  /**
   * How many invocations the queue causes at once, where that is limited.
   *
   * @internal
   */
  public readonly _concurrencyLimit?: number;

  /** The application of CodeDeploy that moves traffic to new versions, if there is `deployment`. */
  public readonly deploymentApplication?: ILambdaApplication;

  private readonly label: string;

  /** The function itself, where a version or an alias was given. */
  private readonly unqualifiedFunction: IFunction;

  /**
   * Creates what was not given and connects it.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what it is made of
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: QueuedLambdaWorkerProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, WORKER_KINDS);
    const settings = settle(props);
    checkWorkerProps(rules, props, settings);
    if (props.deployment) {
      checkWorkerDeployment(rules, this, props.deployment, props.function);
    }
    rules.throwIfBroken();
    warn(this, props, settings);
    if (props.deployment) {
      warnOfDeployment(this, props.deployment);
    }
    if (new.target === QueuedLambdaWorker) {
      warnOfUnknownProps(this, 'cdk-jobworks:worker.unknownProps', props, WORKER_KINDS);
    }

    props.profile?.applyTo(this);
    const profile = EnvironmentProfile.of(this);
    const removalPolicy = props.removalPolicy ?? profile.removalPolicy;

    this.encryptionKey = this.keyFor(props, profile, removalPolicy);
    const { queue, deadLetterQueue } = workerQueues(this, props, settings, removalPolicy, this.encryptionKey);
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;

    let given = props.function;
    if (!given) {
      const { fn, logGroup } = createWorkerFunction(this, props, settings, {
        logRetention: props.logRetention ?? profile.logRetention,
        removalPolicy,
        encryptionKey: this.encryptionKey,
      });
      given = fn;
      this.logGroup = logGroup;
    }
    this.unqualifiedFunction = settings.existingFunction?.unqualified ?? given;
    this.function = props.deployment ? deployedAlias(given as LambdaFunction) : given;

    this.label = props.label ?? this.node.path;
    const pollers = known(settings.maximumPollers);
    this._concurrencyLimit = known(settings.maximumConcurrency) ?? (pollers === undefined ? undefined : pollers * INVOCATIONS_PER_POLLER);
    this.eventSourceMapping = this.connect(props, settings);
    this.alarms = this.createAlarms(props, settings, profile);
    this.deploymentApplication = props.deployment && deployWorker(
      this,
      props.deployment,
      { name: props.label ?? this.node.path, profile, encryptionKey: this.encryptionKey },
      this.function as Alias,
      props.alarms?.errors?.threshold ?? profile.errorRatePercent,
    ).application;
  }

  /**
   * Lets somebody send messages to the queue: one by one or in batches, encrypted where it is.
   *
   * @param grantee who may send
   * @returns what was granted
   */
  public grantSendMessages(grantee: IGrantable): Grant {
    checkGrantee(this, 'grantSendMessages', grantee);
    const send = this.queue.grant(grantee, 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl');
    const key = this.queue.encryptionMasterKey;
    return key ? send.combine(key.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt')) : send;
  }

  /**
   * Gives every alarm something to do when it rings, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: IAlarmAction[]): void {
    checkAlarmActions(this, actions);
    for (const alarm of Object.values(this.alarms)) {
      alarm?.addAlarmAction(...actions);
    }
  }

  /**
   * How many messages wait to be taken.
   *
   * @param props statistic, period and label
   * @returns the largest number seen over 5 minutes, unless told otherwise
   */
  public metricVisibleMessages(props?: MetricOptions): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...props });
  }

  /**
   * How many dead letters there are.
   *
   * @param props statistic, period and label
   * @returns the largest number seen over 5 minutes, unless told otherwise
   * @throws an error if the dead-letter queue is not known
   */
  public metricDeadLetters(props?: MetricOptions): Metric {
    if (!this.deadLetterQueue) {
      throw new Error(`${this.node.path}: the dead-letter queue is not known. Fix: give deadLetterQueue beside the imported queue.`);
    }
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...props });
  }

  /**
   * How long the oldest message has waited, in seconds, and 0 while none waits: SQS counts messages that are being worked on too.
   *
   * @param props period and label
   * @returns the highest age seen over 5 minutes, unless told otherwise
   */
  public metricOldestMessageAge(props?: MetricOptions): MathExpression {
    return new MathExpression({
      expression: 'IF(visible > 0, age, 0)',
      usingMetrics: {
        visible: this.metricVisibleMessages(),
        age: this.queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM }),
      },
      label: props?.label ?? 'Age of the oldest waiting message (seconds)',
      period: props?.period,
    });
  }

  /**
   * The share of invocations that failed as a whole, in percent. A message that was reported as failed is not one of them.
   *
   * One failure where nothing else happened is 100 %: the worker's alarm judges the share only where 3 invocations or more failed.
   *
   * @param props period and label
   * @returns the share over 5 minutes, unless told otherwise
   */
  public metricErrorRate(props?: MetricOptions): MathExpression {
    return errorRate(this.function, props);
  }

  /**
   * How many invocations were refused for want of concurrency.
   *
   * @param props statistic, period and label
   * @returns the sum over 5 minutes, unless told otherwise
   */
  public metricThrottles(props?: MetricOptions): Metric {
    return this.function.metricThrottles(props);
  }

  /**
   * How long an invocation took, in milliseconds.
   *
   * @param props statistic, period and label
   * @returns the longest over 5 minutes, unless told otherwise
   */
  public metricDuration(props?: MetricOptions): Metric {
    return this.function.metricDuration({ statistic: Stats.MAXIMUM, ...props });
  }

  /**
   * How many invocations ran at the same time, of the function and all its versions: what is reserved is reserved for all of them.
   *
   * @param props statistic, period and label
   * @returns the highest number over 5 minutes, unless told otherwise
   */
  public metricConcurrentExecutions(props?: MetricOptions): Metric {
    return concurrentExecutions(this.unqualifiedFunction, props);
  }

  /**
   * What there is to watch of the worker, for a dashboard.
   *
   * @returns its alarms, its part of the page, its log and costs
   */
  public monitor(): Monitoring {
    return monitorWorker(this, this.label);
  }

  private keyFor(props: QueuedLambdaWorkerProps, profile: EnvironmentProfile, removalPolicy: RemovalPolicy): IKey | undefined {
    const nothingNew = props.function !== undefined && props.queue !== undefined;
    if (props.encryptionKey || nothingNew || !profile.customerManagedKeys) {
      return props.encryptionKey;
    }
    return createEncryptionKey(this, 'Key', { description: `Queues and logs of ${this.node.path}`, removalPolicy });
  }

  private connect(props: QueuedLambdaWorkerProps, settings: WorkerSettings): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: settings.batchSize,
      maxBatchingWindow: settings.batchingWindow,
      maxConcurrency: settings.maximumConcurrency,
      provisionedPollerConfig: isProvisioned(settings)
        ? { minimumPollers: settings.minimumPollers, maximumPollers: settings.maximumPollers }
        : undefined,
      reportBatchItemFailures: true,
      enabled: props.enabled,
    });
    acknowledge(mapping, {
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Queues know no such destination: failed messages go to the dead-letter queue.',
    });
    const consumer = this.consumer();
    if (consumer) {
      this.queue.grantConsumeMessages(consumer).applyBefore(mapping); // Lambda refuses a mapping that may not receive
    }
    return mapping;
  }

  /**
   * Who receives messages. The role of a function in another stack gets its policy here: there, it would make the two stacks need each other.
   */
  private consumer(): IGrantable | undefined {
    const role = this.function.role;
    if (!role || Stack.of(role) === Stack.of(this)) {
      return role;
    }
    return Role.fromRoleName(this, 'FunctionRoleElsewhere', role.roleName);
  }

  private createAlarms(props: QueuedLambdaWorkerProps, settings: WorkerSettings, profile: EnvironmentProfile): QueuedLambdaWorkerAlarms {
    return createWorkerAlarms(new Construct(this, 'Alarms'), {
      label: this.label,
      deadLetters: this.deadLetterQueue && ((options) => this.metricDeadLetters(options)),
      oldestMessageAge: (options) => this.metricOldestMessageAge(options),
      errorRate: (options) => errorRate(this.function, options, ERRORS_FLOOR),
      throttles: (options) => this.metricThrottles(options),
      duration: (options) => this.metricDuration(options),
      concurrentExecutions: (options) => this.metricConcurrentExecutions(options),
      oldestMessageAgeSeconds: Math.max(profile.oldestMessageAge.toSeconds(), seconds(settings.visibilityTimeout) ?? 0),
      errorRatePercent: profile.errorRatePercent,
      timeoutSeconds: seconds(settings.timeout),
      reservedConcurrency: known(settings.reservedConcurrency),
    }, props.alarms);
  }
}
