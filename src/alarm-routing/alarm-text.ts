import { AlarmSeverity, type MonitoredAlarm } from '../monitoring/monitored';

/** CloudWatch takes no longer description. */
const LONGEST_DESCRIPTION = 1_024;

/** Where a page about an alarm is, of which a name is known, or the address itself. */
export type RunbookUrl = (runbook: string) => string;

const HEADINGS: Record<AlarmSeverity, string> = {
  [AlarmSeverity.PAGE]: 'needs somebody now',
  [AlarmSeverity.TICKET]: 'needs a look in working hours',
};

/**
 * What somebody reads at night: which alarms it may be, and what to do for each. What is too long for CloudWatch loses its sentences before its
 * links, and its links before the names of its alarms.
 */
export function alarmText(title: string, severity: AlarmSeverity, alarms: readonly MonitoredAlarm[], runbookUrl: RunbookUrl): string {
  const heading = `${title} ${HEADINGS[severity]}. One of these rings, or several:`;
  const link = ({ runbook }: MonitoredAlarm) => (runbook === undefined ? '' : ` ${runbookUrl(runbook)}`);
  const text = (line: (alarm: MonitoredAlarm) => string) => [heading, ...alarms.map((alarm) => `- ${alarm.label}${line(alarm)}`)].join('\n');
  const texts = [text((alarm) => `: ${alarm.action}${link(alarm)}`), text(link), text(() => '')];
  return texts.find(({ length }) => length <= LONGEST_DESCRIPTION) ?? `${texts[2]!.slice(0, LONGEST_DESCRIPTION - 1)}…`;
}
