import { Annotations, Duration } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { orderIsKnown } from './existing-queue';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import { checkRetryPolicy, RetryPolicy } from './retry-policy';
import { checkWorkerAlarms } from './worker-alarms';
import { INVOCATIONS_PER_POLLER, isProvisioned, LEAST_CONCURRENCY, MAX_TIMEOUT_SECONDS, MAX_WINDOW_SECONDS, settle, type WorkerSettings } from './worker-settings';
import { checkFunctionJudged } from '../alarms/function-alarms';
import { checkJudged } from '../internal/alarm-factory';
import { warnOfDefaultTimeout } from '../internal/existing-function';
import { known, seconds, type PropNames, type PropRules } from '../internal/prop-rules';

/** Whose limits the numbers are. */
const LAMBDA = "Lambda's limit";
const SQS = "SQS's limit";

/**
 * Everything that can be wrong with the worker inside another construct, before either is created.
 *
 * @param rules the other construct's collection
 * @param props what it will give its worker, as far as it is known by then
 * @param names what the worker's props are to the other construct's user
 */
export function checkInnerWorker(rules: PropRules, props: QueuedLambdaWorkerProps, names: PropNames): void {
  checkWorkerProps(rules.renaming(names), props, settle(props));
}

/** Everything that can be wrong with the props of a worker. */
export function checkWorkerProps(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  checkFunction(rules, props, settings);
  checkQueue(rules, props, settings);
  checkPolling(rules, props, settings);
  checkVisibility(rules, props, settings);
  checkRetries(rules, props, settings);
  checkWorkerAlarms(rules, props.alarms);
  checkFunctionJudged(rules, props.alarms, settings);
  const noDeadLetters = props.queue && !settings.existingQueue?.deadLetterQueue && !props.deadLetterQueue ? 'a known dead-letter queue' : undefined;
  checkJudged(rules, 'alarms.firstDeadLetter', props.alarms?.firstDeadLetter, noDeadLetters);
  checkJudged(rules, 'alarms.deadLetters', props.alarms?.deadLetters, noDeadLetters);
  rules.check(!(props.encryptionKey && props.function && props.queue), {
    rule: 'encryptionKey has nothing to encrypt beside an existing function and an existing queue',
    fix: 'remove encryptionKey',
  });
}

function checkFunction(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  if (settings.existingFunction) {
    checkExistingFunction(rules, props, settings.existingFunction.defined);
    return;
  }
  checkTimeout(rules, props);
  const missing = (['code', 'handler'] as const).filter((prop) => props[prop] === undefined);
  rules.check(missing.length === 0, {
    rule: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} required without function`,
    fix: 'give code and handler, or an existing function',
  });
  rules.size('memorySize', props.memorySize, 128, 10_240, LAMBDA);
  rules.size('ephemeralStorageSize', props.ephemeralStorageSize, 512, 10_240, LAMBDA);
  rules.check((props.layers?.length ?? 0) <= 5, {
    rule: 'layers must be 5 at most',
    value: props.layers?.length,
    fix: 'put several layers into one',
  });
  if (!props.vpc) {
    rules.absent({ vpcSubnets: props.vpcSubnets, securityGroups: props.securityGroups }, 'without vpc', 'give vpc');
  }
}

function checkTimeout(rules: PropRules, props: QueuedLambdaWorkerProps): void {
  rules.duration('timeout', props.timeout, Duration.seconds(1), Duration.seconds(MAX_TIMEOUT_SECONDS), LAMBDA);
  rules.integer('reservedConcurrency', props.reservedConcurrency, 0, 1_000_000, ['none is 0', 'no account has more']);
}

function checkExistingFunction(rules: PropRules, props: QueuedLambdaWorkerProps, defined: boolean): void {
  rules.absent({
    code: props.code,
    handler: props.handler,
    runtime: props.runtime,
    architecture: props.architecture,
    memorySize: props.memorySize,
    ephemeralStorageSize: props.ephemeralStorageSize,
    environment: props.environment,
    layers: props.layers,
    description: props.description,
    vpc: props.vpc,
    vpcSubnets: props.vpcSubnets,
    securityGroups: props.securityGroups,
    logRetention: props.logRetention,
  }, 'beside an existing function', 'set it on the function');

  if (defined) {
    rules.absent({ timeout: props.timeout, reservedConcurrency: props.reservedConcurrency }, 'beside a function of this app', 'set it on the function');
  } else {
    checkTimeout(rules, props);
    rules.check(props.timeout !== undefined, {
      rule: 'timeout is required with an imported function, since it cannot be read from it',
      fix: 'state the timeout that the function has',
    });
  }
}

function checkQueue(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  if (settings.existingQueue) {
    checkExistingQueue(rules, props, settings.existingQueue.defined, settings.existingQueue.redrives);
    return;
  }
  if (!settings.fifo) {
    rules.absent({
      contentBasedDeduplication: props.contentBasedDeduplication,
      deduplicationScope: props.deduplicationScope,
      fifoThroughputLimit: props.fifoThroughputLimit,
    }, 'on a standard queue', 'set fifo to true');
  } else {
    checkThroughput(rules, props);
  }
  rules.duration('retentionPeriod', props.retentionPeriod, Duration.minutes(1), Duration.days(14), SQS);
  rules.duration('deliveryDelay', props.deliveryDelay, Duration.seconds(0), Duration.minutes(15), SQS);

  if (props.deadLetterQueue) {
    rules.absent({ deadLetterRetentionPeriod: props.deadLetterRetentionPeriod }, 'beside an existing deadLetterQueue', 'set it on that queue');
    rules.check(!orderIsKnown(props.deadLetterQueue) || props.deadLetterQueue.fifo === settings.fifo, {
      rule: `deadLetterQueue must be a ${settings.fifo ? 'FIFO' : 'standard'} queue like the queue itself`,
      value: props.deadLetterQueue.node.path,
      fix: 'give a queue of the same kind, or remove deadLetterQueue to get a new one',
    });
    return;
  }
  rules.duration('deadLetterRetentionPeriod', props.deadLetterRetentionPeriod, Duration.minutes(1), Duration.days(14), SQS);
  const kept = seconds(settings.retentionPeriod);
  const keptDead = seconds(settings.deadLetterRetentionPeriod);
  rules.check(!rules.fine('retentionPeriod', 'deadLetterRetentionPeriod') || kept === undefined || keptDead === undefined || keptDead >= kept, {
    rule: `deadLetterRetentionPeriod must not be shorter than retentionPeriod (${settings.retentionPeriod.toHumanString()})`,
    value: settings.deadLetterRetentionPeriod,
    fix: 'raise deadLetterRetentionPeriod, or a message may be gone before anybody has seen it',
  });
}

/** SQS refuses the one without the other. It is not switched on by itself, since it changes which messages are taken for one. */
function checkThroughput(rules: PropRules, { fifoThroughputLimit, deduplicationScope }: QueuedLambdaWorkerProps): void {
  rules.check(fifoThroughputLimit !== FifoThroughputLimit.PER_MESSAGE_GROUP_ID || deduplicationScope === DeduplicationScope.MESSAGE_GROUP, {
    rule: 'fifoThroughputLimit can be PER_MESSAGE_GROUP_ID only with deduplicationScope MESSAGE_GROUP',
    value: deduplicationScope ?? DeduplicationScope.QUEUE,
    fix: 'set deduplicationScope to DeduplicationScope.MESSAGE_GROUP, or remove fifoThroughputLimit',
  });
}

function checkExistingQueue(rules: PropRules, props: QueuedLambdaWorkerProps, defined: boolean, redrives: boolean): void {
  rules.absent({
    fifo: props.fifo,
    contentBasedDeduplication: props.contentBasedDeduplication,
    deduplicationScope: props.deduplicationScope,
    fifoThroughputLimit: props.fifoThroughputLimit,
    retentionPeriod: props.retentionPeriod,
    deadLetterRetentionPeriod: props.deadLetterRetentionPeriod,
    deliveryDelay: props.deliveryDelay,
    retryPolicy: props.retryPolicy,
    maxReceiveCount: props.maxReceiveCount,
  }, 'beside an existing queue', 'set it on the queue');

  if (defined) {
    rules.absent({ visibilityTimeout: props.visibilityTimeout, deadLetterQueue: props.deadLetterQueue }, 'beside a queue of this app', 'set it on the queue');
    rules.check(redrives, {
      rule: 'queue must have a dead-letter queue, or a message that always fails is tried until it expires',
      fix: 'give the queue a deadLetterQueue, or remove queue to get a new one that has one',
    });
  }
}

function checkVisibility(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  rules.duration('visibilityTimeout', props.visibilityTimeout, Duration.seconds(0), Duration.hours(12), SQS);

  const hidden = seconds(settings.visibilityTimeout);
  const needed = (seconds(settings.timeout) ?? 0) + (seconds(settings.batchingWindow) ?? 0);
  const parts = [
    `the timeout of the function (${settings.timeout?.toHumanString()}${props.timeout || settings.existingFunction ? '' : ' unless given'})`,
    ...(settings.batchingWindow ? [`batchingWindow (${settings.batchingWindow.toHumanString()}${props.batchingWindow ? '' : ' unless given'})`] : []),
  ];
  rules.check(!rules.fine('timeout', 'batchingWindow', 'visibilityTimeout') || hidden === undefined || hidden >= needed, {
    rule: `${settings.existingQueue?.defined ? 'queue: its ' : ''}visibilityTimeout must be at least ${parts.join(' and ')}${parts.length > 1 ? ' together' : ''}`,
    value: settings.visibilityTimeout,
    fix: `${settings.existingQueue ? 'raise it on the queue' : 'remove it to get 6 times the timeout plus the window, or raise it'}, or lower the timeout`,
  });
}

function checkRetries(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  const { retryPolicy, maxReceiveCount } = props;
  const pauses = retryPolicy?.firstDelay !== undefined;
  rules.check(!pauses, {
    rule: 'retryPolicy cannot pause between attempts here: a failed message comes back when its visibility timeout ends',
    fix: `give RetryPolicy.attempts(${retryPolicy?.maxAttempts}), or use a JobProcessingPipeline`,
  });
  checkRetryPolicy(rules, 'retryPolicy', pauses ? RetryPolicy.attempts(retryPolicy.maxAttempts) : retryPolicy);
  rules.integer('maxReceiveCount', maxReceiveCount, 1, 1000, SQS);
  rules.check(!(retryPolicy && maxReceiveCount !== undefined), {
    rule: 'retryPolicy and maxReceiveCount are alternatives',
    fix: 'give one of them',
  });
  const clear = rules.fine('retryPolicy', 'retryPolicy.maxAttempts', 'maxReceiveCount', 'retentionPeriod', 'visibilityTimeout', 'timeout', 'batchingWindow');
  if (clear && !settings.existingQueue) {
    checkTimeForRetries(rules, props, settings);
  }
}

function checkTimeForRetries(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  const kept = seconds(settings.retentionPeriod);
  const receives = known(settings.maxReceiveCount) ?? 1;
  rules.check(kept === undefined || receives * (seconds(settings.visibilityTimeout) ?? 0) <= kept, {
    rule: `retentionPeriod${props.retentionPeriod ? '' : ' (4 days unless given)'} must leave time for ${receives} receives, each of which hides the message for `
      + `${settings.visibilityTimeout?.toHumanString()} (visibilityTimeout${props.visibilityTimeout ? '' : ', 6 times the timeout unless given'})`,
    value: props.retentionPeriod,
    fix: `${props.retentionPeriod ? 'raise it, or ' : ''}lower the number of attempts or ${props.visibilityTimeout ? 'visibilityTimeout' : 'the timeout'}: `
      + 'a message would expire before it is a dead letter',
  });
}

function checkPolling(rules: PropRules, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  if (settings.fifo) {
    rules.integer('batchSize', settings.batchSize, 1, 10, ['one by one', 'a FIFO queue gives no more at once']);
    rules.absent({ batchingWindow: props.batchingWindow }, 'with a FIFO queue', 'use a standard queue');
  } else {
    rules.integer('batchSize', settings.batchSize, 1, 10_000, LAMBDA);
    rules.duration('batchingWindow', props.batchingWindow, Duration.seconds(0), Duration.seconds(MAX_WINDOW_SECONDS), LAMBDA);
    rules.check((known(settings.batchSize) ?? 0) <= 10 || seconds(settings.batchingWindow) !== 0, {
      rule: 'batchingWindow must be 1 second or more if batchSize is over 10',
      value: settings.batchingWindow,
      fix: 'raise batchingWindow, or lower batchSize to 10',
    });
  }

  rules.integer('maximumConcurrency', props.maximumConcurrency, LEAST_CONCURRENCY, 1000, LAMBDA);
  const maximum = known(settings.maximumConcurrency);
  const reserved = known(settings.reservedConcurrency);
  // Below the least that a queue can cause there is nothing to lower: then what is reserved is warned of.
  const most = reserved === undefined || !rules.fine('maximumConcurrency', 'reservedConcurrency') || isProvisioned(props) ? Infinity : Math.max(reserved, LEAST_CONCURRENCY);
  rules.check(maximum === undefined || maximum <= most, {
    rule: `maximumConcurrency must not be above the function's reserved concurrency (${reserved})`,
    value: maximum,
    fix: `lower maximumConcurrency to ${most}${reserved !== undefined && most > reserved ? ', the least that a queue can cause' : ''}, `
      + 'or raise the reserved concurrency: throttled messages use up their receives',
  });
  checkPollers(rules, props);
}

function checkPollers(rules: PropRules, props: QueuedLambdaWorkerProps): void {
  rules.integer('minimumPollers', props.minimumPollers, 2, 200, LAMBDA);
  rules.integer('maximumPollers', props.maximumPollers, 2, 2000, LAMBDA);
  const fewest = known(props.minimumPollers);
  const most = known(props.maximumPollers);
  rules.check(!rules.fine('minimumPollers', 'maximumPollers') || fewest === undefined || most === undefined || fewest <= most, {
    rule: `minimumPollers must not be above maximumPollers (${most})`,
    value: fewest,
    fix: 'raise maximumPollers or lower minimumPollers',
  });
  rules.check(!(isProvisioned(props) && props.maximumConcurrency !== undefined), {
    rule: 'minimumPollers and maximumPollers (provisioned mode) are alternatives to maximumConcurrency',
    fix: 'give one or the other',
  });
}

/** Invocations that end sooner make room for others all the time; from here on everybody else in the account waits. */
const LONG_INVOCATION_SECONDS = 60;

/** Whether nothing but the account limits the invocations. */
function isUnlimited({ maximumConcurrency, reservedConcurrency, maximumPollers }: WorkerSettings): boolean {
  return maximumConcurrency === undefined && reservedConcurrency === undefined && maximumPollers === undefined;
}

/** Says what may be fine, and often is not. */
export function warn(scope: Construct, props: QueuedLambdaWorkerProps, settings: WorkerSettings): void {
  const annotations = Annotations.of(scope);

  if (settings.existingFunction) {
    warnOfDefaultTimeout(scope, 'cdk-jobworks:worker.defaultTimeout', settings.existingFunction);
  }

  if (!settings.fifo && (seconds(settings.retentionPeriod) ?? 0) > Duration.days(4).toSeconds()) {
    annotations.addWarningV2('cdk-jobworks:worker.longRetention',
      `retentionPeriod is ${settings.retentionPeriod.toHumanString()}: the time a message waits counts against the dead-letter queue's retention.`);
  }

  if (isUnlimited(settings) && (seconds(settings.timeout) ?? 0) >= LONG_INVOCATION_SECONDS) {
    annotations.addWarningV2('cdk-jobworks:worker.unlimitedConcurrency',
      'Nothing limits how many invocations the queue causes at a time: a flood of messages can take the concurrency of the whole account, '
      + `and each gives it back after up to ${settings.timeout?.toHumanString()}. Give ${isProvisioned(settings) ? 'maximumPollers' : 'maximumConcurrency'}.`);
  }

  const reserved = known(settings.reservedConcurrency);
  if (reserved !== undefined && reserved < LEAST_CONCURRENCY) {
    annotations.addWarningV2('cdk-jobworks:worker.lowReservedConcurrency',
      `The reserved concurrency is ${reserved}, but a queue causes 2 invocations at a time, the least it can: throttled messages use up their receives. `
      + 'Reserve 2 or more.');
  }

  const most = isProvisioned(settings) ? (known(settings.maximumPollers) ?? 200) * INVOCATIONS_PER_POLLER : 0;
  if (reserved !== undefined && most > reserved) {
    annotations.addWarningV2('cdk-jobworks:worker.manyPollers',
      `The pollers can cause ${most} invocations at a time, the reserved concurrency is ${reserved}: throttled messages use up their receives.`);
  }

  if (props.function && !props.function.role) {
    annotations.addWarningV2('cdk-jobworks:worker.functionWithoutRole',
      'The function was imported without its role: allow that role to consume messages of the queue and to decrypt with its key.');
  }
}
