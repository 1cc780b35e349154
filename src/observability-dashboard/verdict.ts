import { AlarmStatusWidget, AlarmStatusWidgetSortBy, GraphWidget, SingleValueWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { plain } from './markdown';
import { QUOTAS } from './quotas';
import { textWidget } from './text-widget';
import type { Watched } from './watched';
import { withOwnIds } from '../internal/metric-ids';
import { COLORS } from '../monitoring/colors';
import { AlarmSeverity, type MonitoredAlarm, type VerdictMetrics } from '../monitoring/monitored';

type Measure = keyof VerdictMetrics;

interface Shown {
  readonly title: string;
  readonly color: string;
}

/** What each number is called, in the order in which they stand. Sums over the range of the page … */
const SUMS: Readonly<Partial<Record<Measure, Shown>>> = {
  arrived: { title: 'Arrived', color: COLORS.arrived },
  finished: { title: 'Finished', color: COLORS.done },
  failed: { title: 'Failed', color: COLORS.failed },
};
/** … and what is so now. */
const NOW: Readonly<Partial<Record<Measure, Shown>>> = {
  waiting: { title: 'Waiting', color: COLORS.waiting },
  oldest: { title: 'Oldest waiting (s)', color: COLORS.age },
};

/** How many things stand in one row of shared graphs. */
const LISTED_TOGETHER = 25;
const FOLDED_HEIGHT = 5;
const LISTED_HEIGHT = 9;

/** The states of all alarms: those that wake somebody, then the others. */
export function alarmRows(things: readonly Watched[]): IWidget[][] {
  const alarms = things.flatMap(({ monitoring }) => monitoring.alarms ?? []);
  const widgets = [
    ...alarmWidgets('Alarms that wake somebody', alarms.filter(({ severity }) => severity === AlarmSeverity.PAGE)),
    ...alarmWidgets('Alarms for working hours', alarms.filter(({ severity }) => severity !== AlarmSeverity.PAGE)),
  ];
  return inRowsOf(2, widgets).map((row) => {
    const widths = widthsOf(row.map(({ count }) => count));
    const height = Math.max(...row.map(({ count }, index) => heightOf(count, widths[index]!)));
    return row.map(({ widget }, index) => widget(widths[index]!, height));
  });
}

/** The numbers by which one sees whether things work: a widget for each, in which every thing has its own. */
export function numberRow(things: readonly Watched[]): IWidget[] {
  const all = Object.entries({ ...SUMS, ...NOW }) as Array<[Measure, Shown]>;
  const measures = all.filter(([measure]) => things.some(({ monitoring: { verdict } }) => verdict?.[measure]));
  const height = Math.max(...measures.map(([measure]) => ofEach(things, measure).length)) > 2 ? 5 : 3;
  return measures.map(([measure, { title, color }], index) => new SingleValueWidget({
    title,
    metrics: things.length === 1 ? measured(things[0]!.monitoring.verdict!, { [measure]: { title, color } }) : ofEach(things, measure, color),
    ...(measure in SUMS ? { setPeriodToTimeRange: true } : { sparkline: true }),
    ...share(measures.length, index),
    height,
  }));
}

/** A thing in one row: its name, its numbers, and graphs that say since when they are so. */
export function foldedRow({ monitoring: { title, verdict = {} } }: Watched): IWidget[] {
  const sums = measured(verdict, SUMS);
  const now = measured(verdict, NOW);
  const only = sums.length === 0 || now.length === 0;
  const [name, number, flow, waiting, waits] = only ? [6, 6, 12, 6, 12] : [3, 6, 6, 4, 5];
  const height = FOLDED_HEIGHT;
  const leftYAxis = { min: 0, showUnits: false };
  if (sums.length + now.length === 0) {
    return [textWidget(`### ${plain(title)}`, { height: 1 })];
  }
  return [
    textWidget(`### ${plain(title)}`, { width: name, height }),
    ...(sums.length > 0 ? [
      new SingleValueWidget({ title: 'In this range', metrics: sums, setPeriodToTimeRange: true, width: number, height }),
      new GraphWidget({ title: 'Flow', left: sums, leftYAxis, width: flow, height }),
    ] : []),
    ...(now.length > 0 ? [
      new SingleValueWidget({ title: 'Now', metrics: now, width: waiting, height }),
      new GraphWidget({
        title: 'Waiting', left: measured({ waiting: verdict.waiting }, NOW), right: measured({ oldest: verdict.oldest }, NOW), leftYAxis, rightYAxis: leftYAxis, width: waits, height,
      }),
    ] : []),
  ];
}

/** Things as lines in graphs that they share, a graph for each number. */
export function listedRows(things: readonly Watched[]): IWidget[][] {
  const measures = (['arrived', 'failed', 'waiting', 'oldest'] as const);
  return inRowsOf(LISTED_TOGETHER, things).map((some) => {
    const shown = measures.filter((measure) => ofEach(some, measure).length > 0);
    return shown.map((measure, index) => new GraphWidget({
      title: ({ ...SUMS, ...NOW })[measure]!.title,
      left: ofEach(some, measure),
      leftYAxis: { min: 0, showUnits: false },
      ...share(shown.length, index),
      height: LISTED_HEIGHT,
    }));
  }).filter((row) => row.length > 0);
}

/** One number of every thing that has it, named after the thing; of one alone, in the colour of the number. */
function ofEach(things: readonly Watched[], measure: Measure, color?: string): IMetric[] {
  const having = things.flatMap(({ monitoring: { title, verdict } }, index) => {
    const metric = verdict?.[measure];
    return metric ? [{ title, metric, index }] : [];
  });
  return having.map(({ title, metric, index }) => withOwnIds(metric, `m${index}`, { label: title, ...(having.length === 1 && { color }) }));
}

/** Those of a thing's numbers that are shown together. */
function measured(verdict: VerdictMetrics, shown: Readonly<Partial<Record<Measure, Shown>>>): IMetric[] {
  return (Object.entries(shown) as Array<[Measure, Shown]>).flatMap(([measure, { title, color }]) => {
    const metric = verdict[measure];
    return metric ? [withOwnIds(metric, measure, { label: title, color })] : [];
  });
}

interface AlarmPart {
  readonly count: number;
  readonly widget: (width: number, height: number) => IWidget;
}

function alarmWidgets(title: string, alarms: readonly MonitoredAlarm[]): AlarmPart[] {
  const parts = inRowsOf(QUOTAS.alarmsOfWidget, alarms);
  return parts.map((part, index) => ({
    count: part.length,
    widget: (width, height) => new AlarmStatusWidget({
      title: parts.length > 1 ? `${title} (${index + 1} of ${parts.length})` : title,
      alarms: part.map(({ alarm }) => alarm),
      sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
      width,
      height,
    }),
  }));
}

/** Of two widgets with so many alarms: such that the page is as low as it can be, and as few places as can be stay empty. */
function widthsOf([first, second]: readonly number[]): readonly number[] {
  if (second === undefined) {
    return [QUOTAS.width];
  }
  const cost = (width: number) => {
    const [left, right] = [linesOf(first!, width), linesOf(second, QUOTAS.width - width)];
    return Math.max(left, right) * 10 + Math.abs(left - right);
  };
  const best = [12, 8, 16].reduce((before, width) => (cost(width) < cost(before) ? width : before));
  return [best, QUOTAS.width - best];
}

/** As far as one looks at once; the rest is below, and those that ring stand first. */
function heightOf(alarms: number, width: number): number {
  return Math.min(1 + Math.ceil(linesOf(alarms, width) * 0.8), 8);
}

/** An alarm's name takes a sixth of the page. */
function linesOf(alarms: number, width: number): number {
  return Math.ceil(alarms / (width / 4));
}

/** Widgets of a row that they fill together, the first ones wider where it does not come out even. */
function share(count: number, index: number): { readonly width: number } {
  return { width: Math.floor(QUOTAS.width / count) + (index < QUOTAS.width % count ? 1 : 0) };
}

function inRowsOf<T>(length: number, all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, row) => all.slice(row * length, (row + 1) * length));
}
