import { MathExpression, Stats, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { COLORS } from './colors';
import { graph, type Line, type Part } from './widgets';

/** What comes into a queue, what is done with it, and what waits. */
export function queueParts(
  title: string, queue: IQueue, deadLetterQueue: IQueue | undefined, lines: readonly Line[], times: readonly IMetric[],
): Part[] {
  const maximum = { statistic: Stats.MAXIMUM };
  return [
    graph(`${title}: messages`, {
      left: [
        queue.metricNumberOfMessagesSent({ label: 'sent', color: COLORS.arrived }),
        queue.metricNumberOfMessagesReceived({ label: 'received', color: COLORS.retried }),
        queue.metricNumberOfMessagesDeleted({ label: 'done', color: COLORS.done }),
      ],
    }),
    graph(`${title}: waiting`, {
      left: [
        queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'waiting', color: COLORS.waiting }),
        queue.metricApproximateNumberOfMessagesNotVisible({ ...maximum, label: 'being worked on', color: COLORS.arrived }),
        deadLetterQueue?.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'dead letters', color: COLORS.failed }),
      ],
    }),
    graph(`${title}: backlog`, { left: times, unit: 's', lines }),
  ];
}

/** How long the oldest message has waited, and 0 while none waits: SQS counts messages that are being worked on too. */
export function oldestWaiting(queue: IQueue, { period, label, color }: MetricOptions = {}): MathExpression {
  const options = { statistic: Stats.MAXIMUM, ...(period && { period }) };
  return new MathExpression({
    expression: 'IF(visible > 0, age, 0)',
    usingMetrics: { visible: queue.metricApproximateNumberOfMessagesVisible(options), age: queue.metricApproximateAgeOfOldestMessage(options) },
    label: label ?? 'Age of the oldest waiting message (seconds)',
    color,
    period,
  });
}

/** How long it would take to work off what waits, at the rate at which messages are done with now, in seconds; 0 while none waits, or none is. */
export function timeToEmpty(queue: IQueue, { label, color }: MetricOptions = {}): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(done, 0) > 0, FILL(waiting, 0) * PERIOD(waiting) / FILL(done, 0), 0)',
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      done: queue.metricNumberOfMessagesDeleted(),
    },
    label: label ?? 'Seconds to drain',
    color,
  });
}
