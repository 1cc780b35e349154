import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { graph, type Line, type Part } from './widgets';

/** Executions: how they ended, how long they took, and what kept them from going on. */
export function stateMachineParts(title: string, stateMachine: IStateMachine, lines: readonly Line[] = []): Part[] {
  return [
    graph(title, {
      left: [
        stateMachine.metricStarted({ label: 'started' }),
        stateMachine.metricSucceeded({ label: 'succeeded' }),
        stateMachine.metricFailed({ label: 'failed' }),
        stateMachine.metricTimedOut({ label: 'timed out' }),
        stateMachine.metricAborted({ label: 'aborted' }),
      ],
      lines,
    }),
    graph(`${title}: throttled`, { left: [stateMachine.metricThrottled({ statistic: Stats.SUM, label: 'throttled' })] }),
    graph(`${title}: time`, {
      left: ['p50', 'p90', 'p99'].map((statistic) => stateMachine.metricTime({ statistic, label: statistic })),
      unit: 'ms',
    }),
  ];
}
