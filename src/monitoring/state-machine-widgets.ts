import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { COLORS } from './colors';
import { graph, percentiles, type Line, type Part } from './widgets';

/** Executions: how they ended, how long they took, and what kept them from going on. */
export function stateMachineParts(title: string, stateMachine: IStateMachine, lines: readonly Line[] = []): Part[] {
  return [
    graph(title, {
      left: [
        stateMachine.metricStarted({ label: 'started', color: COLORS.arrived }),
        stateMachine.metricSucceeded({ label: 'succeeded', color: COLORS.done }),
        stateMachine.metricFailed({ label: 'failed', color: COLORS.failed }),
        stateMachine.metricTimedOut({ label: 'timed out', color: COLORS.retried }),
        stateMachine.metricAborted({ label: 'aborted', color: COLORS.cancelled }),
      ],
      lines,
    }),
    graph(`${title}: throttled`, { left: [stateMachine.metricThrottled({ statistic: Stats.SUM, label: 'throttled', color: COLORS.throttled })] }),
    graph(`${title}: time`, {
      left: percentiles((options) => stateMachine.metricTime(options)),
      unit: 'ms',
    }),
  ];
}
