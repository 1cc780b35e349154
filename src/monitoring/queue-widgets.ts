import { MathExpression, Stats, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { graph, type Line, type Part } from './widgets';

/** What comes into a queue, what is done with it, and what waits. */
export function queueParts(
  title: string, queue: IQueue, deadLetterQueue: IQueue | undefined, lines: readonly Line[], times: readonly IMetric[],
): Part[] {
  const maximum = { statistic: Stats.MAXIMUM };
  return [
    graph(`${title}: messages`, {
      left: [
        queue.metricNumberOfMessagesSent({ label: 'sent' }),
        queue.metricNumberOfMessagesReceived({ label: 'received' }),
        queue.metricNumberOfMessagesDeleted({ label: 'done' }),
      ],
    }),
    graph(`${title}: waiting`, {
      left: [
        queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'waiting' }),
        queue.metricApproximateNumberOfMessagesNotVisible({ ...maximum, label: 'being worked on' }),
        deadLetterQueue?.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'dead letters' }),
      ],
    }),
    graph(`${title}: backlog`, { left: times, unit: 's', lines }),
  ];
}

/** How long the oldest message has waited, and 0 while none waits: SQS counts messages that are being worked on too. */
export function oldestWaiting(queue: IQueue, { period, label }: MetricOptions = {}): MathExpression {
  const options = { statistic: Stats.MAXIMUM, ...(period && { period }) };
  return new MathExpression({
    expression: 'IF(visible > 0, age, 0)',
    usingMetrics: { visible: queue.metricApproximateNumberOfMessagesVisible(options), age: queue.metricApproximateAgeOfOldestMessage(options) },
    label: label ?? 'Age of the oldest waiting message (seconds)',
    period,
  });
}

/** How long it would take to work off what waits, at the rate at which messages are done with now, in seconds; 0 while none waits, or none is. */
export function timeToEmpty(queue: IQueue, { label }: MetricOptions = {}): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(done, 0) > 0, FILL(waiting, 0) * PERIOD(waiting) / FILL(done, 0), 0)',
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      done: queue.metricNumberOfMessagesDeleted(),
    },
    label: label ?? 'Seconds to drain',
  });
}
