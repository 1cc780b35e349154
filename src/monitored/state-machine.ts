import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { StateMachine, type CfnStateMachine, type IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { MonitoredStateMachineAlarmOptions, MonitoredStateMachineOptions } from './monitored-options';
import { watched } from './watched-scope';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm, monitoredAlarms, NOTHING_USUAL, thresholdOf, type AlarmDefaults } from '../internal/alarm-factory';
import { DashboardSection, type Monitoring } from '../monitoring/monitored';
import { stateMachineParts } from '../monitoring/state-machine-widgets';
import { rows } from '../monitoring/widgets';

/** Executions that must have failed in a period before their share is judged. */
const FAILED_FLOOR = 3;

function defaultsOf(): Record<keyof MonitoredStateMachineAlarmOptions, AlarmDefaults> {
  return { failureRate: { percent: true }, throttled: { evaluationPeriods: 3, noBand: NOTHING_USUAL }, timedOut: { noBand: NOTHING_USUAL } };
}

/** A state machine, with its alarms. */
export function watchStateMachine(stateMachine: IStateMachine, options: MonitoredStateMachineOptions): () => Monitoring {
  const defaults = defaultsOf();
  const { scope, title: subject, alarms: tuned } = watched<MonitoredStateMachineAlarmOptions>({
    factory: 'fromStateMachine',
    takes: ['sfn.IStateMachine', 'stateMachineArn', 'stateMachine'],
    resource: stateMachine,
    options,
    defaults,
    missing: { timedOut: hasTimeout(stateMachine) ? undefined : 'a timeout of the state machine' },
  });
  const alarms = {
    failureRate: createAlarm(scope, 'FailureRate', {
      metric: ({ period }) => new MathExpression({
        expression: `IF(FILL(failed, 0) + FILL(late, 0) >= ${FAILED_FLOOR}, `
          + '100 * (FILL(failed, 0) + FILL(late, 0)) / (FILL(failed, 0) + FILL(late, 0) + FILL(succeeded, 0)), 0)',
        usingMetrics: {
          failed: stateMachine.metricFailed({ period }),
          late: stateMachine.metricTimedOut({ period }),
          succeeded: stateMachine.metricSucceeded({ period }),
        },
        period,
        label: 'Failed executions, %',
      }),
      threshold: EnvironmentProfile.of(scope).errorRatePercent,
      ...defaults.failureRate,
      id: ['stateMachine', 'failureRate'],
      subject,
      meaning: 'too large a share of the executions fail, in percent',
      action: 'Open a failed execution in the console: the state that failed says why.',
    }, tuned.failureRate),
    throttled: createAlarm(scope, 'Throttled', {
      metric: (metric) => stateMachine.metricThrottled({ statistic: Stats.SUM, ...metric }),
      threshold: 1,
      ...defaults.throttled,
      id: ['stateMachine', 'throttled'],
      subject,
      meaning: 'executions are slowed down, as more states are entered than the account may',
      action: 'Start fewer executions at once, or have the quota of state transitions raised.',
    }, tuned.throttled),
    timedOut: hasTimeout(stateMachine) ? createAlarm(scope, 'TimedOut', {
      metric: (metric) => stateMachine.metricTimedOut(metric),
      threshold: 1,
      ...defaults.timedOut,
      id: ['stateMachine', 'timedOut'],
      subject,
      meaning: 'an execution took longer than it may',
      action: 'See in which state it waited. Raise the timeout, or give that state one of its own.',
    }, tuned.timedOut) : undefined,
  };
  return () => ({
    title: subject,
    alarms: monitoredAlarms(alarms),
    rows: rows(DashboardSection.WORKERS, ...stateMachineParts(subject, stateMachine, [{ label: 'alarm: timed out', value: thresholdOf(alarms.timedOut) }])),
    verdict: { arrived: stateMachine.metricStarted(), finished: stateMachine.metricSucceeded(), failed: stateMachine.metricFailed() },
  });
}

/** An execution without one runs for a year. Of one that is imported, or defined by a text, nothing is known. */
function hasTimeout(stateMachine: IStateMachine): boolean {
  if (!(stateMachine instanceof StateMachine)) {
    return true;
  }
  const { definitionString } = stateMachine.node.defaultChild as CfnStateMachine;
  return typeof definitionString !== 'string' || definitionString.includes('TimeoutSeconds');
}
