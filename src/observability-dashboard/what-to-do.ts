import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { cell, link, plain } from './markdown';
import { textWidget } from './text-widget';
import type { Watched } from './watched';
import { AlarmSeverity, type MonitoredAlarm } from '../monitoring/monitored';

/** In units of the page, as CloudWatch draws them: a heading, a row of a table, and each further line in it. */
const HEIGHTS = { heading: 1.3, row: 0.68, line: 0.36 } as const;
/** So many letters of what to do stand in one line of a wide page; in a narrow one the table is scrolled. */
const LETTERS = 110;
const TALLEST = 20;

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
  const several = new Set([...lines.values()].flatMap(({ titles }) => titles)).size > 1;
  const rows = [...lines.values()].map(({ alarm, titles }) => row([
    ...(several ? [ofWhat(titles)] : []),
    plain(alarm.label),
    alarm.severity === AlarmSeverity.PAGE ? 'wakes somebody' : 'working hours',
    cell(alarm.action),
    alarm.runbook === undefined ? '' : link('runbook', addressOf(alarm.runbook, runbooks)),
  ]));
  const heads = [...(several ? ['Of'] : []), 'Alarm', 'Urgency', 'What to do', 'More'];
  const markdown = ['## What to do', '', row(heads), row(heads.map(() => '---')), ...rows].join('\n');
  return [[textWidget(markdown, { height: heightOf([...lines.values()].map(({ alarm }) => alarm.action)) })]];
}

/** Where an alarm's page is: below the base, in place of `{page}` where the base has that, or at an address of its own. */
export function addressOf(runbook: string, base: string): string {
  if (/^https?:\/\//i.test(runbook)) {
    return runbook;
  }
  return base.includes('{page}') ? base.replaceAll('{page}', () => runbook) : `${base.replace(/\/+$/, '')}/${runbook}`;
}

/** Of the table of these actions. */
function heightOf(actions: readonly string[]): number {
  const further = actions.reduce((sum, action) => sum + Math.max(0, Math.ceil(action.length / LETTERS) - 1), 0);
  return Math.min(Math.ceil(HEIGHTS.heading + HEIGHTS.row * (actions.length + 1) + HEIGHTS.line * further), TALLEST);
}

function ofWhat(titles: readonly string[]): string {
  return titles.length > NAMED ? `${titles.length} of them` : titles.map(plain).join(', ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
