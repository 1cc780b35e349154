import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { cell, link, plain } from './markdown';
import { textWidget } from './text-widget';
import type { Watched } from './watched';
import { AlarmSeverity, type MonitoredAlarm } from '../monitoring/monitored';

/** Where the library's own pages are. */
export const RUNBOOKS = 'https://github.com/cdkjobworks/cdk-jobworks/blob/main/docs/runbooks/{page}.md';

/** Things whose alarm is the same are named up to here; of more, their number says enough. */
const NAMED = 4;

/** What to do for each alarm. Those of several things that mean the same stand in one line. */
export function whatToDo(things: readonly Watched[], runbooks: string): IWidget[][] {
  const lines = new Map<string, { readonly alarm: MonitoredAlarm; readonly titles: string[] }>();
  for (const { monitoring: { title, alarms = [] } } of things) {
    for (const alarm of alarms) {
      const key = JSON.stringify([alarm.label, alarm.severity, alarm.action, alarm.runbook]);
      const line = lines.get(key);
      if (line) {
        line.titles.push(title);
      } else {
        lines.set(key, { alarm, titles: [title] });
      }
    }
  }
  if (lines.size === 0) {
    return [];
  }
  const several = things.length > 1;
  const rows = [...lines.values()].map(({ alarm, titles }) => row([
    ...(several ? [ofWhat(titles)] : []),
    plain(alarm.label),
    alarm.severity === AlarmSeverity.PAGE ? 'wakes somebody' : 'working hours',
    cell(alarm.action),
    alarm.runbook === undefined ? '' : link(nameOf(alarm.runbook), addressOf(alarm.runbook, runbooks)),
  ]));
  const heads = [...(several ? ['Of'] : []), 'Alarm', 'Urgency', 'What to do', 'More'];
  const markdown = ['## What to do', '', row(heads), row(heads.map(() => '---')), ...rows].join('\n');
  return [[textWidget(markdown, { height: Math.min(2 + Math.ceil(rows.length * 0.75), 20) })]]; // a longer one is scrolled
}

/** Where an alarm's page is: below the base, in place of `{page}` where the base has that, or at an address of its own. */
export function addressOf(runbook: string, base: string): string {
  if (/^https?:\/\//i.test(runbook)) {
    return runbook;
  }
  return base.includes('{page}') ? base.replaceAll('{page}', () => runbook) : `${base.replace(/\/+$/, '')}/${runbook}`;
}

function nameOf(runbook: string): string {
  return /^https?:\/\//i.test(runbook) ? 'runbook' : runbook;
}

function ofWhat(titles: readonly string[]): string {
  return titles.length > NAMED ? `${titles.length} of them` : titles.map(plain).join(', ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
