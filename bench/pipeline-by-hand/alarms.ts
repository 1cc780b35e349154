import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, MathExpression, Metric, Stats, TreatMissingData, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface AlarmsProps {
  readonly name: string;
  readonly fn: IFunction;
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly api: RestApi;
  readonly deadLetter: IFunction;
  readonly sweeper: IFunction;
}

type Props = Omit<AlarmProps, 'evaluationPeriods'> & { evaluationPeriods?: number };

const MINUTE = Duration.minutes(1);
const PERIOD = Duration.minutes(5);
const { MAXIMUM: statistic } = Stats;

export function alarms(scope: Construct, props: AlarmsProps): void {
  ofWorker(new Construct(scope.node.findChild('Worker') as Construct, 'Alarms'), props);
  ofPipeline(scope, props);
}

function ofWorker(scope: Construct, { name, fn, queue }: AlarmsProps): void {
  alarm(scope, 'OldestMessageAge', {
    metric: new MathExpression({
      expression: 'IF(visible > 0, age, 0)',
      usingMetrics: {
        visible: queue.metricApproximateNumberOfMessagesVisible({ statistic }), age: queue.metricApproximateAgeOfOldestMessage({ statistic }),
      },
      label: 'Age of the oldest waiting message (seconds)',
      period: MINUTE,
    }),
    threshold: 1200,
    evaluationPeriods: 3,
    alarmDescription: `${name}: messages wait for too long, in seconds. The worker is down, too slow, or allowed too little concurrency: see its errors and throttles.`,
  });
  alarm(scope, 'Errors', {
    metric: new MathExpression({
      expression: 'IF(errors >= 3, 100 * errors / invocations, 0)',
      usingMetrics: { errors: fn.metricErrors(), invocations: fn.metricInvocations() },
      label: 'Failed invocations (percent)',
      period: PERIOD,
    }),
    threshold: 10,
    alarmDescription: `${name}: too many invocations fail, in percent. See the worker's log.`,
  });
  alarm(scope, 'Throttles', {
    metric: fn.metricThrottles({ period: PERIOD }),
    threshold: 1,
    alarmDescription: `${name}: invocations are throttled. Lower the maximum concurrency or raise the function's or the account's limit.`,
  });
  alarm(scope, 'Duration', {
    metric: fn.metricDuration({ statistic, period: PERIOD }),
    threshold: 2_700,
    alarmDescription: `${name}: an invocation comes near the timeout of 3 s, in milliseconds. Raise the timeout or do less at once.`,
  });
}

function ofPipeline(scope: Construct, { name, api, queue, deadLetterQueue, deadLetter, sweeper }: AlarmsProps): void {
  const metric = (metricName: string) => new Metric({ namespace: 'JobWorks', metricName, statistic: 'Sum', period: PERIOD, dimensionsMap: { Pipeline: name } });
  alarm(scope, 'FailureRateAlarm', {
    metric: new MathExpression({
      expression: 'IF(FILL(failed, 0) + FILL(succeeded, 0) >= 10, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(succeeded, 0)), 0)',
      usingMetrics: { failed: metric('JobsFailed'), succeeded: metric('JobsSucceeded') },
      label: 'Jobs failed, %',
      period: PERIOD,
    }),
    threshold: 10,
    alarmDescription: `${name}: too large a share of the jobs failed, in percent. Look at the errors of failed jobs in the worker's log.`,
  });
  alarm(scope, 'FirstDeadLetteredAlarm', {
    metric: metric('JobsDeadLettered'),
    threshold: 1,
    alarmDescription: `${name}: a job was given up, its attempts used up or its deadline passed. See "attempt ended" and "no attempt" in the worker's log.`,
  });
  alarm(scope, 'DeadLetteredAlarm', {
    metric: metric('JobsDeadLettered'),
    threshold: 5,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    alarmDescription: `${name}: many jobs were given up. Mend the cause, then retry all that failed since.`,
  });
  const ended = { succeeded: metric('JobsSucceeded'), failed: metric('JobsFailed'), cancelled: metric('JobsCancelled') };
  const sum = '(FILL(succeeded, 0) + FILL(failed, 0) + FILL(cancelled, 0))';
  alarm(scope, 'BacklogAlarm', {
    metric: new MathExpression({
      expression: `IF(FILL(sent, 0) > FILL(done, 0), IF(${sum} > 0, FILL(waiting, 0) * PERIOD(waiting) / (${sum}), 0), 0)`,
      usingMetrics: {
        waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic, period: PERIOD }),
        ...ended,
        sent: queue.metricNumberOfMessagesSent({ statistic: 'Sum', period: PERIOD }),
        done: queue.metricNumberOfMessagesDeleted({ statistic: 'Sum', period: PERIOD }),
      },
      label: 'Seconds to drain',
      period: PERIOD,
    }),
    threshold: 1200,
    evaluationPeriods: 3,
    alarmDescription: `${name}: the backlog grows, and would take too long to work off at the current rate, in seconds. Raise maximumConcurrency, or find out `
      + 'why jobs take longer, or more of them come, than usual.',
  });
  alarm(scope, 'NoJobsFinishedAlarm', {
    metric: new MathExpression({
      expression: `IF(FILL(waiting, 0) > 0 AND ${sum} == 0, waiting, 0)`,
      usingMetrics: { waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Minimum', period: PERIOD }), ...ended },
      label: 'Jobs that wait while none ends',
      period: PERIOD,
    }),
    threshold: 1,
    evaluationPeriods: 6,
    alarmDescription: `${name}: jobs wait, and for a long time none has ended. See whether the pipeline is paused, its worker is throttled or fails, or hangs in what it `
      + 'calls: the worker\'s log says so.',
  });
  alarm(scope, 'ApiErrorRateAlarm', {
    metric: new MathExpression({
      expression: 'IF(errors >= 3, 100 * errors / calls, 0)',
      usingMetrics: { errors: api.metricServerError({ statistic: 'Sum', period: PERIOD }), calls: api.metricCount({ statistic: 'SampleCount', period: PERIOD }) },
      label: 'Calls answered with a 5xx, %',
      period: PERIOD,
    }),
    threshold: 10,
    alarmDescription: `${name}: the API answers too large a share of the calls with a 5xx, in percent. Callers cannot submit or read jobs. Look at the access log for which `
      + 'route, and at that function\'s log.',
  });
  alarm(scope, 'ApiErrorsAlarm', {
    metric: api.metricServerError({ period: PERIOD }),
    threshold: 1,
    alarmDescription: `${name}: the API answered with a 5xx, so jobs could not be submitted or read. Look at the access log and the functions' logs.`,
  });
  alarm(scope, 'DeadLettersLeftAlarm', {
    metric: new MathExpression({
      expression: 'visible + hidden',
      usingMetrics: {
        visible: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic }),
        hidden: deadLetterQueue.metricApproximateNumberOfMessagesNotVisible({ statistic }),
      },
      label: 'Dead letters',
      period: MINUTE,
    }),
    threshold: 1,
    evaluationPeriods: 20,
    alarmDescription: `${name}: dead letters are left lying, and their jobs are not ended. The dead-letter function is broken: look at its log.`,
  });
  alarm(scope, 'DeadLetterErrorsAlarm', {
    metric: deadLetter.metricErrors({ period: PERIOD }),
    threshold: 1,
    alarmDescription: `${name}: the function that ends the jobs of dead letters failed. The dead-letter function tries again; look at its log if it goes on.`,
  });
  alarm(scope, 'SweeperErrorsAlarm', {
    metric: sweeper.metricErrors({ period: Duration.minutes(15) }),
    threshold: 2,
    alarmDescription: `${name}: overdue jobs could not be failed, so that some may wait for ever. Look at the log of the sweeper.`,
  });
}

function alarm(scope: Construct, id: string, props: Props): void {
  new Alarm(scope, id, {
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
}
