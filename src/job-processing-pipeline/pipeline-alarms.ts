import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { JobProcessingPipelineAlarmOptions, JobProcessingPipelineAlarms } from './pipeline-alarm-options';
import { deadLettersLeft, endsLost, failureRate, pipelineMetric, timeToDrain, waitingInVain } from './pipeline-metrics';
import { createConcurrencyAlarm } from '../alarms/create-function-alarms';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm, NOTHING_USUAL, type AlarmDefaults, type AlarmDefinition } from '../internal/alarm-factory';
import { readFunction } from '../internal/existing-function';
import { concurrentExecutions } from '../internal/function-metrics';
import { known, seconds } from '../internal/prop-rules';
import type { JobGateway } from '../job-api/job-gateway';
import type { EndsOfAttempts, ProcessorKind } from '../job-processor/processor-kind';
import { callErrorRate } from '../monitoring/api-metrics';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import type { QueuedLambdaWorkerAlarmOptions } from '../queued-lambda-worker/worker-alarms';

/** Jobs that must have ended in a period before their failure rate is judged. */
const FAILURE_RATE_FLOOR = 10;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** For how long nothing may end while jobs wait: it is longer than an attempt, which may be all that is under way. */
const NOTHING_ENDS_SECONDS = 30 * MINUTE;
const BESIDE_AN_ATTEMPT_SECONDS = 10 * MINUTE;

/** Over what time an alarm judges where that is neither tuned nor 5 minutes, once. */
export function pipelineAlarmDefaults(attemptSeconds = 0): Record<Exclude<keyof JobProcessingPipelineAlarmOptions, 'worker'>, AlarmDefaults> {
  return {
    failureRate: { percent: true },
    firstDeadLettered: { noBand: NOTHING_USUAL },
    deadLettered: { noBand: NOTHING_USUAL },
    backlog: { period: Duration.seconds(upTo(5 * MINUTE, attemptSeconds, HOUR)), evaluationPeriods: 3 },
    noJobsFinished: { ...nothingEnds(attemptSeconds), noBand: NOTHING_USUAL },
    apiErrors: { noBand: NOTHING_USUAL },
    apiErrorRate: { percent: true },
    submitConcurrency: {},
    statusConcurrency: {},
    deadLettersLeft: { period: Duration.minutes(1), evaluationPeriods: 20, noBand: NOTHING_USUAL },
    deadLetterErrors: { noBand: NOTHING_USUAL },
    sweeperErrors: { period: Duration.minutes(15), noBand: NOTHING_USUAL },
    executionEndErrors: { noBand: NOTHING_USUAL },
  };
}

/** As many periods as the time has, of an hour where there would be more than CloudWatch looks at. */
function nothingEnds(attemptSeconds: number): AlarmDefaults {
  const time = Math.max(NOTHING_ENDS_SECONDS, attemptSeconds + BESIDE_AN_ATTEMPT_SECONDS);
  const period = time > DAY ? HOUR : 5 * MINUTE;
  return { period: Duration.seconds(period), evaluationPeriods: Math.ceil(time / period) };
}

/** The least, or as many times it as the seconds take, but not more than the most. */
function upTo(least: number, seconds_: number, most: number): number {
  return Math.min(most, Math.max(1, Math.ceil(seconds_ / least)) * least);
}

/** What the alarms of a pipeline judge. */
export interface JudgedPipeline {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly api?: Pick<JobGateway, 'metricServerError' | 'metricRequests'>;
  readonly queue: sqs.IQueue;
  /** How long an attempt may take. */
  readonly attempt: Duration;
  readonly submitFunction: lambda.IFunction;
  readonly statusFunction: lambda.IFunction;
  readonly deadLetterQueue: sqs.IQueue;
  readonly deadLetterFunction: lambda.IFunction;
  readonly sweeperFunction: lambda.IFunction;
  /** Only where jobs end outside of the function that takes them. */
  readonly ends?: EndsOfAttempts;
}

/** The alarms of a pipeline as a whole, as defined and as tuned. */
export function createPipelineAlarms(
  scope: Construct, judged: JudgedPipeline, options: JobProcessingPipelineAlarmOptions = {},
): JobProcessingPipelineAlarms {
  const { pipelineName: subject, pipelineName, profile, api, ends } = judged;
  const attemptSeconds = seconds(judged.attempt) ?? 0;
  const defaults = pipelineAlarmDefaults(attemptSeconds);
  const deadLettered = (metricOptions: cloudwatch.MetricOptions) => pipelineMetric(pipelineName, 'deadLettered', 'Sum', metricOptions);
  return {
    failureRate: createAlarm(scope, 'FailureRateAlarm', {
      metric: (metricOptions) => failureRate(pipelineName, FAILURE_RATE_FLOOR, metricOptions),
      threshold: profile.errorRatePercent,
      id: ['pipeline', 'failureRate'],
      subject,
      meaning: 'too large a share of the jobs failed, in percent',
      action: "Look at the errors of failed jobs in the worker's log.",
    }, options.failureRate),
    firstDeadLettered: createAlarm(scope, 'FirstDeadLetteredAlarm', {
      metric: deadLettered,
      threshold: 1,
      id: ['pipeline', 'firstDeadLettered'],
      subject,
      meaning: 'a job was given up, its attempts used up or its deadline passed',
      action: 'See "attempt ended" and "no attempt" in the worker\'s log.',
    }, options.firstDeadLettered),
    deadLettered: createAlarm(scope, 'DeadLetteredAlarm', {
      metric: deadLettered,
      threshold: 5,
      onlyAbove: true,
      id: ['pipeline', 'deadLettered'],
      subject,
      meaning: 'many jobs were given up',
      action: 'Mend the cause, then retry all that failed since.',
    }, options.deadLettered),
    backlog: createAlarm(scope, 'BacklogAlarm', {
      metric: (metricOptions) => timeToDrain(pipelineName, judged.queue, { growing: true, ...metricOptions }),
      threshold: profile.oldestMessageAge.toSeconds(),
      ...defaults.backlog,
      id: ['pipeline', 'backlog'],
      subject,
      meaning: 'the backlog grows, and would take too long to work off at the current rate, in seconds',
      action: 'Raise maximumConcurrency, or find out why jobs take longer, or more of them come, than usual.',
    }, options.backlog),
    noJobsFinished: looksBack(defaults.noJobsFinished) > 7 * DAY ? undefined : createAlarm(scope, 'NoJobsFinishedAlarm', {
      metric: (metricOptions) => waitingInVain(pipelineName, judged.queue, metricOptions),
      threshold: 1,
      ...defaults.noJobsFinished,
      id: ['pipeline', 'noJobsFinished'],
      subject,
      meaning: 'jobs wait, and for a long time none has ended',
      action: "See whether the pipeline is paused, its worker is throttled or fails, or hangs in what it calls: the worker's log says so.",
    }, options.noJobsFinished),
    apiErrors: api && createAlarm(scope, 'ApiErrorsAlarm', {
      metric: (metricOptions) => api.metricServerError(metricOptions),
      threshold: 1,
      id: ['pipeline', 'apiErrors'],
      subject,
      meaning: 'the API answered with a 5xx, so jobs could not be submitted or read',
      action: "Look at the access log and the functions' logs.",
    }, options.apiErrors),
    apiErrorRate: api && createAlarm(scope, 'ApiErrorRateAlarm', {
      metric: (metricOptions) => callErrorRate(api, metricOptions),
      threshold: profile.errorRatePercent,
      ...defaults.apiErrorRate,
      id: ['pipeline', 'apiErrorRate'],
      subject,
      meaning: 'the API answers too large a share of the calls with a 5xx, in percent',
      action: "Callers cannot submit or read jobs. Look at the access log for which route, and at that function's log.",
    }, options.apiErrorRate),
    submitConcurrency: concurrencyAlarm(scope, 'SubmitConcurrencyAlarm', judged.submitFunction, {
      id: ['pipeline', 'submitConcurrency'],
      subject,
      meaning: 'the function that submits jobs uses 90 % of its reserved concurrency',
      action: 'Raise reservedConcurrency of the API before callers get a 5xx.',
    }, options.submitConcurrency),
    statusConcurrency: concurrencyAlarm(scope, 'StatusConcurrencyAlarm', judged.statusFunction, {
      id: ['pipeline', 'statusConcurrency'],
      subject,
      meaning: 'the function that tells the status of jobs uses 90 % of its reserved concurrency',
      action: 'Raise reservedConcurrency of the API.',
    }, options.statusConcurrency),
    deadLettersLeft: createAlarm(scope, 'DeadLettersLeftAlarm', {
      metric: (metricOptions) => deadLettersLeft(judged.deadLetterQueue, metricOptions),
      threshold: 1,
      ...defaults.deadLettersLeft,
      id: ['pipeline', 'deadLettersLeft'],
      subject,
      meaning: 'dead letters are left lying, and their jobs are not ended',
      action: 'The dead-letter function is broken: look at its log.',
    }, options.deadLettersLeft),
    deadLetterErrors: createAlarm(scope, 'DeadLetterErrorsAlarm', {
      metric: (metricOptions) => judged.deadLetterFunction.metricErrors(metricOptions),
      threshold: 1,
      id: ['pipeline', 'deadLetterErrors'],
      subject,
      meaning: 'the function that ends the jobs of dead letters failed',
      action: 'The dead-letter function tries again; look at its log if it goes on.',
    }, options.deadLetterErrors),
    sweeperErrors: createAlarm(scope, 'SweeperErrorsAlarm', {
      metric: (metricOptions) => judged.sweeperFunction.metricErrors(metricOptions),
      threshold: 2,
      ...defaults.sweeperErrors,
      id: ['pipeline', 'sweeperErrors'],
      subject,
      meaning: 'overdue jobs could not be failed, so that some may wait for ever',
      action: 'Look at the log of the sweeper.',
    }, options.sweeperErrors),
    executionEndErrors: ends && createAlarm(scope, 'ExecutionEndErrorsAlarm', {
      metric: (metricOptions) => endsLost(ends, metricOptions),
      threshold: 3,
      id: ['pipeline', 'executionEndErrors'],
      subject,
      meaning: 'ends of executions are not dealt with; the sweeper does so some minutes later',
      action: 'Look at the log of ExecutionEnded.',
    }, options.executionEndErrors),
  };
}

/** The functions of an API share what is reserved with all their versions. */
function concurrencyAlarm(
  scope: Construct,
  id: string,
  fn: lambda.IFunction,
  definition: Pick<AlarmDefinition, 'id' | 'subject' | 'meaning' | 'action'>,
  options: JobProcessingPipelineAlarmOptions['submitConcurrency'],
): cloudwatch.Alarm | undefined {
  const { unqualified, reservedConcurrency } = readFunction(fn);
  return createConcurrencyAlarm(scope, id, known(reservedConcurrency), {
    metric: (metricOptions) => concurrentExecutions(unqualified, metricOptions), ...definition,
  }, options);
}

/** How far an alarm looks back, in seconds. */
function looksBack({ period, evaluationPeriods = 1 }: AlarmDefaults): number {
  return (seconds(period) ?? 0) * evaluationPeriods;
}

/**
 * What a pipeline's worker is alarmed on, where that is not what any worker is.
 *
 * The age of a message counts from its first delivery on, so it is judged against the time that all attempts and pauses may take. What becomes
 * a dead letter is counted as a job that was given up, and gone in a moment; who tunes the worker's own alarms of it has them all the same.
 */
export function workerAlarmOptions(
  options: QueuedLambdaWorkerAlarmOptions | undefined,
  { profile, retryPolicy, processor }: { profile: EnvironmentProfile; retryPolicy: RetryPolicy; processor: ProcessorKind },
): QueuedLambdaWorkerAlarmOptions {
  const attempts = retryPolicy.maxAttempts * (seconds(processor.attemptTimeout) ?? 0);
  return {
    firstDeadLetter: { enabled: false },
    deadLetters: { enabled: false },
    ...options,
    duration: {
      ...(processor.slowAfter && options?.duration?.anomalyBand === undefined && { threshold: processor.slowAfter.toMilliseconds() }),
      ...options?.duration,
    },
    oldestMessageAge: {
      ...(options?.oldestMessageAge?.anomalyBand === undefined && {
        threshold: Math.max(profile.oldestMessageAge.toSeconds(), attempts + pauses(retryPolicy)),
      }),
      ...options?.oldestMessageAge,
    },
  };
}

/** An alarm of the worker says what timeout its function has: where that calls another, it is the other's that is near. */
export function describeDuration(alarm: cloudwatch.Alarm | undefined, pipelineName: string, { calledTimeout }: ProcessorKind): void {
  if (alarm && calledTimeout) {
    (alarm.node.defaultChild as cloudwatch.CfnAlarm).alarmDescription = `${pipelineName}: a call comes near the timeout of ${calledTimeout.toSeconds()} s that the function `
      + 'which is called has, in milliseconds. Raise the timeout or do less at once.';
  }
}

/** The longest that all pauses between attempts may take, in seconds. */
function pauses(policy: RetryPolicy): number {
  return Array.from({ length: policy.maxAttempts - 1 }, (_, index) => pauseAfter(policy, index + 1)).reduce((sum, pause) => sum + pause, 0);
}

/** The longest pause after an attempt, which are counted from 1, in seconds. */
export function pauseAfter({ firstDelay, maxDelay }: RetryPolicy, attempt: number): number {
  const first = seconds(firstDelay) ?? 0;
  return Math.min(seconds(maxDelay) ?? first, first * 2 ** (attempt - 1));
}
