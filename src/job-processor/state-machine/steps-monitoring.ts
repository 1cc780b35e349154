import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { FunctionAlarmOptions } from '../../alarms/function-alarm-options';
import { costMetric, logUses } from '../../monitoring/cost-metrics';
import { AlarmSeverity, DashboardSection, LogKind, type Monitoring } from '../../monitoring/monitored';
import { stateMachineParts } from '../../monitoring/state-machine-widgets';
import { rows } from '../../monitoring/widgets';

/** A step that fails fails its job, and that is counted, and somebody woken for it, by the pipeline. */
export function stepAlarmOptions(options: FunctionAlarmOptions = {}): FunctionAlarmOptions {
  return { ...options, errors: { severity: AlarmSeverity.TICKET, ...options.errors } };
}

/**
 * What there is to watch of a chain of functions.
 *
 * @param functions what there is to watch of each
 */
export function monitorSteps(title: string, stateMachine: IStateMachine, logGroup: ILogGroup, functions: readonly Monitoring[]): Monitoring {
  return {
    title,
    alarms: functions.flatMap(({ title: of, alarms = [] }) => alarms.map((each) => ({ ...each, label: `${of}: ${each.label}` }))),
    rows: [...rows(DashboardSection.WORKERS, ...stateMachineParts(title, stateMachine)), ...functions.flatMap((each) => each.rows ?? [])],
    verdict: { arrived: stateMachine.metricStarted(), finished: stateMachine.metricSucceeded(), failed: stateMachine.metricFailed() },
    logs: [{ logGroup, kind: LogKind.OTHER }, ...functions.flatMap(({ logs = [] }) => logs)],
    costs: [...functions.flatMap(({ costs = [] }) => costs), ...costMetric('Amazon CloudWatch', logUses([logGroup]))],
  };
}
