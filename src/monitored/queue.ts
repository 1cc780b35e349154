import { Duration } from 'aws-cdk-lib';
import { Stats, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { MonitoredQueueAlarmOptions, MonitoredQueueOptions } from './monitored-options';
import { watched } from './watched-scope';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm, monitoredAlarms, NOTHING_USUAL, thresholdOf, type AlarmDefaults } from '../internal/alarm-factory';
import { constructKind } from '../internal/value-kinds';
import { COLORS } from '../monitoring/colors';
import { costMetric, queueUses } from '../monitoring/cost-metrics';
import { DashboardSection, type Monitoring } from '../monitoring/monitored';
import { oldestWaiting, queueParts, timeToEmpty } from '../monitoring/queue-widgets';
import { rows } from '../monitoring/widgets';
import { readQueue } from '../queued-lambda-worker/existing-queue';

const QUEUE = constructKind('sqs.IQueue', 'queueArn', 'queue', 'with const queue = new sqs.Queue(…) or sqs.Queue.fromQueueArn(…)');

function defaultsOf(): Record<keyof MonitoredQueueAlarmOptions, AlarmDefaults> {
  const period = Duration.minutes(1);
  return {
    oldestMessageAge: { period, evaluationPeriods: 3 },
    firstDeadLetter: { period, noBand: NOTHING_USUAL },
    deadLetters: { period, noBand: NOTHING_USUAL },
  };
}

/** A queue, with its alarms. */
export function watchQueue(queue: IQueue, options: MonitoredQueueOptions): () => Monitoring {
  const defaults = defaultsOf();
  const deadLetterQueue = options?.deadLetterQueue ?? readQueue(queue).deadLetterQueue;
  const noDeadLetters = deadLetterQueue ? undefined : 'deadLetterQueue';
  const { scope, title: subject, alarms: tuned } = watched<MonitoredQueueAlarmOptions>({
    factory: 'fromQueue',
    takes: ['sqs.IQueue', 'queueArn', 'queue'],
    resource: queue,
    options,
    defaults,
    kinds: { deadLetterQueue: QUEUE },
    missing: { firstDeadLetter: noDeadLetters, deadLetters: noDeadLetters },
  });
  const dead = deadLetterQueue
    && ((metric: MetricOptions) => deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...metric }));
  const alarms = {
    oldestMessageAge: createAlarm(scope, 'OldestMessageAge', {
      metric: (metric) => oldestWaiting(queue, metric),
      threshold: EnvironmentProfile.of(scope).oldestMessageAge.toSeconds(),
      ...defaults.oldestMessageAge,
      id: ['queue', 'oldestMessageAge'],
      subject,
      meaning: 'messages wait for too long, in seconds',
      action: 'What takes them is down, too slow, or allowed too little at once: look at its errors and its log.',
    }, tuned.oldestMessageAge),
    firstDeadLetter: dead && createAlarm(scope, 'FirstDeadLetter', {
      metric: dead,
      threshold: 1,
      ...defaults.firstDeadLetter,
      id: ['queue', 'firstDeadLetter'],
      subject,
      meaning: 'a message was given up on',
      action: 'See it in the dead-letter queue, and the log of what takes the messages for why.',
    }, tuned.firstDeadLetter),
    deadLetters: dead && createAlarm(scope, 'DeadLetters', {
      metric: dead,
      threshold: 5,
      onlyAbove: true,
      ...defaults.deadLetters,
      id: ['queue', 'deadLetters'],
      subject,
      meaning: 'many messages were given up on',
      action: 'Mend the cause, then redrive the dead-letter queue.',
    }, tuned.deadLetters),
  };
  return () => ({
    title: subject,
    alarms: monitoredAlarms(alarms),
    rows: rows(DashboardSection.FLOW, ...queueParts(
      subject, queue, deadLetterQueue, [{ label: 'alarm: age', value: thresholdOf(alarms.oldestMessageAge) }],
      [oldestWaiting(queue, { label: 'age of the oldest', color: COLORS.age }), timeToEmpty(queue, { label: 'time to drain', color: COLORS.drain })],
    )),
    verdict: {
      arrived: queue.metricNumberOfMessagesSent(),
      finished: queue.metricNumberOfMessagesDeleted(),
      ...(dead && { failed: dead({}) }),
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      oldest: oldestWaiting(queue),
    },
    costs: costMetric('Amazon SQS', queueUses(queue)),
  });
}
