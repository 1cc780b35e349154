import type { ObservabilityDashboardProps } from './observability-dashboard-props';
import { AlarmChannel } from '../alarm-routing/alarm-channel';
import { ENCRYPTION_KEY, PROFILE } from '../internal/common-kinds';
import {
  constructKind, durationKind, enumKind, FLAG, instanceKind, listKind, madeBy, numberKind, required, structKind, TEXT,
  type GivenOptions, type KindsOf,
} from '../internal/value-kinds';
import {
  AlarmSeverity, DashboardSection, LogKind,
  type CostMetric, type DashboardRow, type LogQuery, type MonitoredAlarm, type MonitoredLogs, type Monitoring, type VerdictMetrics,
} from '../monitoring/monitored';

export const MONITORED = constructKind(
  'IMonitored', 'monitor', 'pipeline', 'or what Monitored.fromFunction(fn), .fromQueue(queue), .fromTable(table) and the like make of a resource',
);

const TOPIC = constructKind('sns.ITopic', 'topicArn', 'topic', 'with const topic = new sns.Topic(…) or sns.Topic.fromTopicArn(…)');
const CHANNEL = madeBy(
  instanceKind('AlarmChannel', () => AlarmChannel, "AlarmChannel.email('team@example.com')", 'or .https(…), .slack(…) or .teams(…)'),
  ({ _given }: { readonly _given?: GivenOptions }) => (_given ? [_given] : []),
);

/** What kind of value each prop of a dashboard takes. */
export const DASHBOARD_KINDS: KindsOf<ObservabilityDashboardProps> = {
  monitored: listKind(MONITORED),
  dashboardName: TEXT,
  title: TEXT,
  profile: PROFILE,
  notify: listKind(CHANNEL),
  pageTopic: TOPIC,
  ticketTopic: TOPIC,
  encryptionKey: ENCRYPTION_KEY,
  runbooks: TEXT,
  defaultRange: durationKind('Duration.hours(12)', 'Duration.hours'),
  foldAfter: numberKind(6),
  savedQueries: FLAG,
  errorLines: FLAG,
  owners: FLAG,
};

const METRIC = constructKind('cloudwatch.IMetric', 'toMetricConfig', 'fn.metricInvocations()');
const LOG_GROUP = constructKind('logs.ILogGroup', 'logGroupName', 'fn.logGroup');

/** What kind of value each member of what is watched has. */
export const MONITORING = structKind<Monitoring>("{ title: 'drawings' }", {
  title: required(TEXT),
  alarms: listKind(structKind<MonitoredAlarm>("{ alarm, severity: AlarmSeverity.PAGE, label: 'failure rate', action: 'See the log.' }", {
    alarm: required(constructKind('cloudwatch.IAlarm', 'alarmArn', 'alarm', 'with const alarm = new cloudwatch.Alarm(…)')),
    severity: required(enumKind('AlarmSeverity', () => AlarmSeverity, 'PAGE')),
    label: required({ ...TEXT, write: "'failure rate'" }),
    action: required({ ...TEXT, write: "'See the log.'" }),
    runbook: TEXT,
  })),
  rows: listKind(structKind<DashboardRow>('{ section: DashboardSection.FLOW, widgets: [widget] }', {
    section: required(enumKind('DashboardSection', () => DashboardSection, 'FLOW')),
    widgets: required(listKind(constructKind('cloudwatch.IWidget', 'toJson', 'new cloudwatch.GraphWidget(…)'))),
  })),
  verdict: structKind<VerdictMetrics>('{ arrived: fn.metricInvocations() }', { arrived: METRIC, finished: METRIC, failed: METRIC, waiting: METRIC, oldest: METRIC }),
  logs: listKind(structKind<MonitoredLogs>('{ logGroup, kind: LogKind.OTHER }', {
    logGroup: required(LOG_GROUP),
    kind: required(enumKind('LogKind', () => LogKind, 'OTHER')),
  })),
  queries: listKind(structKind<LogQuery>("{ title: 'Slowest', query: 'fields @message' }", {
    title: required(TEXT),
    query: required(TEXT),
    logGroups: listKind(LOG_GROUP),
  })),
  costs: listKind(structKind<CostMetric>("{ service: 'AWS Lambda', metric }", { service: required({ ...TEXT, write: "'AWS Lambda'" }), metric: required(METRIC) })),
  dependsOn: listKind(MONITORED),
});
